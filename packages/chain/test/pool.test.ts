import { mapTransaction } from "@bystack/butxo";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createValidatorPool, type StartWorker } from "../src/pool/index.ts";
import { decodeJob, encodeJob } from "../src/pool/job-codec.ts";
import { Pages } from "../src/pool/pages.ts";
import { decodeResult, encodeResult } from "../src/pool/result-codec.ts";
import { AdaptiveSize } from "../src/pswv/adaptive-size.ts";
import {
  coinsOf,
  extend,
  extendMany,
  FEE,
  feed,
  firstCoin,
  genesisBranch,
  last,
  params,
  soloChain,
  split,
} from "./kit.ts";

const tip = last(extendMany(genesisBranch(), 6));
const parent = split([firstCoin(tip)], 40);
const { block } = extend(tip, [parent, ...coinsOf(parent).map((coin) => split([coin], 1))]);
const go = { aborted: false };

describe("job codec", () => {
  it("carries transactions with their sizes as received", () => {
    const [first, second] = block.transactions;
    if (first === undefined || second === undefined) throw new Error();
    const { dialect, version, timeRange, inputs, outputs } = second;
    const padded = { dialect, version, timeRange, inputs, outputs, serializedSize: 777 };
    const job = decodeJob(encodeJob({ ...block, transactions: [first, padded] }, 1, 2));
    expect(job).toMatchObject({ blockVersion: 1n, blockHeight: 7n, firstIndex: 1 });
    expect(job.transactions[0]?.serializedSize).toBe(777);
    expect(job.transactions.map((transaction) => mapTransaction(transaction).id)).toEqual([
      mapTransaction(second).id,
    ]);
  });

  it("carries judgments", () => {
    const u64 = fc.bigInt(0n, 2n ** 64n - 1n);
    const id = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const isBtm = fc.boolean();
    const changes = fc.record({
      id,
      spends: fc.array(fc.record({ id, isBtm })),
      results: fc.array(fc.record({ id, isBtm, isRetirement: fc.boolean(), amount: u64 })),
    });
    const judgment = fc.record({
      statusFailed: fc.boolean(),
      btmValue: u64,
      gasUsed: u64,
      changes,
    });
    fc.assert(
      fc.property(fc.array(fc.option(judgment, { nil: undefined })), (judgments) => {
        expect(decodeResult(encodeResult(judgments))).toEqual(judgments);
      }),
    );
  });
});

describe("Pages", () => {
  it("uses pages again and refuses when all are full", () => {
    const pages = new Pages();
    const job = new Uint8Array(3 * 2 ** 20);
    const places = Array.from({ length: 33 }, () => pages.place(job));
    expect(places.slice(0, 32).every((place) => place !== undefined)).toBe(true);
    expect(places[32]).toBeUndefined();
    places[3]?.free();
    expect(pages.place(job)?.buffer).toBe(places[3]?.buffer);
    const small = Array.from({ length: 3 }, () => pages.place(new Uint8Array(100)));
    expect(new Set(small.map((place) => place?.offset)).size).toBe(3);
  });

  it("moves what is larger than a page", () => {
    const job = new Uint8Array(5 * 2 ** 20);
    expect(new Pages().place(job)).toMatchObject({ buffer: job.buffer, transfer: [job.buffer] });
  });
});

