import { afterEach, describe, expect, it } from "vitest";
import { p1Kernel } from "../src/index.ts";
import type { BlockTemplate } from "../src/mining/index.ts";
import {
  createMiner,
  createTensorityPool,
  type PoolOptions,
  type TensorityPool,
  type WebWorker,
  type Work,
} from "../src/pool/index.ts";
import { createService } from "../src/pool/service.ts";
import { vnKernel } from "../src/relaxed/index.ts";
import { numberOf, recorded } from "./vectors.ts";

const pools: TensorityPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.close())));

function open(size: number, options: Partial<PoolOptions> = {}): TensorityPool {
  const pool = createTensorityPool({ size, kernels: [p1Kernel], maxSeeds: 1, ...options });
  pools.push(pool);
  return pool;
}

const cases = recorded(1, 5);
const [first] = cases;
if (first === undefined) throw new Error("there are no vectors");
const { seed } = first;

/** Nonces name the recorded header hashes. */
const work: Work = {
  seed,
  headerHash: (nonce) => cases[Number(nonce)]?.headerHash ?? new Uint8Array(32),
};
const values = cases.map(({ hash }) => numberOf(hash));
const [lowest = 0n] = values.toSorted((a, b) => (a < b ? -1 : 1));

describe.each([0, 2])("pool of %i workers", (size) => {
  it("hashes, verifies, mines and reports", async () => {
    const pool = open(size);
    await pool.prepare(seed);
    const hashes = await Promise.all(cases.map(({ headerHash }) => pool.hash(headerHash, seed)));
    expect(hashes).toEqual(cases.map(({ hash }) => hash));

    const claims = cases.slice(0, 3).flatMap(({ headerHash, hash }) => [
      { headerHash, seed, target: numberOf(hash) },
      { headerHash, seed, target: numberOf(hash) - 1n },
    ]);
    const verdicts = await pool.verifyMany(claims);
    expect(verdicts).toEqual([true, false, true, false, true, false]);

    const progress: bigint[] = [];
    const lastNonce = BigInt(cases.length - 1);
    const found = await pool.mine(work, lowest, {
      lastNonce,
      onProgress: ({ hashes }) => progress.push(hashes),
    });
    expect(found?.nonce).toBe(BigInt(values.indexOf(lowest)));
    expect(found && numberOf(found.hash)).toBe(lowest);
    expect(progress.at(-1)).toBe(BigInt(progress.length));
    expect(await pool.mine(work, lowest - 1n, { lastNonce: 1n })).toBeUndefined();

    expect(pool.status()).toMatchObject({ kernel: "p1", waiting: 0, restarts: 0 });
    expect(pool.status().memoryBytes).toBe(0x2100000 * Math.max(1, size));
  });
});

describe("pool", () => {
  it("refuses wrong lengths before it asks a worker", async () => {
    const pool = open(0);
    const short = new Uint8Array(31);
    await expect(pool.hash(short, seed)).rejects.toMatchObject({ code: "wrong-length" });
    await expect(pool.hash(seed, short)).rejects.toMatchObject({ code: "wrong-length" });
    await expect(pool.prepare(short)).rejects.toMatchObject({ code: "wrong-length" });
  });

  it("says when no kernel runs", async () => {
    const source = { name: "vn", wasm: "AGFzbQ==", isPortable: false, memoryBytes: 0 } as const;
    const pool = open(1, { kernels: [{ ...vnKernel, source }] });
    await expect(pool.hash(seed, seed)).rejects.toMatchObject({ code: "kernel-unavailable" });
    await expect(pool.prepare(seed)).rejects.toMatchObject({ code: "kernel-unavailable" });
  });

  it("stops a search when its signal is aborted, and takes no more nonces", async () => {
    const pool = open(0);
    const stop = new AbortController();
    const tried: bigint[] = [];
    const endless: Work = {
      seed,
      headerHash(nonce) {
        tried.push(nonce);
        return work.headerHash(nonce);
      },
    };
    const search = pool.mine(endless, -1n, {
      signal: stop.signal,
      onProgress: ({ hashes }) => {
        if (hashes === 2n) stop.abort(new Error("enough"));
      },
    });
    await expect(search).rejects.toThrow("enough");
    expect(tried).toEqual([0n, 1n, 2n]);
  });

  it("stops taking claims when one of them is unreadable", async () => {
    const pool = open(0);
    let taken = 0;
    function* claims() {
      for (; taken < 100; taken++)
        yield { headerHash: new Uint8Array(taken === 1 ? 1 : 32), seed, target: 0n };
    }
    await expect(pool.verifyMany(claims())).rejects.toMatchObject({ code: "wrong-length" });
    await pool.close();
    expect(taken).toBeLessThan(5);
  });

  it("answers jobs that a crash interrupts", async () => {
    const pool = open(1, { createWorker: createFlakyWorker() });
    expect(await pool.hash(first.headerHash, seed)).toEqual(first.hash);
    expect(pool.status().restarts).toBe(1);
  });

  it("leaves no job open when it closes", async () => {
    const pool = open(1);
    const jobs = cases.map(({ headerHash }) => pool.hash(headerHash, seed));
    const outcomes = Promise.allSettled(jobs);
    await pool.close();
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "pool-closed" } });
  });
});

