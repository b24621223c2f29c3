import { toHex } from "@bystack/butxo";
import { type KeyRange, openMemory, type StorageEngine } from "@bystack/storage";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Chain } from "../src/index.ts";
import { checkStore, repairStore, storeStats } from "../src/index.ts";
import { headerKey, treeSegmentKey } from "../src/store/layout.ts";
import {
  type Branch,
  engine,
  extend,
  extendMany,
  feed,
  genesisBranch,
  last,
  params,
  soloChain,
  wrapped,
} from "./kit.ts";

const RUNS = Number(process.env["CHAIN_RUNS"] ?? 10);
const SEGMENTS = { segmentBlocks: 4 };
const main = extendMany(genesisBranch(), 40);

async function rowsOf(storage: StorageEngine): Promise<number> {
  return (await storeStats({ storage, params })).rows.tree.count;
}

/** What a chain says of each block that it may know. */
function said(chain: Chain, branches: readonly Branch[]): unknown {
  return {
    tip: toHex(chain.tip.hash),
    nodes: branches.map(({ node }) => {
      const found = chain.nodeByHash(node.hash);
      return (
        found && [
          found.header,
          found.weight,
          found.parent && toHex(found.parent.hash),
          chain.isOnBestChain(found),
          toHex(chain.nodeAt(node.height)?.hash ?? new Uint8Array()),
        ]
      );
    }),
  };
}

async function reopen(storage: StorageEngine, tuning = SEGMENTS): Promise<Chain> {
  await storage.open();
  return soloChain({ storage }, tuning);
}

describe("the rows of the tree", () => {
  it("come as the tip goes up, and leave one segment open below it", async () => {
    const storage = await openMemory();
    const chain = await soloChain({ storage }, SEGMENTS);
    const counts: number[] = [];
    for (const { block } of main.slice(0, 12)) {
      await chain.processBlock(block);
      counts.push(await rowsOf(storage));
    }
    expect(counts).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
  });

  it("save the reading of the headers in them", async () => {
    const storage = await openMemory();
    await feed(await soloChain({ storage }, SEGMENTS), main);
    const from: Uint8Array[] = [];
    const spy = wrapped(storage, {
      iterate(range: KeyRange = {}) {
        if (range.gte !== undefined) from.push(range.gte);
        return storage.iterate(range);
      },
    });
    const again = await soloChain({ storage: spy }, SEGMENTS);
    expect(again.tip.height).toBe(40n);
    const headers = from.filter((key) => key[0] === 0x42);
    expect(headers).toEqual([headerKey(36n, new Uint8Array(0))]);
  });

  it("change nothing: any tree, late blocks in it, a restart after each step", async () => {
    const step = fc.record({ back: fc.oneof(fc.nat(3), fc.nat(25)), restart: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), async (steps) => {
        const storage = await openMemory();
        let chain = await soloChain({ storage }, SEGMENTS);
        const grown = [genesisBranch()];
        for (const [i, { back, restart }] of steps.entries()) {
          const parent = grown.at(-1 - (back % grown.length)) ?? last(grown);
          // Branches above the tip are forgotten at a restart, and come again if they matter.
          if (chain.nodeByHash(parent.node.hash) === undefined) continue;
          const next = extend(parent, [], `${i}`);
          grown.push(next);
          await chain.processBlock(next.block);
          if (!restart) continue;
          const below = grown.filter(({ node }) => node.height <= chain.tip.height);
          const before = said(chain, below);
          await chain.close();
          chain = await reopen(storage);
          expect(said(chain, below)).toEqual(before);
        }
        // Any size of segments reads any other's rows, or does without.
        const before = said(chain, []);
        expect(said(await soloChain({ storage }, { segmentBlocks: 3 }), [])).toEqual(before);
        expect(await checkStore({ storage, params })).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it("are made again when they are damaged, of another engine, or not there", async () => {
    const storage = await openMemory();
    const chain = await soloChain({ storage }, SEGMENTS);
    await feed(chain, main);
    const before = said(chain, main);
    const key = treeSegmentKey(3);
    const row = (await storage.get(key)) ?? new Uint8Array();
    const changed = row.slice();
    changed[200] = (changed[200] ?? 0) ^ 1;
    const put = (value: Uint8Array) => storage.batch([{ type: "put", key, value }], { sync: true });
    for (const wrong of [changed, row.slice(0, -1), new Uint8Array(0)]) {
      await put(wrong);
      expect(said(await soloChain({ storage }, SEGMENTS), main)).toEqual(before);
      expect(await storage.get(key)).toEqual(row);
    }
    await storage.batch([{ type: "del", key }], { sync: true });
    expect(said(await soloChain({ storage }, SEGMENTS), main)).toEqual(before);
    expect(await storage.get(key)).toEqual(row);
    const heavy = { ...engine, name: "heavy", weight: () => 1_000n };
    const other = await soloChain({ storage, engine: heavy }, SEGMENTS);
    expect(other.tip.weight).toBe(41_000n);
    expect(said(await soloChain({ storage }, SEGMENTS), main)).toEqual(before);
  });

  it("go with the block that comes late for them, and all with a repair", async () => {
    const storage = await openMemory();
    const chain = await soloChain({ storage }, SEGMENTS);
    await feed(chain, main);
    expect(await rowsOf(storage)).toBe(9);
    const late = extend(main[4] ?? last(main), [], "late");
    await feed(chain, [late]);
    expect(await storage.get(treeSegmentKey(1))).toBeUndefined();
    expect(await rowsOf(storage)).toBe(8);
    // The last of its segment: those above count it among their parents.
    const atBorder = extend(main[13] ?? last(main), [], "late");
    await feed(chain, [atBorder]);
    expect(await storage.get(treeSegmentKey(3))).toBeUndefined();
    expect(await storage.get(treeSegmentKey(4))).toBeUndefined();
    expect(await rowsOf(storage)).toBe(6);
    const known = [...main, late, atBorder];
    const before = said(chain, known);
    const again = await soloChain({ storage }, SEGMENTS);
    expect(said(again, known)).toEqual(before);
    expect(await rowsOf(storage)).toBe(9);
    expect(await repairStore({ storage, params })).toEqual([]);
    expect(await rowsOf(storage)).toBe(0);
    expect(said(await soloChain({ storage }, SEGMENTS), known)).toEqual(before);
  });
});
