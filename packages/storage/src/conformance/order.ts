/** Point 2: order, ranges, prefixes. */
import { compareBytes } from "../bytes.ts";
import type { Entry, KeyRange } from "../engine.ts";
import { prefixRange } from "../range.ts";
import { assert, assertEntries, collect, dump, withStore } from "./assert.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";
import { selectFrom } from "./model.ts";
import { randomFrom } from "./random.ts";

const WRITE = { sync: false };

/** Keys that border on each other: every string of these bytes up to three long. */
const BYTES = [0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff];
const KEYS: readonly Uint8Array[] = BYTES.flatMap((a) => [
  Uint8Array.of(a),
  ...BYTES.flatMap((b) => [Uint8Array.of(a, b), ...BYTES.map((c) => Uint8Array.of(a, b, c))]),
]);
const ENTRIES: readonly Entry[] = KEYS.map((key, i): Entry => [key, Uint8Array.of(i >> 8, i)]).sort(
  ([a], [b]) => compareBytes(a, b),
);

export function orderTests(
  { it }: ConformanceHarness,
  factory: StorageFactory,
  seed: number,
): void {
  const withEntries = (
    check: (select: (range: KeyRange, what: string) => Promise<void>) => Promise<void>,
  ) =>
    withStore(factory, async (store) => {
      const random = randomFrom(seed);
      const shuffled = [...ENTRIES];
      for (let i = shuffled.length - 1; i > 0; i--) {
        const j = random.below(i + 1);
        const [a, b] = [shuffled[i], shuffled[j]];
        if (a !== undefined && b !== undefined) [shuffled[i], shuffled[j]] = [b, a];
      }
      for (const [key, value] of shuffled) await store.batch([{ type: "put", key, value }], WRITE);
      await check(async (range, what) => {
        assertEntries(await collect(store.iterate(range)), selectFrom(ENTRIES, range), what);
      });
    });

  it("goes through keys as unsigned bytes, a shorter key before its extensions", () =>
    withStore(factory, async (store) => {
      await store.batch(
        [...ENTRIES].reverse().map(([key, value]) => ({ type: "put", key, value })),
        WRITE,
      );
      assertEntries(await dump(store), ENTRIES, "ascending");
      assertEntries(
        await collect(store.iterate({ reverse: true })),
        [...ENTRIES].reverse(),
        "descending",
      );
    }));

  it("keeps to every combination of bounds, direction and limit", () =>
    withEntries(async (select) => {
      const random = randomFrom(seed + 1);
      const bound = (): Uint8Array => {
        const length = random.below(5);
        return Uint8Array.from({ length }, () => BYTES[random.below(BYTES.length)] ?? 0);
      };
      for (let i = 0; i < 400; i++) {
        const range: KeyRange = {
          ...(random.below(2) === 0 && { gte: bound() }),
          ...(random.below(3) === 0 && { gt: bound() }),
          ...(random.below(2) === 0 && { lte: bound() }),
          ...(random.below(3) === 0 && { lt: bound() }),
          ...(random.below(2) === 0 && { reverse: random.below(2) === 0 }),
          ...(random.below(3) === 0 && { limit: random.below(12) }),
        };
        await select(range, `range ${i} ${showRange(range)}`);
      }
    }));

  it("treats bounds on, between and outside of keys, crossed and empty ones", () =>
    withEntries(async (select) => {
      const on = Uint8Array.of(0x7f, 0x80);
      const between = Uint8Array.of(0x7f, 0x90);
      const none = new Uint8Array(0);
      const beyond = new Uint8Array(255).fill(0xff);
      for (const bound of [on, between, none, beyond]) {
        for (const name of ["gte", "gt", "lte", "lt"] as const) {
          for (const reverse of [false, true]) {
            const range = { [name]: bound, reverse };
            await select(range, `one bound ${showRange(range)}`);
          }
        }
      }
      await select({ gte: between, lte: on }, "crossed bounds");
      await select({ gte: on, lte: on }, "one key");
      await select({ gt: on, lte: on }, "half-open, empty");
      await select({ gt: on, lt: on }, "open, empty");
      await select({ gte: on, gt: between }, "two lower bounds, gt is stricter");
      await select({ gte: between, gt: on }, "two lower bounds, gte is stricter");
      await select({ lte: on, lt: on }, "two upper bounds on one key");
      await select({ limit: 0 }, "limit 0");
      await select({ limit: 10_000 }, "limit above the count");
    }));

  it("iterates a prefix, also one that ends in 0xff", () =>
    withEntries(async (select) => {
      for (const prefix of [
        [],
        [0],
        [0x7f],
        [0xff],
        [0xfe, 0xff],
        [0xff, 0xff],
        [0xff, 0xff, 0xff],
      ]) {
        const bytes = Uint8Array.from(prefix);
        const range = prefixRange(bytes);
        await select(range, `prefix ${prefix}`);
        const chosen = selectFrom(ENTRIES, range);
        const expected = ENTRIES.filter(([key]) => prefix.every((byte, i) => key[i] === byte));
        assertEntries(chosen, expected, `prefixRange ${prefix}`);
      }
    }));

  it("goes through thousands of entries, both ways, and stops where it is told", () =>
    withStore(factory, async (store) => {
      const entries = Array.from(
        { length: 5000 },
        (_, i): Entry => [Uint8Array.of(i >> 8, i & 0xff), new Uint8Array(i % 300).fill(i)],
      );
      await store.batch(
        entries.map(([key, value]) => ({ type: "put", key, value })),
        WRITE,
      );
      assertEntries(await dump(store), entries, "ascending");
      assertEntries(
        await collect(store.iterate({ reverse: true })),
        [...entries].reverse(),
        "descending",
      );
      for (const limit of [1, 15, 16, 17, 999, 1000, 1001, 1016, 1017, 4999]) {
        assertEntries(
          await collect(store.iterate({ limit })),
          entries.slice(0, limit),
          `limit ${limit}`,
        );
      }
    }));

  it("refuses a limit that is none", () =>
    withStore(factory, async (store) => {
      for (const limit of [-1, 1.5, Number.NaN]) {
        let error: unknown;
        try {
          await collect(store.iterate({ limit }));
        } catch (thrown) {
          error = thrown;
        }
        assert(error instanceof RangeError, `limit ${limit}: ${error} instead of a RangeError`);
      }
    }));
}

function showRange(range: KeyRange): string {
  return JSON.stringify(range, (_, value) => (value instanceof Uint8Array ? [...value] : value));
}
