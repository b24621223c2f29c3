import { describe, expect, it } from "vitest";
import { coinsOf, extend, feed, lateClock, split } from "./kit.ts";
import { coin, idOf, idsOf, settled, setup, tip } from "./mempool-kit.ts";

describe("orphan transactions", () => {
  it("lets an orphan in when the last of several missing parents is there", async () => {
    const { mempool } = await setup();
    const parents = [split([coin(0)], 1), split([coin(1)], 1), split([coin(2)], 1)];
    const child = split(
      parents.flatMap((parent) => coinsOf(parent)),
      1,
    );
    const grandchild = split(coinsOf(child), 1);
    expect(await mempool.submit(grandchild)).toEqual({ isOrphan: true });
    expect(await mempool.submit(child)).toEqual({ isOrphan: true });
    expect(await mempool.submit(child)).toEqual({ isOrphan: true });
    for (const parent of parents) {
      expect(mempool.orphanCount).toBe(2);
      await mempool.submit(parent);
    }
    expect(mempool.orphanCount).toBe(0);
    expect(idsOf(mempool)).toEqual([...parents, child, grandchild].map(idOf));
  });

  it("lets an orphan in when its parent comes in a block", async () => {
    const { chain, mempool } = await setup();
    const parent = split([coin(0)], 1);
    const child = split(coinsOf(parent), 1);
    await mempool.submit(child);
    await feed(chain, [extend(tip, [parent])]);
    await settled(mempool);
    expect(idsOf(mempool)).toEqual([idOf(child)]);
  });

  it("forgets orphans after ten minutes and bounds them", async () => {
    let now = lateClock.now();
    const { mempool } = await setup({ clock: { now: () => now }, limits: { orphans: 2 } });
    const orphans = [0, 1, 2].map((i) => split(coinsOf(split([coin(i)], 1)), 1));
    const [first, second, third] = orphans;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    await mempool.submit(first);
    await mempool.submit(second);
    await expect(mempool.submit(third)).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
    now += 10 * 60 * 1000;
    // Another fee makes it another transaction: the refusal of the first is remembered.
    const other = split(coinsOf(split([coin(3)], 1)), 1);
    expect(await mempool.submit(other)).toEqual({ isOrphan: true });
    expect(mempool.orphanCount).toBe(1);
  });

  it("needs no traffic to forget orphans, and lets none in whose time is over", async () => {
    let now = lateClock.now();
    const { mempool } = await setup({ clock: { now: () => now } });
    const parent = split([coin(0)], 1);
    const child = split(coinsOf(parent), 1);
    expect(await mempool.submit(child)).toEqual({ isOrphan: true });
    now += 10 * 60 * 1000 - 1;
    expect(mempool.orphanCount).toBe(1);
    now += 1;
    expect(mempool.orphanCount).toBe(0);
    await mempool.submit(parent);
    expect(idsOf(mempool)).toEqual([idOf(parent)]);
  });

  it("does not give an orphan more time for one of several parents", async () => {
    let now = lateClock.now();
    const { mempool } = await setup({ clock: { now: () => now } });
    const parents = [0, 1].map((i) => split([coin(i)], 1));
    const child = split(
      parents.flatMap((parent) => coinsOf(parent)),
      1,
    );
    await mempool.submit(child);
    now += 9 * 60 * 1000;
    for (const parent of parents.slice(0, 1)) await mempool.submit(parent);
    expect(mempool.orphanCount).toBe(1);
    now += 60 * 1000;
    expect(mempool.orphanCount).toBe(0);
  });

  it("lets an orphan of several parents in once, also where conflicts are accepted", async () => {
    for (const conflicts of ["accept", "first-seen"] as const) {
      const { mempool, changes } = await setup({ conflicts });
      const parent = split([coin(0)], 2);
      const [left, right] = coinsOf(parent);
      if (left === undefined || right === undefined) throw new Error("not split");
      const middle = split([left], 1);
      const child = split([right, ...coinsOf(middle)], 1);
      await mempool.submit(middle);
      await mempool.submit(child);
      await mempool.submit(parent);
      const all = [parent, middle, child];
      expect(idsOf(mempool)).toEqual(all.map(idOf));
      expect(changes.map(({ type }) => type)).toEqual(["added", "added", "added"]);
      const bytes = all.reduce((sum, { serializedSize }) => sum + serializedSize, 0);
      expect(mempool.bytes).toBe(bytes);
    }
  });
});
