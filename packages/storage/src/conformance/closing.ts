/** What holds around `open` and `close`. */
import type { StorageEngine } from "../engine.ts";
import { StorageError } from "../error.ts";
import { ascii, assert, assertBytes, assertRejects, dump, withStore } from "./assert.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";

const KEY = ascii("key");

export function closingTests({ it }: ConformanceHarness, factory: StorageFactory): void {
  it("answers store-closed to everything after close, and may be closed again", () =>
    withStore(factory, async (store) => {
      const snapshot = await store.snapshot();
      const iterable = store.iterate();
      await store.close();
      await store.close();
      const calls: [string, () => Promise<unknown>][] = [
        ["get", () => store.get(KEY)],
        ["getMany", () => store.getMany([KEY])],
        ["iterate", () => dump(store)],
        ["an iterable made before", () => nextOf(iterable)],
        ["batch", () => store.batch([{ type: "del", key: KEY }], { sync: false })],
        ["snapshot", () => store.snapshot()],
        ["a snapshot's get", () => snapshot.get(KEY)],
        ["a snapshot's getMany", () => snapshot.getMany([KEY])],
        ["a snapshot's iterate", () => dump(snapshot)],
      ];
      for (const [what, call] of calls) await assertRejects(call(), "store-closed", what);
      await snapshot.close();
    }));

  it("has everything again after close and open, also what was not synced", () =>
    withStore(factory, async (store) => {
      await store.batch([{ type: "put", key: KEY, value: ascii("synced") }], { sync: true });
      await store.batch([{ type: "put", key: ascii("b"), value: ascii("not") }], { sync: false });
      for (let i = 0; i < 3; i++) {
        await store.close();
        await store.open();
        await store.open();
        assertBytes(await store.get(KEY), ascii("synced"), `opening ${i}`);
        assertBytes(await store.get(ascii("b")), ascii("not"), `opening ${i}`);
      }
    }));

  it("ends a running iteration with store-closed", () =>
    withStore(factory, async (store) => {
      await fill(store, 2000);
      const entries = store.iterate()[Symbol.asyncIterator]();
      for (let i = 0; i < 5; i++) assert((await entries.next()).done !== true, "an entry");
      await store.close();
      await assertRejects(entries.next(), "store-closed", "the next entry");
      assert((await entries.next()).done === true, "and that is the end");
    }));

  it("writes the batches on their way and lets reads end, one way or the other", () =>
    withStore(factory, async (store) => {
      await fill(store, 500);
      const keys = Array.from({ length: 500 }, (_, i) => Uint8Array.of(i >> 8, i & 0xff));
      const reads = [
        ...keys.map((key) => store.get(key)),
        ...Array.from({ length: 20 }, () => store.getMany(keys)),
        ...Array.from({ length: 20 }, () => dump(store)),
      ];
      const writes = Array.from({ length: 20 }, (_, i) =>
        store.batch([{ type: "put", key: ascii("last"), value: Uint8Array.of(i) }], {
          sync: i % 5 === 0,
        }),
      );
      const closing = [store.close(), store.close()];
      const [outcomes, written] = await Promise.all([
        Promise.allSettled(reads),
        Promise.allSettled(writes),
      ]);
      for (const outcome of outcomes) {
        if (outcome.status === "fulfilled") continue;
        const { reason } = outcome;
        assert(
          reason instanceof StorageError && reason.code === "store-closed",
          `a read during close: ${reason}`,
        );
      }
      await Promise.all(closing);
      for (const { status } of written)
        assert(status === "fulfilled", "a batch called before close was not written");
      await store.open();
      assertBytes(await store.get(ascii("last")), Uint8Array.of(19), "the last batch");
    }));

  it("opens and closes in the order of the calls", () =>
    withStore(factory, async (store) => {
      await Promise.all([store.close(), store.open(), store.close(), store.open()]);
      await fill(store, 1);
      await Promise.all([store.open(), store.close()]);
      await assertRejects(store.get(KEY), "store-closed", "close came last");
      await store.open();
      assert((await dump(store)).length === 1, "the row is there");
    }));
}

async function fill(store: StorageEngine, count: number): Promise<void> {
  const value = new Uint8Array(100);
  await store.batch(
    Array.from({ length: count }, (_, i) => ({
      type: "put",
      key: Uint8Array.of(i >> 8, i & 0xff),
      value,
    })),
    { sync: false },
  );
}

async function nextOf(entries: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of entries) return;
}
