import { expect, it } from "vitest";
import { createMempool } from "../src/index.ts";
import { createValidatorPool } from "../src/pool/index.ts";
import {
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

it("follows blocks on Web Workers, and holds a mempool", async () => {
  const judge = createValidatorPool({ params, size: 2 });
  const chain = await soloChain({ judge });
  const branches = extendMany(genesisBranch(), 5);
  const tip = last(branches);
  branches.push(extend(tip, [split([firstCoin(tip)], 3)]));
  await chain.processBlocks(blocksOf(branches));
  expect(chain.tip.hash).toEqual(last(branches).node.hash);
  expect(judge.restarts).toBe(0);
  const mempool = createMempool({ chain, clock: lateClock });
  const next = split([firstCoin(last(branches))], 2);
  expect(await mempool.submit(next)).toEqual({ isOrphan: false });
  await chain.close();
  await judge.close();
});
