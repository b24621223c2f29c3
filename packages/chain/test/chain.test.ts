import { type Block, toHex } from "@bystack/butxo";
import { describe, expect, it } from "vitest";
import type { TipChange } from "../src/index.ts";
import {
  btmOutput,
  doubleSpend,
  extend,
  extendMany,
  feed,
  firstCoin,
  genesisBranch,
  last,
  lateClock,
  soloChain,
  spendOf,
  split,
  transactionOf,
} from "./kit.ts";

const genesis = genesisBranch();
const main = extendMany(genesis, 5);
const tip = last(main);

describe("processBlock", () => {
  it("follows blocks in order", async () => {
    const chain = await soloChain();
    await feed(chain, main);
    expect(chain.tip.hash).toEqual(tip.node.hash);
    expect(chain.nodeAt(2n)?.hash).toEqual(main[1]?.node.hash);
    expect(chain.nodeAt(6n)).toBeUndefined();
  });

  it("keeps orphans until their parent comes", async () => {
    const chain = await soloChain();
    for (const { block } of main.toReversed().slice(0, -1))
      expect(await chain.processBlock(block)).toEqual({ isOrphan: true });
    expect(chain.tip.height).toBe(0n);
    await feed(chain, main.slice(0, 1));
    expect(chain.tip.hash).toEqual(tip.node.hash);
  });

  it("forgets orphans after an hour and the oldest of more than 256", async () => {
    let now = lateClock.now();
    const chain = await soloChain({ clock: { now: () => now } });
    const [first, second, third] = main;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    await feed(chain, [second]);
    now += 60 * 60 * 1000;
    await feed(chain, [third]);
    expect(await chain.processBlock(second.block)).toEqual({ isOrphan: true });
    const many = Array.from({ length: 256 }, (_, i) => extend(first, [], `${i}`));
    await feed(chain, many);
    await feed(chain, [first]);
    expect(chain.nodeByHash(second.node.hash)).toBeUndefined();
    expect(chain.tip.height).toBe(2n);
  });

  it("connects no orphan whose hour is over, and takes it anew", async () => {
    let now = lateClock.now();
    const chain = await soloChain({ clock: { now: () => now } });
    const [first, second, third] = main;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    await feed(chain, [third]);
    now += 60 * 60 * 1000 - 1;
    await feed(chain, [second]);
    now += 1;
    // The third is forgotten, the second waits since a moment ago.
    await feed(chain, [first]);
    expect(chain.tip.height).toBe(2n);
    await feed(chain, [third]);
    expect(chain.tip.height).toBe(3n);
  });

  it("says which rule a block breaks, and where, and keeps nothing of it", async () => {
    const chain = await soloChain();
    await feed(chain, main);
    const { block, node } = extend(tip, [split([firstCoin(tip)], 1)]);
    const bad: Block = { ...block, header: { ...block.header, timestamp: 1n } };
    await expect(chain.processBlock(bad)).rejects.toMatchObject({
      name: "ChainError",
      code: "invalid-block",
      facts: { height: 6n },
      cause: { code: "block-timestamp-is-not-in-the-valid-range" },
    });
    const [coinbase, spend] = block.transactions;
    if (coinbase === undefined || spend === undefined) throw new Error();
    const unsigned = transactionOf(
      [spendOf({ ...firstCoin(tip), program: Uint8Array.of(0x00, 0x14, ...new Uint8Array(20)) })],
      [btmOutput(1n)],
    );
    const invalid = { ...block, transactions: [coinbase, spend, unsigned] };
    await expect(chain.processBlock(invalid)).rejects.toMatchObject({
      cause: { code: "data-stack-underflow", facts: { transactionIndex: 2, inputIndex: 0 } },
    });
    expect(chain.nodeByHash(node.hash)).toBeUndefined();
    await chain.processBlock(block);
    expect(chain.tip.hash).toEqual(node.hash);
  });

  it("keeps a block that cannot join, and says nothing the second time", async () => {
    const chain = await soloChain();
    await feed(chain, main);
    const { first, second } = doubleSpend(tip);
    await feed(chain, [first]);
    const digest = await chain.utxoDigest();
    await expect(chain.processBlock(second.block)).rejects.toMatchObject({
      code: "utxo-has-been-spent",
      facts: { height: 7n, transactionIndex: 1 },
    });
    expect(await chain.processBlock(second.block)).toEqual({ isOrphan: false });
    expect(chain.tip.hash).toEqual(first.node.hash);
    expect(chain.nodeByHash(second.node.hash)).toBeDefined();
    expect(await chain.utxoDigest()).toEqual(digest);
  });

  it("reorganizes to the longer branch and back, by one announcement each", async () => {
    const chain = await soloChain();
    const changes: TipChange[] = [];
    await feed(chain, main);
    const digest = await chain.utxoDigest();
    chain.onTip((change) => changes.push(change));
    const side = extendMany(main[1] ?? genesis, 4, "side");
    await feed(chain, side);
    expect(toHex(chain.tip.hash)).toBe(toHex(last(side).node.hash));
    expect(changes.map(({ detached, attached }) => [detached.length, attached.length])).toEqual([
      [3, 4],
    ]);
    const longer = extendMany(tip, 2);
    await feed(chain, longer);
    expect(chain.tip.height).toBe(7n);
    const same = await soloChain();
    await feed(same, [...main, ...longer]);
    expect(await chain.utxoDigest()).toEqual(await same.utxoDigest());
    expect(await chain.utxoDigest()).not.toEqual(digest);
  });

  it("stores blocks whose text is longer than a value may be", async () => {
    const chain = await soloChain();
    const { block } = extend(genesis);
    const [coinbase] = block.transactions;
    if (coinbase?.outputs[0]?.type !== "output") throw new Error();
    // A coinbase does not pay for its bytes, so a block may have any length.
    const padded = {
      ...coinbase,
      inputs: coinbase.inputs.map((input) => ({
        ...input,
        witnessSuffix: new Uint8Array(9 * 2 ** 20).fill(7),
      })),
    };
    await chain.processBlock({ ...block, transactions: [padded] });
    const { hash } = chain.tip;
    // The chain keeps the latest blocks in memory.
    for (let i = 0; i < 9; i++) await feed(chain, [extend(genesis, [], `${i}`)]);
    const found = await chain.block(hash);
    expect(found?.block.transactions[0]?.inputs[0]?.witnessSuffix.length).toBe(9 * 2 ** 20);
  });
});
