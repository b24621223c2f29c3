import { transactionId } from "@bystack/butxo";
import { describe, expect, it } from "vitest";
import { verifyTransactions } from "../src/index.ts";
import {
  coinsOf,
  extend,
  extendMany,
  feed,
  firstCoin,
  genesisBranch,
  last,
  soloChain,
  split,
} from "./kit.ts";

const branches = extendMany(genesisBranch(), 40);
const hashAt = (height: number) => branches[height - 1]?.node.hash ?? new Uint8Array();

describe("locator", () => {
  it("has the last ten blocks, then doubling steps, then the genesis block", async () => {
    const chain = await soloChain();
    await feed(chain, branches);
    const heights = chain.locator().map((hash) => chain.nodeByHash(hash)?.height);
    expect(heights).toEqual([40, 39, 38, 37, 36, 35, 34, 33, 32, 31, 29, 25, 17, 1, 0].map(BigInt));
  });

  it("is answered by the headers that follow", async () => {
    const chain = await soloChain();
    await feed(chain, branches);
    const side = extendMany(branches[9] ?? genesisBranch(), 2, "side");
    await feed(chain, side);
    const heights = (locator: Uint8Array[], stop: Uint8Array) =>
      chain.headersAfter(locator, stop).map(({ height }) => Number(height));
    const unknown = new Uint8Array(32);
    expect(heights([unknown, hashAt(36)], hashAt(39))).toEqual([37, 38, 39]);
    expect(heights([last(side).node.hash, hashAt(38)], hashAt(40))).toEqual([39, 40]);
    expect(heights([], hashAt(40))).toHaveLength(40);
    expect(heights([], unknown)).toEqual([]);
    expect(heights([hashAt(5)], hashAt(5))).toEqual([]);
    expect(heights([hashAt(5)], hashAt(4))).toEqual([]);
    expect(heights([hashAt(9)], last(side).node.hash)).toEqual([10, 11, 12]);
  });
});

describe("transactionProof", () => {
  it("holds against the header, and not when anything is changed", async () => {
    const chain = await soloChain();
    await feed(chain, branches);
    const parent = split([firstCoin(last(branches))], 5);
    const children = coinsOf(parent).map((coin) => split([coin], 1));
    const block = extend(last(branches), [parent, ...children]);
    await feed(chain, [block]);
    const wanted = [children[3], children[0]].flatMap((child) => child ?? []);
    const proof = await chain.transactionProof(block.node.hash, [
      ...wanted.map(transactionId),
      new Uint8Array(32),
    ]);
    if (proof === undefined) throw new Error("no proof");
    expect(proof.transactions).toEqual(wanted.toReversed());
    expect(verifyTransactions(proof)).toBe(true);
    expect(verifyTransactions({ ...proof, statusFailed: [true, false] })).toBe(false);
    expect(verifyTransactions({ ...proof, transactions: wanted })).toBe(false);
    expect(await chain.transactionProof(new Uint8Array(32), [])).toBeUndefined();
  });
});
