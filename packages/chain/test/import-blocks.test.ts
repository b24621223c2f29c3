import { openMemory } from "@bystack/storage";
import { describe, expect, it } from "vitest";
import { openChain } from "../src/index.ts";
import {
  blocksOf,
  doubleSpend,
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
    const { first, second } = doubleSpend(tip);
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
