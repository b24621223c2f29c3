import { bytomWisdom } from "@bystack/butxo";
import { openMemory } from "@bystack/storage";
import { describe, expect, it } from "vitest";
import { ChainError, checkStore, openChain, repairStore } from "../src/index.ts";
import {
  blocksOf,
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
  split,
} from "./kit.ts";

const genesis = genesisBranch();
const main = extendMany(genesis, 5);
const tip = last(main);

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
