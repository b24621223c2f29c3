/** Any sequence of steps leaves an engine and a plain map with the same content and answers. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import {
  type BatchOperation,
  compareBytes,
  type Entry,
  type KeyRange,
  openMemory,
  type Snapshot,
  type StorageEngine,
  type StorageReader,
} from "../src/index.ts";
import { openLevel } from "../src/level/index.ts";

type Rows = ReadonlyMap<string, Entry>;

const key = fc
  .array(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), { minLength: 1, maxLength: 3 })
  .map((bytes) => Uint8Array.from(bytes));
const value = fc.uint8Array({ maxLength: 8 });
const operation: fc.Arbitrary<BatchOperation> = fc.oneof(
  fc.record({ type: fc.constant("put" as const), key, value }),
  fc.record({ type: fc.constant("del" as const), key }),
);
const range: fc.Arbitrary<KeyRange> = fc.record(
  { gte: key, gt: key, lte: key, lt: key, reverse: fc.boolean(), limit: fc.nat(10) },
  { requiredKeys: [] },
);
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("batch" as const),
      operations: fc.array(operation, { maxLength: 12 }),
      /** Which row to expect, and whether as it is. */
      expected: fc.option(fc.record({ key, isTrue: fc.boolean() })),
      sync: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("snapshot" as const) }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("read" as const), range, key }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("reopen" as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function select(rows: Rows, { gte, gt, lte, lt, reverse, limit }: KeyRange): Entry[] {
  const selected = [...rows.values()]
    .sort(([a], [b]) => compareBytes(a, b))
    .filter(
      ([k]) =>
        (gte === undefined || compareBytes(k, gte) >= 0) &&
        (gt === undefined || compareBytes(k, gt) > 0) &&
        (lte === undefined || compareBytes(k, lte) <= 0) &&
        (lt === undefined || compareBytes(k, lt) < 0),
    );
  if (reverse) selected.reverse();
  return selected.slice(0, limit ?? selected.length);
}

async function collect(entries: AsyncIterable<Entry>): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entries) all.push(entry);
  return all;
}

async function compare(reader: StorageReader, rows: Rows, by: KeyRange, k: Uint8Array) {
  expect(await collect(reader.iterate(by))).toEqual(select(rows, by));
  expect(await reader.get(k)).toEqual(rows.get(String(k))?.[1]);
}

async function follow(store: StorageEngine, steps: readonly Step[]): Promise<void> {
  for await (const [k] of store.iterate()) {
    await store.batch([{ type: "del", key: k }], { sync: false });
  }
  const rows = new Map<string, Entry>();
  const snapshots: [Snapshot, Rows][] = [];
  for (const item of steps) {
    if (item.type === "batch") {
      const { operations, expected, sync } = item;
      if (expected !== null) {
        const present = rows.get(String(expected.key))?.[1];
        const wrong = Uint8Array.of(...(present ?? []), 1);
        const expect_ = [{ key: expected.key, value: expected.isTrue ? present : wrong }];
        const done = store.batch(operations, { sync, expect: expect_ });
        if (!expected.isTrue) {
          await expect(done).rejects.toMatchObject({ code: "store-conflict", key: expected.key });
          continue;
        }
        await done;
      } else await store.batch(operations, { sync });
      for (const one of operations) {
        if (one.type === "put") rows.set(String(one.key), [one.key, one.value]);
        else rows.delete(String(one.key));
      }
    } else if (item.type === "snapshot") snapshots.push([await store.snapshot(), new Map(rows)]);
    else if (item.type === "read") {
      await compare(store, rows, item.range, item.key);
      for (const [snapshot, then] of snapshots) await compare(snapshot, then, item.range, item.key);
    } else {
      await store.close();
      await store.open();
      snapshots.length = 0;
    }
  }
  await compare(store, rows, {}, Uint8Array.of(0));
  for (const [snapshot, then] of snapshots) {
    await compare(snapshot, then, {}, Uint8Array.of(0));
    await snapshot.close();
  }
}

describe("engines against a map", async () => {
  const path = await mkdtemp(join(tmpdir(), "bystack-storage-"));
  const level = await openLevel(path, { writeBufferBytes: 64 * 1024 });
  const memory = await openMemory();
  afterAll(async () => {
    await level.close();
    await rm(path, { recursive: true });
  });

  it.each([
    ["memory", memory, 200],
    ["level", level, 60],
  ] as const)("%s", async (_, store, numRuns) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), (steps) =>
        follow(store, steps),
      ),
      { numRuns },
    );
  });
});
