import { describe, expect, it } from "vitest";
import {
  type BlockFate,
  type BlockTemplate,
  createTemplateHolder,
  getWork,
  getWorkJson,
  type HeaderText,
  networkHashRate,
  submitWork,
  submitWorkJson,
  type TemplateHolder,
  type WorkHeader,
} from "../src/mining/index.ts";

const hash = (value: number) => new Uint8Array(32).fill(value);

/** A chain of empty blocks that accepts the nonces it is told to. */
class Chain {
  nowSeconds = 1_000n;
  fate: BlockFate = "connected";
  readonly blocks: WorkHeader[] = [];
  readonly announced: WorkHeader[] = [];
  readonly holder: TemplateHolder<BlockTemplate> = createTemplateHolder({
    createTemplate: async () => ({ header: this.next(), seed: hash(7) }),
    processBlock: async ({ header }) => {
      if (header.seal.nonce % 2n === 0n) throw new Error("too little work");
      if (this.fate === "connected") this.blocks.push(header);
      return this.fate;
    },
    announceBlock: ({ header }) => void this.announced.push(header),
    nowSeconds: () => this.nowSeconds,
  });

  next(): WorkHeader {
    return {
      version: 1n,
      height: BigInt(this.blocks.length + 1),
      previousBlockHash: hash(this.blocks.length),
      timestamp: this.nowSeconds,
      transactionMerkleRoot: hash(0xaa),
      transactionStatusHash: hash(0xbb),
      seal: { type: "proof-of-work", nonce: 0n, bits: 2305843009214532812n },
    };
  }
}

/** Not the ledger's codec: only what the calls must carry through. */
const headerText: HeaderText<BlockTemplate> = {
  format: ({ seal }) => `01${seal.nonce.toString(16)}`,
  parse: (text) => {
    if (!text.startsWith("01")) throw new Error("unsupported flag");
    const header = new Chain().next();
    return { ...header, seal: { ...header.seal, nonce: BigInt(`0x${text.slice(2)}`) } };
  },
};

describe("template holder", () => {
  it("has no work before its first template", async () => {
    const { holder } = new Chain();
    expect(() => holder.work()).toThrow(expect.objectContaining({ code: "no-template" }));
    const solution = { previousBlockHash: hash(0), timestamp: 1n, nonce: 1n };
    await expect(holder.submit(solution)).rejects.toMatchObject({ code: "no-template" });
  });

  it("gives the same work within a second and moves its timestamp with the clock", async () => {
    const chain = new Chain();
    await chain.holder.refresh();
    expect(chain.holder.work()).toEqual(chain.holder.work());
    chain.nowSeconds = 1_001n;
    expect(chain.holder.work().header.timestamp).toBe(1_001n);
  });

  it("processes the held header with the solution's timestamp and nonce, then moves on", async () => {
    const chain = new Chain();
    await chain.holder.refresh();
    await chain.holder.submit({ previousBlockHash: hash(0), timestamp: 990n, nonce: 5n });
    expect(chain.blocks).toEqual(chain.announced);
    expect(chain.blocks[0]).toMatchObject({ height: 1n, timestamp: 990n, seal: { nonce: 5n } });
    expect(chain.holder.work().header).toMatchObject({ height: 2n, seal: { nonce: 0n } });
  });

  it("keeps a refused nonce", async () => {
    const chain = new Chain();
    await chain.holder.refresh();
    const solution = { previousBlockHash: hash(0), timestamp: 1_000n, nonce: 4n };
    await expect(chain.holder.submit(solution)).rejects.toThrow("too little work");
    expect(chain.holder.work().header.seal.nonce).toBe(4n);
    expect(chain.announced).toEqual([]);
  });

  it("refuses work on another block, and a block that does not connect", async () => {
    const chain = new Chain();
    await chain.holder.refresh();
    const stale = { previousBlockHash: hash(9), timestamp: 1_000n, nonce: 1n };
    await expect(chain.holder.submit(stale)).rejects.toMatchObject({ code: "template-changed" });
    chain.fate = "orphan";
    const orphan = { ...stale, previousBlockHash: hash(0) };
    await expect(chain.holder.submit(orphan)).rejects.toMatchObject({ code: "orphan-block" });
  });

  it("handles solutions one after another, and 50 waiting at most", async () => {
    const chain = new Chain();
    await chain.holder.refresh();
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, (_, i) =>
        chain.holder.submit({ previousBlockHash: hash(0), timestamp: 1_000n, nonce: BigInt(i) }),
      ),
    );
    const codes = results.map((result) => (result.status === "rejected" ? result.reason.code : ""));
    expect(chain.blocks.map(({ seal }) => seal.nonce)).toEqual([1n]);
    expect(codes.filter((code) => code === "queue-full")).toHaveLength(10);
    expect(codes.filter((code) => code === "template-changed")).toHaveLength(48);
  });

  it("holds the template of the refresh that began last", async () => {
    const answers: ((height: bigint) => void)[] = [];
    const template = (height: bigint) => ({
      header: { ...new Chain().next(), height },
      seed: hash(0),
    });
    const holder = createTemplateHolder<BlockTemplate>({
      createTemplate: () =>
        new Promise((resolve) => answers.push((height) => resolve(template(height)))),
      processBlock: async () => "connected",
      announceBlock: () => {},
      nowSeconds: () => 0n,
    });
    const refreshes = [holder.refresh(), holder.refresh()];
    answers[1]?.(2n);
    answers[0]?.(1n);
    await Promise.all(refreshes);
    expect(holder.work().header.height).toBe(2n);
  });
});

