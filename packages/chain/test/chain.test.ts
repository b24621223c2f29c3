import { type Block, bytomWisdom, toHex } from "@bystack/butxo";
import { openMemory } from "@bystack/storage";
import { describe, expect, it, vi } from "vitest";
import { ChainError, checkStore, openChain, repairStore, type TipChange } from "../src/index.ts";
import {
  blocksOf,
  btmOutput,
  engine,
  extend,
  extendMany,
  feed,
  firstCoin,
  genesisBranch,
  last,
  lateClock,
  params,
  soloChain,
  spendOf,
  split,
  transactionOf,
} from "./kit.ts";

const genesis = genesisBranch();
const main = extendMany(genesis, 5);
const tip = last(main);

/** A block whose transaction spends what another of the same branch has spent. */
function doubleSpend() {
  const coin = firstCoin(tip);
  const first = extend(tip, [split([coin], 1)]);
  const second = extend({ ...first, coins: tip.coins }, [split([coin], 2)]);
  return { first, second };
}

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
    const { first, second } = doubleSpend();
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

describe("processBlocks", () => {
  it("gives the same chain in groups of any size", async () => {
    const coin = firstCoin(tip);
    const first = extend(tip, [split([coin], 3)]);
    const second = extend(first, [split(first.coins.size > 0 ? [firstCoin(first)] : [], 2)]);
    const branches = [...main, first, second, ...extendMany(second, 4)];
    const serial = await soloChain();
    await feed(serial, branches);
    for (const commitGroup of [1, 2, 7, 100]) {
      const chain = await soloChain();
      let announced = 0;
      chain.onTip(() => announced++);
      expect(await chain.processBlocks(blocksOf(branches), { commitGroup })).toBe(11);
      expect(chain.tip.hash).toEqual(serial.tip.hash);
      expect(await chain.utxoDigest()).toEqual(await serial.utxoDigest());
      expect(announced).toBe(11);
    }
  });

  it("stops at the first refused block with what came before on disk", async () => {
    const storage = await openMemory();
    const chain = await soloChain({ storage });
    const { first, second } = doubleSpend();
    const done: number[] = [];
    await expect(
      chain.processBlocks(blocksOf([...main, first, second, ...extendMany(second, 3)]), {
        onBlock: (processed) => done.push(processed),
      }),
    ).rejects.toMatchObject({ code: "utxo-has-been-spent" });
    expect(done).toEqual([1, 2, 3, 4, 5, 6]);
    expect(chain.tip.hash).toEqual(first.node.hash);
    const reopened = await openChain({ params, engine, storage, clock: lateClock });
    expect(reopened.tip.hash).toEqual(first.node.hash);
  });

  it("takes orphans and side branches on the way", async () => {
    const side = extendMany(genesis, 7, "side");
    const mixed = [main[0], main[2], main[1], ...side, main[3], main[4]].flatMap((b) => b ?? []);
    const chain = await soloChain();
    await chain.processBlocks(blocksOf(mixed));
    expect(chain.tip.hash).toEqual(last(side).node.hash);
    expect(chain.nodeByHash(tip.node.hash)).toBeDefined();
  });

  it("closes the source when it is aborted", async () => {
    const chain = await soloChain();
    const controller = new AbortController();
    let isClosed = false;
    async function* source() {
      try {
        for (const { block } of main) yield block;
      } finally {
        isClosed = true;
      }
    }
    chain.onTip(() => controller.abort());
    const processed = await chain.processBlocks(source(), {
      signal: controller.signal,
      commitGroup: 2,
      lookAhead: 2,
    });
    expect(processed).toBe(2);
    expect(isClosed).toBe(true);
  });
});

