/** Point 3, inside one process: a batch is one step. */
import type { BatchOperation } from "../engine.ts";
import { ascii, assert, assertBytes, assertEntries, dump, withStore } from "./assert.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";

const WRITE = { sync: false };

export function batchTests({ it }: ConformanceHarness, factory: StorageFactory): void {
  it("lets the last of several operations on one key win", () =>
    withStore(factory, async (store) => {
      const put = (key: string, value: string): BatchOperation => ({
        type: "put",
        key: ascii(key),
        value: ascii(value),
      });
      const del = (key: string): BatchOperation => ({ type: "del", key: ascii(key) });
      await store.batch(
        [
          put("a", "1"),
          put("a", "2"),
          put("b", "1"),
          del("b"),
          del("c"),
          put("c", "3"),
          put("d", "1"),
          del("d"),
          put("d", "4"),
        ],
        WRITE,
      );
      assertEntries(
        await dump(store),
        [
          [ascii("a"), ascii("2")],
          [ascii("c"), ascii("3")],
          [ascii("d"), ascii("4")],
        ],
        "after the batch",
      );
    }));

  it("takes an empty batch", () =>
    withStore(factory, async (store) => {
      await store.batch([], { sync: true });
      await store.batch([], WRITE);
      assert((await dump(store)).length === 0, "nothing was written");
    }));

  it("applies batches in the order of the calls, awaited or not", () =>
    withStore(factory, async (store) => {
      const key = ascii("key");
      const calls: Promise<void>[] = [];
      for (let i = 0; i < 200; i++) {
        const rows = Array.from(
          { length: i % 7 === 0 ? 300 : 1 },
          (_, row): BatchOperation => ({
            type: "put",
            key: Uint8Array.of(1, row >> 8, row & 0xff),
            value: Uint8Array.of(i),
          }),
        );
        calls.push(
          store.batch([...rows, { type: "put", key, value: Uint8Array.of(i) }], {
            sync: i % 50 === 0,
          }),
        );
      }
      await Promise.all(calls);
      assertBytes(await store.get(key), Uint8Array.of(199), "the last call's value");
      assertBytes(await store.get(Uint8Array.of(1, 0, 1)), Uint8Array.of(196), "the last long one");
    }));

  it("takes ten thousand operations at once", () =>
    withStore(factory, async (store) => {
      const operations = Array.from({ length: 10_000 }, (_, i): BatchOperation => {
        const key = Uint8Array.of(i >> 8, i & 0xff);
        return { type: "put", key, value: key };
      });
      await store.batch(operations, { sync: true });
      assert((await dump(store)).length === 10_000, "all are there");
    }));
}
