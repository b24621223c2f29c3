import { encodeBlock } from "@bystack/butxo";
import { expect, it } from "vitest";
import { createMempool } from "../src/index.ts";
import { createValidatorPool } from "../src/pool/index.ts";
import {
  type Branch,
  blocksOf,
  extend,
  extendMany,
  firstCoin,
  genesisBranch,
  last,
  lateClock,
  params,
  soloChain,
  split,
} from "./kit.ts";

async function* bytesOf(branches: readonly Branch[]): AsyncGenerator<Uint8Array> {
  for (const { block } of branches) yield encodeBlock(block);
}

it("follows blocks on Web Workers, and holds a mempool", async () => {
  const judge = createValidatorPool({ params, size: 2 });
  const chain = await soloChain({ judge });
  const branches = extendMany(genesisBranch(), 5);
  const tip = last(branches);
  branches.push(extend(tip, [split([firstCoin(tip)], 3)]));
  const asBytes = await soloChain({ judge });
  await asBytes.processBlocks(bytesOf(branches));
  expect(asBytes.tip.hash).toEqual(last(branches).node.hash);
  await chain.processBlocks(blocksOf(branches));
  expect(chain.tip.hash).toEqual(last(branches).node.hash);
  expect(judge.restarts).toBe(0);
  const mempool = createMempool({ chain, clock: lateClock });
  const next = split([firstCoin(last(branches))], 2);
  expect(await mempool.submit(next)).toEqual({ isOrphan: false });
  await chain.close();
  await judge.close();
});