describe("createValidatorPool", () => {
  it("judges on worker threads, in slices", async () => {
    const pool = createValidatorPool({ params, size: 2 });
    const judgments = await pool.judge(block, go);
    expect(judgments).toHaveLength(42);
    expect(judgments[1]).toMatchObject({ statusFailed: false, btmValue: 10_000_000n });
    expect(judgments.every((judgment) => judgment !== undefined)).toBe(true);
    expect(pool.idleShare).toBe(1);
    await pool.close();
    expect((await pool.judge(block, go)).every((judgment) => judgment === undefined)).toBe(true);
  });

  it("leaves everything to the chain without workers, and what was given up", async () => {
    expect(await createValidatorPool({ params, size: 0 }).judge(block, go)).toEqual([]);
    const pool = createValidatorPool({ params, size: 1, startWorker: mute });
    const waiting = [1, 2, 3].map(() => pool.judge(block, { aborted: true }));
    for (const judgments of await Promise.all(waiting))
      expect(judgments.every((judgment) => judgment === undefined)).toBe(true);
    const stuck = pool.judge(block, go);
    expect(pool.idleShare).toBe(0);
    await pool.close();
    expect((await stuck)[0]).toBeUndefined();
  });

  it("leaves to the chain what cannot be encoded", async () => {
    const pool = createValidatorPool({ params, size: 1, startWorker: mute });
    const [first] = block.transactions;
    if (first === undefined) throw new Error();
    const odd = { ...first, version: -1n };
    expect(await pool.judge({ ...block, transactions: [odd] }, go)).toEqual([undefined]);
    await pool.close();
  });

  it("replaces a worker that does not answer, and gives up after three", async () => {
    vi.useFakeTimers();
    try {
      const pool = createValidatorPool({ params, size: 1, startWorker: mute });
      for (let i = 0; i < 3; i++) {
        const judged = pool.judge(block, go);
        await vi.advanceTimersByTimeAsync(30_000);
        expect((await judged)[0]).toBeUndefined();
      }
      expect(pool.restarts).toBe(3);
      expect((await pool.judge(block, go))[0]).toBeUndefined();
      await pool.close();
    } finally {
      vi.useRealTimers();
    }
  });
});

it("spreads a large block that comes alone, and gives the same error", async () => {
  const pool = createValidatorPool({ params, size: 2 });
  const judge = { judge: vi.fn(pool.judge.bind(pool)), idleShare: 0 };
  const wide = split([firstCoin(tip)], 130);
  const coins = coinsOf(wide);
  const good = extend(tip, [wide, ...coins.map((coin) => split([coin], 1, FEE / 10n))]);
  const [first] = coins;
  if (first === undefined) throw new Error("no coins");
  const unsigned = { ...first, program: Uint8Array.of(0x00, 0x14, ...new Uint8Array(20)) };
  const bad = extend(tip, [
    wide,
    ...coins.map((coin) => split([coin], 1, FEE / 10n)),
    split([unsigned], 1, FEE / 10n),
  ]);
  const chain = await soloChain({ judge });
  await feed(chain, extendMany(genesisBranch(), 6));
  expect(judge.judge).not.toHaveBeenCalled();
  await expect(chain.processBlock(bad.block)).rejects.toMatchObject({
    cause: { code: "data-stack-underflow", facts: { transactionIndex: 132 } },
  });
  await chain.processBlock(good.block);
  expect(judge.judge).toHaveBeenCalledTimes(2);
  expect(chain.tip.hash).toEqual(good.node.hash);
  await pool.close();
});

const mute: StartWorker = () => ({ post() {}, close() {} });

describe("AdaptiveSize", () => {
  it("grows when workers wait, shrinks at the limit, and is careful after a failure", () => {
    const size = new AdaptiveSize();
    const commit = (idle: number) => {
      for (let i = 0; i < 8; i++) size.noteCommit(idle);
    };
    expect(size.blocks).toBe(16);
    commit(0.1);
    expect(size.blocks).toBe(16);
    commit(0.5);
    expect(size.blocks).toBe(24);
    for (let i = 0; i < 20; i++) commit(1);
    expect(size.blocks).toBe(512);
    size.noteLimit();
    commit(1);
    expect(size.blocks).toBe(256);
    size.noteFailure();
    expect(size.blocks).toBe(1);
    commit(1);
    expect(size.blocks).toBe(256);
  });

  it("shrinks when more than a tenth of the work was in vain", () => {
    const size = new AdaptiveSize();
    const commit = (given: number, discarded: number) => {
      for (let i = 0; i < 8; i++) size.noteCommit(1, { given, discarded });
    };
    commit(90, 10);
    expect(size.blocks).toBe(24);
    commit(170, 20);
    expect(size.blocks).toBe(12);
    commit(270, 20);
    expect(size.blocks).toBe(18);
  });
});
