import { encodeBlock } from "@bystack/butxo";
import { expect, it } from "vitest";
import { createMempool } from "../src/index.ts";
import { createValidatorPool } from "../src/pool/index.ts";
import { signedPair } from "./edge-signatures.ts";
import {
  type Branch,
  coinsOf,
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
import { reversingPool } from "./pools.ts";

/** A clock on which each look takes a millisecond. */
const ticking = () => {
  let ms = lateClock.now();
  return { now: () => ms++ };
};

async function* bytesOf(branches: readonly Branch[]): AsyncGenerator<Uint8Array> {
  for (const { block } of branches) yield encodeBlock(block);
}

const base = extendMany(genesisBranch(), 4);
const parent = split([firstCoin(last(base))], 3);
const branches = [...base, extend(last(base), [parent])];
branches.push(
  extend(
    last(branches),
    coinsOf(parent).map((coin) => split([coin], 1)),
  ),
);

it("is all zero in the beginning", async () => {
  const chain = await soloChain();
  expect(chain.metrics()).toEqual({
    windowBlocks: 16,
    blocks: 0,
    commits: 0,
    commitsPerSecond: 0,
    stageMs: { headers: 0, judgments: 0, prefetch: 0, blocks: 0, commits: 0 },
    poolUtilization: undefined,
    prefetchHitRatio: undefined,
    signatureCacheHitRatio: undefined,
    jobs: 0,
    discardedJobs: 0,
  });
});

it("counts blocks, writes, jobs and reads of an import", async () => {
  const judge = reversingPool(1);
  const chain = await soloChain({ judge, clock: ticking() });
  expect(await chain.processBlocks(bytesOf(branches), { commitGroup: 3 })).toBe(6);
  const metrics = chain.metrics();
  expect(metrics).toMatchObject({ windowBlocks: 16, blocks: 6, jobs: 6, discardedJobs: 0 });
  // Groups are also written when they have waited long enough, and this clock runs fast.
  expect(metrics.commits).toBeGreaterThanOrEqual(2);
  expect(metrics.commitsPerSecond).toBeGreaterThan(0);
  for (const ms of Object.values(metrics.stageMs)) expect(ms).toBeGreaterThan(0);
  expect(metrics.prefetchHitRatio).toBe(1);
  expect(metrics.poolUtilization).toBeGreaterThanOrEqual(0);
  await judge.close();
});

it("counts the jobs that a failure made useless", async () => {
  const judge = createValidatorPool({
    params,
    size: 1,
    startWorker: () => ({ post() {}, close() {} }),
  });
  const signal = { aborted: false };
  const [first] = branches;
  if (first === undefined) throw new Error("no blocks");
  const judged = Array.from({ length: 5 }, () => judge.judge(first.block, signal));
  signal.aborted = true;
  judged.push(judge.judge(first.block, signal));
  await judge.close();
  await Promise.all(judged);
  expect(judge.jobs).toEqual({ given: 2, discarded: 4 });
});

it("tells how often a signature was known from the mempool", async () => {
  const chain = await soloChain();
  await chain.processBlocks(bytesOf(base));
  const mempool = createMempool({ chain, clock: lateClock });
  const pair = signedPair(firstCoin(last(base)), "ordinary");
  for (const transaction of pair) await mempool.submit(transaction);
  await chain.processBlocks(bytesOf([extend(last(base), pair)]));
  expect(chain.metrics().signatureCacheHitRatio).toBe(1);
  mempool.close();
});