describe("calls", () => {
  it("give the header as text or as JSON, with the seed", async () => {
    const { holder } = new Chain();
    await holder.refresh();
    const seed = "07".repeat(32);
    expect(getWork(holder, headerText)).toEqual({ block_header: "010", seed });
    expect(getWorkJson(holder)).toEqual({
      block_header: {
        version: 1n,
        height: 1n,
        previous_block_hash: "00".repeat(32),
        timestamp: 1_000n,
        nonce: 0n,
        bits: 2305843009214532812n,
        block_commitment: {
          transaction_merkle_root: "aa".repeat(32),
          transaction_status_hash: "bb".repeat(32),
        },
      },
      seed,
    });
  });

  it("take a header as text or as JSON", async () => {
    const chain = new Chain();
    await chain.holder.refresh();
    expect(await submitWork(chain.holder, headerText, { block_header: "013" })).toBe(true);
    const block_header = { previous_block_hash: "01".repeat(32), timestamp: 1_000n, nonce: 9n };
    expect(await submitWorkJson(chain.holder, { block_header })).toBe(true);
    expect(chain.blocks.map(({ seal }) => seal.nonce)).toEqual([3n, 9n]);
  });

  it("refuse what is missing or unreadable", async () => {
    const { holder } = new Chain();
    await holder.refresh();
    const empty = { code: "empty-submission" };
    await expect(submitWork(holder, headerText, {})).rejects.toMatchObject(empty);
    await expect(submitWorkJson(holder, {})).rejects.toMatchObject(empty);
    const unreadable = { code: "unreadable-header" };
    const text = { block_header: "02" };
    await expect(submitWork(holder, headerText, text)).rejects.toMatchObject(unreadable);
    const json = { block_header: { previous_block_hash: "no hex" } };
    await expect(submitWorkJson(holder, json)).rejects.toMatchObject(unreadable);
    await expect(submitWorkJson(holder, { block_header: {} })).rejects.toMatchObject({
      code: "template-changed",
    });
  });

  it("give the hash rate by work and time", () => {
    expect(networkHashRate(100n, 3n)).toBe(33n);
    expect(networkHashRate(100n, 0n)).toBe(100n);
    expect(networkHashRate(100n, -5n)).toBe(100n);
    expect(networkHashRate(2n ** 64n + 5n, 1n)).toBe(5n);
  });
});
