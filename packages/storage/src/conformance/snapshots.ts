/** Point 4: readers see whole batches, snapshots and iterations stand still. */
import type { BatchOperation, StorageEngine, StorageReader } from "../engine.ts";
import {
  ascii,
  assert,
  assertBytes,
  assertEntries,
  assertRejects,
  collect,
  dump,
  withStore,
} from "./assert.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";

const WRITE = { sync: false };
const ROWS = 100;

export function snapshotTests({ it }: ConformanceHarness, factory: StorageFactory): void {
  it("keeps a snapshot as it was while commits go on", () =>
    withStore(factory, async (store) => {
      await store.batch(rowsOf(1), WRITE);
      const first = await store.snapshot();
      const before = await dump(store);
      await store.batch(rowsOf(2), WRITE);
      await store.batch([{ type: "del", key: rowKey(5) }], WRITE);
      const second = await store.snapshot();
      await store.batch([{ type: "put", key: ascii("new"), value: ascii("row") }], WRITE);
      assertEntries(await dump(first), before, "the first snapshot");
      assertBytes(await first.get(rowKey(5)), stamp(1), "get of a row deleted later");
      assertBytes(await first.get(ascii("new")), undefined, "get of a row put later");
      const [old, none] = await first.getMany([rowKey(0), ascii("new")]);
      assertBytes(old, stamp(1), "getMany of a row replaced later");
      assertBytes(none, undefined, "getMany of a row put later");
      assertBytes(await second.get(rowKey(5)), undefined, "the second snapshot, deleted row");
      assertBytes(await second.get(rowKey(6)), stamp(2), "the second snapshot, replaced row");
      await first.close();
      assertBytes(await second.get(rowKey(6)), stamp(2), "after the first was closed");
      await second.close();
      await second.close();
      await assertRejects(second.get(rowKey(6)), "store-closed", "get after close");
      await assertRejects(second.getMany([rowKey(6)]), "store-closed", "getMany after close");
      await assertRejects(dump(second), "store-closed", "iterate after close");
      assertBytes(await store.get(ascii("new")), ascii("row"), "the store itself");
    }));

  it("shows readers whole batches only, while a writer is at work", () =>
    withStore(factory, async (store) => {
      await store.batch(rowsOf(0), WRITE);
      let isWriting = true;
      const writer = (async () => {
        try {
          for (let n = 1; n <= 60; n++) await store.batch(rowsOf(n), { sync: n % 10 === 0 });
        } finally {
          isWriting = false;
        }
      })();
      let reads = 0;
      const keys = Array.from({ length: ROWS }, (_, i) => rowKey(i));
      const reader = async (): Promise<void> => {
        while (isWriting) {
          assertOneStamp(await store.getMany(keys), "getMany");
          assertOneStamp(
            (await dump(store)).map(([, value]) => value),
            "iterate",
          );
          const snapshot = await store.snapshot();
          assertOneStamp(
            [...(await snapshot.getMany(keys)), ...(await valuesOf(snapshot))],
            "snapshot",
          );
          await snapshot.close();
          reads++;
        }
      };
      await Promise.all([writer, reader(), reader()]);
      assert(reads > 0, "there were reads");
    }));

  it("iterates over what was there when it began", () =>
    withStore(factory, async (store) => {
      await store.batch(rowsOf(1), WRITE);
      const before = await dump(store);
      for (const reverse of [false, true]) {
        const seen: (typeof before)[number][] = [];
        for await (const entry of store.iterate({ reverse })) {
          if (seen.length % 10 === 0) await churn(store, seen.length);
          seen.push(entry);
        }
        assertEntries(
          reverse ? seen.reverse() : seen,
          before,
          reverse ? "descending" : "ascending",
        );
        await store.batch(
          [
            ...rowsOf(1),
            ...(await dump(store))
              .filter(([key]) => key.length > 2)
              .map(([key]): BatchOperation => ({ type: "del", key })),
          ],
          WRITE,
        );
      }
    }));

  it("runs many iterations at a time, abandoned ones too", () =>
    withStore(factory, async (store) => {
      await store.batch(rowsOf(3), WRITE);
      const all = await Promise.all(Array.from({ length: 30 }, () => dump(store)));
      for (const entries of all) assert(entries.length === ROWS, "each sees every row");
      for (let i = 0; i < 300; i++) {
        for await (const [key] of store.iterate({ gte: rowKey(i % ROWS) })) {
          assertBytes(key, rowKey(i % ROWS), "the first entry");
          break;
        }
      }
      const iterable = store.iterate({ limit: 3 });
      assert((await collect(iterable)).length === 3, "the first time through");
      assert((await collect(iterable)).length === 3, "an iterable can be used again");
    }));
}

const rowKey = (row: number): Uint8Array => Uint8Array.of(0x10, row);
const stamp = (n: number): Uint8Array => new Uint8Array(50).fill(n);

function rowsOf(n: number): BatchOperation[] {
  return Array.from({ length: ROWS }, (_, row) => ({
    type: "put",
    key: rowKey(row),
    value: stamp(n),
  }));
}

/** Deletes, replaces and inserts all around where an iteration may stand. */
async function churn(store: StorageEngine, round: number): Promise<void> {
  const operations: BatchOperation[] = [];
  for (let row = 0; row < ROWS; row++) {
    if (row % 3 === 0) operations.push({ type: "del", key: rowKey(row) });
    else operations.push({ type: "put", key: rowKey(row), value: stamp(round) });
    operations.push({
      type: "put",
      key: Uint8Array.of(0x10, row, round),
      value: stamp(round),
    });
  }
  await store.batch(operations, WRITE);
}

async function valuesOf(reader: StorageReader): Promise<Uint8Array[]> {
  return (await dump(reader)).map(([, value]) => value);
}

function assertOneStamp(values: readonly (Uint8Array | undefined)[], what: string): void {
  assert(values.length % ROWS === 0 && values.length > 0, `${what}: ${values.length} rows`);
  for (const value of values) assertBytes(value, values[0], `${what} mixes two batches`);
}
