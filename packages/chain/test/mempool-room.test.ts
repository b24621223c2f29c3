import { describe, expect, it } from "vitest";
import { coinsOf, extend, FEE, feed, split } from "./kit.ts";
import { coin, idOf, idsOf, settled, setup, templateOf, tip } from "./mempool-kit.ts";

describe("conflicts", () => {
  const first = split([coin(0)], 2);
  const child = split(coinsOf(first), 1);
  const rival = split([coin(0)], 1, 2n * FEE);
  const richer = split([coin(0)], 1, 3n * FEE);

  it("keeps the first seen", async () => {
    const { mempool } = await setup();
    await mempool.submit(first);
    await expect(mempool.submit(richer)).rejects.toMatchObject({ code: "conflicts-with-the-pool" });
    expect(idsOf(mempool)).toEqual([idOf(first)]);
  });

  it("replaces by a higher fee, what built on it included", async () => {
    const { mempool, changes } = await setup({ conflicts: "replace-by-fee" });
    await mempool.submit(first);
    await mempool.submit(child);
    await expect(mempool.submit(rival)).rejects.toMatchObject({
      code: "insufficient-replacement-fee",
    });
    await mempool.submit(richer);
    expect(idsOf(mempool)).toEqual([idOf(richer)]);
    expect(changes.slice(2).map((c) => (c.type === "removed" ? c.reason : c.type))).toEqual([
      "replaced",
      "replaced",
      "added",
    ]);
    const ofOwnParent = split([coin(1), ...coinsOf(richer)], 1, 9n * FEE);
    const conflicting = split([coin(0), ...coinsOf(richer)], 1, 9n * FEE);
    await expect(mempool.submit(conflicting)).rejects.toMatchObject({
      code: "conflicts-with-the-pool",
    });
    await mempool.submit(ofOwnParent);
  });

  it("accepts both as the original node, and a template packs the first", async () => {
    const { chain, mempool } = await setup({ conflicts: "accept" });
    await mempool.submit(first);
    await mempool.submit(richer);
    const template = await templateOf(chain, mempool);
    expect(template.transactions.slice(1).map(idOf)).toEqual([idOf(first)]);
    expect(idsOf(mempool)).toEqual([idOf(first)]);
  });

  it("drops what a block has made impossible", async () => {
    const { chain, mempool, changes } = await setup();
    await mempool.submit(first);
    await mempool.submit(child);
    await mempool.submit(split([coin(1)], 1));
    await feed(chain, [extend(tip, [rival])]);
    await settled(mempool);
    expect(mempool.size).toBe(1);
    expect(changes.slice(3)).toMatchObject([{ reason: "conflict" }, { reason: "conflict" }]);
  });
});

describe("bounds", () => {
  const poor = split([coin(0)], 1, FEE);
  const poorer = split([coin(1)], 1, FEE - 100_000n);
  const rich = split([coin(2)], 1, 2n * FEE);

  it("evicts what pays least for a byte, if the newcomer pays more", async () => {
    const { mempool } = await setup({ limits: { transactions: 2 } });
    await mempool.submit(poor);
    await mempool.submit(poorer);
    await mempool.submit(rich);
    expect(idsOf(mempool)).toEqual([idOf(poor), idOf(rich)]);
    await expect(mempool.submit(poorer)).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
  });

  it("never evicts what the newcomer builds on", async () => {
    const { mempool } = await setup({ limits: { transactions: 1 } });
    await mempool.submit(poor);
    await expect(mempool.submit(split(coinsOf(poor), 1, 5n * FEE))).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
    expect(idsOf(mempool)).toEqual([idOf(poor)]);
  });

  it("refuses as the original node when told to, and counts bytes", async () => {
    const { mempool } = await setup({
      whenFull: "refuse",
      limits: { bytes: 2 * poor.serializedSize },
    });
    await mempool.submit(poor);
    await mempool.submit(poorer);
    await expect(mempool.submit(rich)).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
  });
});
