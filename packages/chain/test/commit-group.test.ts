import { openMemory } from "@bystack/storage";
import { describe, expect, it } from "vitest";
import { blocksOf, extendMany, genesisBranch, last, lateClock, soloChain, wrapped } from "./kit.ts";

const main = extendMany(genesisBranch(), 40);
const tipSeconds = last(main).node.header.timestamp;

/** How many blocks each write of an import brings in. */
async function groupsAt(now: () => number, commitGroup?: number): Promise<number[]> {
  const storage = await openMemory();
  let writes = 0;
  const counting = wrapped(storage, {
    batch(operations, options) {
      writes++;
      return storage.batch(operations, options);
    },
  });
  const chain = await soloChain({ storage: counting, clock: { now } });
  const writeOf: number[] = [];
  chain.onTip(() => writeOf.push(writes));
  await chain.processBlocks(blocksOf(main), { commitGroup });
  const sizes = new Map<number, number>();
  for (const write of writeOf) sizes.set(write, (sizes.get(write) ?? 0) + 1);
  return [...sizes.values()];
}

describe("a group of blocks that is written at once", () => {
  it("has up to 16 blocks when they come faster than they are written", async () => {
    expect(await groupsAt(lateClock.now)).toEqual([16, 16, 8]);
    expect(await groupsAt(lateClock.now, 7)).toEqual([7, 7, 7, 7, 7, 5]);
  });

  it("ends 50 ms after it began", async () => {
    let now = lateClock.now();
    // Each look at the clock takes 5 ms.
    const sizes = await groupsAt(() => (now += 5));
    expect(sizes.reduce((a, b) => a + b)).toBe(40);
    expect(Math.max(...sizes)).toBeLessThan(16);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    now = lateClock.now();
    expect(await groupsAt(() => (now += 60))).toEqual(main.map(() => 1));
  });

  it("has one block when the clock was set back", async () => {
    let now = lateClock.now();
    expect(await groupsAt(() => (now -= 5))).toEqual(main.map(() => 1));
  });

  it("has one block near the tip", async () => {
    const tipMs = Number(tipSeconds) * 1000;
    expect(await groupsAt(() => tipMs)).toEqual(main.map(() => 1));
    // The last ten are younger than an hour; the first of them ends the group that it finds.
    const hourAfter = tipMs + 3_600_000 - 10_000;
    expect(await groupsAt(() => hourAfter)).toEqual([16, 15, ...Array(9).fill(1)]);
  });
});
