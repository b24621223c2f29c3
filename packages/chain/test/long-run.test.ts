import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toHex } from "@bystack/butxo";
import { openLevel } from "@bystack/storage/level";
import { expect, it } from "vitest";
import { checkStore } from "../src/index.ts";
import { generatedBlocks } from "./generated-chain.ts";
import { params, soloChain } from "./kit.ts";

/** `pnpm --filter @bystack/chain run long-run` is the long version, which measures. */
const BLOCKS = 60;

it(`takes ${BLOCKS} blocks of signed transactions through LevelDB and opens again`, async () => {
  const folder = await mkdtemp(join(tmpdir(), "bystack-long-"));
  const chain = await soloChain({ storage: await openLevel(folder) });
  expect(await chain.processBlocks(generatedBlocks(BLOCKS, 5))).toBe(BLOCKS);
  const tip = toHex(chain.tip.hash);
  const digest = await chain.utxoDigest();
  await chain.close();
  const again = await soloChain({ storage: await openLevel(folder) });
  expect(toHex(again.tip.hash)).toBe(tip);
  expect(await again.utxoDigest()).toEqual(digest);
  await again.close();
  const storage = await openLevel(folder);
  expect(await checkStore({ storage, params })).toEqual([]);
  await storage.close();
  await rm(folder, { recursive: true });
});
