import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareBytes } from "../src/bytes.ts";
import { boundsOf } from "../src/range.ts";
import { entries, find, Tree, type TreeNode } from "../src/tree.ts";

/** Few distinct bytes and short keys, so that keys meet, nest and border on each other. */
const key = fc
  .array(fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff), { minLength: 1, maxLength: 5 })
  .map((bytes) => Uint8Array.from(bytes));
const value = fc.uint8Array({ maxLength: 3 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant("put" as const), key, value }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant("del" as const), key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("version" as const) }) },
);
const range = fc.record(
  { gte: key, gt: key, lte: key, lt: key, reverse: fc.boolean(), limit: fc.nat(20) },
  { requiredKeys: [] },
);

type Model = Map<string, readonly [Uint8Array, Uint8Array]>;

function select(model: Model, by: Parameters<typeof boundsOf>[0]) {
  const { gte, gt, lte, lt, reverse, limit } = by;
  const all = [...model.values()]
    .sort(([a], [b]) => compareBytes(a, b))
    .filter(
      ([k]) =>
        (gte === undefined || compareBytes(k, gte) >= 0) &&
        (gt === undefined || compareBytes(k, gt) > 0) &&
        (lte === undefined || compareBytes(k, lte) <= 0) &&
        (lt === undefined || compareBytes(k, lt) < 0),
    );
  if (reverse === true) all.reverse();
  return all.slice(0, limit ?? all.length);
}

describe("Tree against a map", () => {
  it("agrees in every version, whatever is written later", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 400, size: "max" }),
        fc.array(range, { minLength: 4, maxLength: 8 }),
        (steps, ranges) => {
          const tree = new Tree();
          const model: Model = new Map();
          const versions: [TreeNode, Model][] = [];
          for (const item of steps) {
            if (item.type === "put") {
              tree.put(item.key, item.value);
              model.set(String(item.key), [item.key, item.value]);
            } else if (item.type === "del") {
              tree.delete(item.key);
              model.delete(String(item.key));
            } else versions.push([tree.version(), new Map(model)]);
          }
          versions.push([tree.version(), model]);
          for (const [root, then] of versions) {
            for (const by of ranges)
              expect([...entries(root, boundsOf(by))]).toEqual(select(then, by));
            for (const [k, v] of then.values()) expect(find(root, k)).toEqual(v);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

it("stays exact through 40,000 random writes, growing and shrinking", () => {
  let seed = 12345;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const tree = new Tree();
  const model: Model = new Map();
  for (let i = 0; i < 40_000; i++) {
    const n = random(6000);
    const k = Uint8Array.of(n >> 8, n & 0xff);
    const isGrowing = i % 20_000 < 10_000;
    if (random(10) < (isGrowing ? 7 : 2)) {
      const v = Uint8Array.of(i & 0xff);
      tree.put(k, v);
      model.set(String(k), [k, v]);
    } else {
      tree.delete(k);
      model.delete(String(k));
    }
    if (i % 4000 === 0)
      expect([...entries(tree.version(), boundsOf({}))]).toEqual(select(model, {}));
  }
  for (const [k] of [...model.values()]) {
    tree.delete(k);
    model.delete(String(k));
  }
  expect([...entries(tree.version(), boundsOf({}))]).toEqual([]);
});