describe("miner", () => {
  const template: BlockTemplate = {
    header: {
      version: 1n,
      height: 1n,
      previousBlockHash: new Uint8Array(32),
      timestamp: 1n,
      transactionMerkleRoot: new Uint8Array(32),
      transactionStatusHash: new Uint8Array(32),
      seal: { type: "proof-of-work", nonce: 0n, bits: 1n },
    },
    seed,
  };

  it("mines block after block until it is stopped", async () => {
    const solved: bigint[] = [];
    const announced: bigint[] = [];
    const errors: unknown[] = [];
    const miner = createMiner({
      pool: open(0),
      createTemplate: async () => template,
      headerHash: ({ seal }) => work.headerHash(seal.nonce),
      targetFromBits: () => values[1] ?? 0n,
      processBlock: async ({ header }) => {
        solved.push(header.seal.nonce);
        return "connected";
      },
      announceBlock: ({ header }) => {
        announced.push(header.seal.nonce);
        if (announced.length === 2) void miner.stop();
      },
      onError: (error) => errors.push(error),
    });
    expect(miner.isMining).toBe(false);
    miner.start();
    miner.start();
    expect(miner.isMining).toBe(true);
    while (miner.isMining) await new Promise((resolve) => setTimeout(resolve, 5));
    await miner.stop();
    const lucky = BigInt(values.findIndex((hash) => hash <= (values[1] ?? 0n)));
    expect(solved).toEqual([lucky, lucky]);
    expect(announced).toEqual(solved);
    expect(errors).toEqual([]);
  });

  it("takes a new template when the tip changes, and gives up at once when stopped", async () => {
    let templates = 0;
    const miner = createMiner({
      pool: open(0),
      createTemplate: async () => {
        templates++;
        return template;
      },
      headerHash: () => new Uint8Array(32),
      targetFromBits: () => -1n,
      processBlock: async () => "connected",
      announceBlock: () => {},
      onError: () => {},
      onProgress: () => {
        if (templates === 1) miner.renew();
        else void miner.stop();
      },
    });
    miner.start();
    while (miner.isMining) await new Promise((resolve) => setTimeout(resolve, 5));
    await miner.stop();
    expect(templates).toBe(2);
  });

  it("reports an error and goes on until it is stopped", async () => {
    const errors: unknown[] = [];
    const miner = createMiner({
      pool: open(0),
      createTemplate: () => Promise.reject(new Error("no tip")),
      headerHash: () => new Uint8Array(32),
      targetFromBits: () => 0n,
      processBlock: async () => "connected",
      announceBlock: () => {},
      onError: (error) => {
        errors.push(error);
        queueMicrotask(() => void miner.stop());
      },
    });
    miner.start();
    while (miner.isMining) await new Promise((resolve) => setTimeout(resolve, 5));
    await miner.stop();
    expect(errors).toMatchObject([{ message: "no tip" }]);
  });
});

/** Makes workers of which the first dies of its first hash. */
function createFlakyWorker(): () => WebWorker {
  let made = 0;
  return () => {
    const service = createService();
    const isDoomed = made++ === 0;
    const worker: WebWorker = {
      onmessage: null,
      onerror: null,
      onmessageerror: null,
      postMessage: (request) =>
        void setTimeout(() => {
          if (isDoomed && request.type === "hash") worker.onerror?.({ message: "out of memory" });
          else worker.onmessage?.({ data: service(request) });
        }),
      terminate: () => {},
    };
    return worker;
  };
}