describe("events", () => {
  it("goes on when a listener throws, and logs it", async () => {
    const error = vi.fn();
    const quiet = () => {};
    const chain = await soloChain({ logger: { debug: quiet, info: quiet, warn: quiet, error } });
    const heard: bigint[] = [];
    chain.onTip(() => {
      throw new Error("mine");
    });
    const stop = chain.onTip(({ tip: { height } }) => heard.push(height));
    await feed(chain, main.slice(0, 2));
    stop();
    await feed(chain, main.slice(2));
    expect(heard).toEqual([1n, 2n]);
    expect(error).toHaveBeenCalledTimes(5);
    expect(chain.tip.height).toBe(5n);
  });

  it("gives a slow reader several moves as one, and every block", async () => {
    const chain = await soloChain();
    const changes = chain.tipChanges();
    const first = changes.next();
    await feed(chain, main);
    const side = extendMany(main[2] ?? genesis, 4, "side");
    const attached = (await first).value?.attached.length;
    await feed(chain, side);
    const second = (await changes.next()).value;
    expect(attached).toBeGreaterThan(0);
    expect(second?.tip.hash).toEqual(last(side).node.hash);
    const closing = changes.next();
    await chain.close();
    expect((await closing).done).toBe(true);
  });

  it("ends when the signal is aborted", async () => {
    const chain = await soloChain();
    const controller = new AbortController();
    const next = chain.tipChanges({ signal: controller.signal }).next();
    controller.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
});

describe("life", () => {
  it("goes on where it was left", async () => {
    const storage = await openMemory();
    const chain = await soloChain({ storage });
    await feed(chain, main);
    const digest = await chain.utxoDigest();
    await chain.close();
    await storage.open();
    const again = await soloChain({ storage });
    expect(again.tip.hash).toEqual(tip.node.hash);
    expect(await again.utxoDigest()).toEqual(digest);
    await feed(again, extendMany(tip, 1));
    expect(again.tip.height).toBe(6n);
  });

  it("refuses everything once closed", async () => {
    const chain = await soloChain();
    await chain.close();
    await chain.close();
    const closed = expect.objectContaining({ code: "chain-closed" });
    expect(() => chain.processBlock(genesis.block)).toThrow(closed);
    expect(() => chain.utxoDigest()).toThrow(closed);
    await expect(chain.output(genesis.node.hash)).rejects.toThrow(closed);
    expect(() => chain.atTip(async () => {})).toThrow(closed);
  });

  it("refuses the store of another network, of another layout, and a damaged one", async () => {
    const open = (storage: Awaited<ReturnType<typeof openMemory>>, other = params) =>
      openChain({ params: other, engine, storage, clock: lateClock });
    const storage = await openMemory();
    await open(storage);
    const mainnet = { ...bytomWisdom, genesisNonce: 1n };
    await expect(open(storage, mainnet)).rejects.toMatchObject({
      code: "store-of-another-network",
    });
    const key = new TextEncoder().encode("bystack:format");
    const format = new TextDecoder().decode(await storage.get(key));
    const write = (text: string) =>
      storage.batch([{ type: "put", key, value: new TextEncoder().encode(text) }], { sync: true });
    await write(format.replace(/"version":\d+/, '"version":99'));
    await expect(open(storage)).rejects.toMatchObject({ code: "store-format" });
    await expect(checkStore({ storage, params })).rejects.toMatchObject({ code: "store-format" });
    await expect(repairStore({ storage, params })).rejects.toMatchObject({ code: "store-format" });
    await write("{}");
    await expect(open(storage)).rejects.toBeInstanceOf(ChainError);
    await write(format);
    const status = new TextEncoder().encode("blockStore");
    const value = new TextEncoder().encode(`{"Height":0,"Hash":"${"00".repeat(32)}"}`);
    await storage.batch([{ type: "put", key: status, value }], { sync: true });
    await expect(open(storage)).rejects.toMatchObject({ code: "store-damaged" });
  });

  it("keeps the blocks of a reorganization that the engine cannot write at once", async () => {
    const chain = await soloChain({ storage: await openMemory({ maxBatchBytes: 4_500 }) });
    await chain.processBlocks(blocksOf(main), { commitGroup: 1 });
    const early = extendMany(genesis, 3, "side");
    const wide = extend(last(early), [split([firstCoin(last(early))], 30)], "side");
    const wider = extend(wide, [split([firstCoin(wide)], 30)], "side");
    await feed(chain, [...early, wide, wider]);
    expect(chain.tip.hash).toEqual(tip.node.hash);
    const longer = extend(wider, [], "side");
    await expect(chain.processBlock(longer.block)).rejects.toMatchObject({
      code: "commit-too-large",
      facts: { height: 6n },
    });
    expect(chain.tip.hash).toEqual(tip.node.hash);
    expect((await chain.block(longer.node.hash))?.block).toEqual(longer.block);
    await feed(chain, extendMany(tip, 2));
    expect(chain.tip.height).toBe(7n);
  });
});
