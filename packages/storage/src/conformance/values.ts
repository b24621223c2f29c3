/** Point 1: what a key and a value may be. */
import type { BatchOperation, StorageEngine } from "../engine.ts";
import { ascii, assert, assertBytes, assertRejects, dump, withStore } from "./assert.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";
import { randomFrom } from "./random.ts";

const WRITE = { sync: false };
const EMPTY = new Uint8Array(0);

export function valueTests({ it }: ConformanceHarness, factory: StorageFactory): void {
  it("puts, gets, replaces and deletes", () =>
    withStore(factory, async (store) => {
      const key = ascii("key");
      assertBytes(await store.get(key), undefined, "before the put");
      await store.batch([{ type: "put", key, value: ascii("one") }], WRITE);
      assertBytes(await store.get(key), ascii("one"), "after the put");
      await store.batch([{ type: "put", key, value: ascii("two") }], WRITE);
      assertBytes(await store.get(key), ascii("two"), "after the second put");
      await store.batch([{ type: "del", key }], WRITE);
      assertBytes(await store.get(key), undefined, "after the deletion");
      await store.batch([{ type: "del", key }], WRITE);
    }));

  it("tells an empty value from an absent one", () =>
    withStore(factory, async (store) => {
      await store.batch([{ type: "put", key: ascii("empty"), value: EMPTY }], WRITE);
      assertBytes(await store.get(ascii("empty")), EMPTY, "get");
      const [empty, absent] = await store.getMany([ascii("empty"), ascii("absent")]);
      assertBytes(empty, EMPTY, "getMany, empty");
      assertBytes(absent, undefined, "getMany, absent");
      const entries = await dump(store);
      assert(entries.length === 1, "one entry to iterate");
      assertBytes(entries[0]?.[1], EMPTY, "iterate");
    }));

  it("gives getMany's values in the order of the keys, repeated and absent ones too", () =>
    withStore(factory, async (store) => {
      const keys = [3, 1, 9, 1, 2].map((n) => Uint8Array.of(n));
      await store.batch(
        [1, 2, 3].map((n) => ({ type: "put", key: Uint8Array.of(n), value: Uint8Array.of(n, n) })),
        WRITE,
      );
      const values = await store.getMany(keys);
      const expected = [3, 1, undefined, 1, 2];
      assert(values.length === expected.length, "as many values as keys");
      for (const [i, n] of expected.entries())
        assertBytes(values[i], n === undefined ? undefined : Uint8Array.of(n, n), `value ${i}`);
      assert((await store.getMany([])).length === 0, "no keys, no values");
    }));

  it("takes keys of any bytes, 1 to 255 of them", () =>
    withStore(factory, async (store) => {
      const random = randomFrom(1);
      const keys = [
        ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
        ...Array.from({ length: 254 }, (_, i) => random.bytes(i + 2)),
        new Uint8Array(255),
        new Uint8Array(255).fill(0xff),
        Uint8Array.of(0, 0xff, 0),
        Uint8Array.of(0xff, 0, 0xff),
      ];
      const valueFor = (key: Uint8Array): Uint8Array => Uint8Array.of(...key, key.length);
      await store.batch(
        keys.map((key) => ({ type: "put", key, value: valueFor(key) })),
        WRITE,
      );
      const values = await store.getMany(keys);
      for (const [i, key] of keys.entries())
        assertBytes(values[i], valueFor(key), `key of ${key.length} bytes`);
    }));

  it("refuses an empty key and one of 256 bytes everywhere, and writes nothing then", () =>
    withStore(factory, async (store) => {
      for (const key of [EMPTY, new Uint8Array(256)]) {
        const what = `key of ${key.length} bytes`;
        await refusesKey(store, key, what);
        const snapshot = await store.snapshot();
        await assertRejects(snapshot.get(key), "store-key", `${what}, snapshot get`);
        await assertRejects(snapshot.getMany([key]), "store-key", `${what}, snapshot getMany`);
        await snapshot.close();
      }
      assert((await dump(store)).length === 0, "nothing was written");
    }));

  it("takes values of 16 MiB and refuses one byte more", () =>
    withStore(factory, async (store) => {
      const value = new Uint8Array(16 * 2 ** 20);
      for (let i = 0; i < value.length; i += 4093) value[i] = i & 0xff;
      await store.batch([{ type: "put", key: ascii("large"), value }], { sync: true });
      assertBytes(await store.get(ascii("large")), value, "get");
      assertBytes((await dump(store))[0]?.[1], value, "iterate");
      const tooLarge = new Uint8Array(16 * 2 ** 20 + 1);
      const error = await assertRejects(
        store.batch(
          [
            { type: "put", key: ascii("a"), value: ascii("small") },
            { type: "put", key: ascii("b"), value: tooLarge },
          ],
          WRITE,
        ),
        "store-value",
        "one byte more",
      );
      assert(error.size === tooLarge.length, "the error has the size");
      assertBytes(await store.get(ascii("a")), undefined, "nothing of that batch was written");
    }));

  it("refuses a batch above its own limit, and writes nothing then", () =>
    withStore(factory, async (store) => {
      const { maxBatchBytes } = store.capabilities;
      const value = new Uint8Array(16 * 2 ** 20);
      const count = Math.ceil(maxBatchBytes / value.length);
      const operations = Array.from(
        { length: count },
        (_, i): BatchOperation => ({ type: "put", key: Uint8Array.of(i >> 8, i & 0xff), value }),
      );
      const error = await assertRejects(
        store.batch([...operations, { type: "put", key: ascii("last"), value }], WRITE),
        "store-batch",
        "a batch above maxBatchBytes",
      );
      assert(error.limit === maxBatchBytes, "the error has the limit");
      assert((await dump(store)).length === 0, "nothing was written");
    }));

  it("copies bytes at the border", () =>
    withStore(factory, async (store) => {
      const key = ascii("key");
      const value = ascii("value");
      const operation: BatchOperation = { type: "put", key, value };
      const done = store.batch([operation, { type: "put", key: ascii("tip"), value: key }], WRITE);
      key.fill(0);
      value.fill(0);
      await done;
      const got = await store.get(ascii("key"));
      assertBytes(got, ascii("value"), "changed after the call");
      got?.fill(0);
      for await (const [k, v] of store.iterate()) {
        k.fill(0);
        v.fill(0);
      }
      assertBytes(await store.get(ascii("key")), ascii("value"), "changed after the get");
      assertBytes(await store.get(ascii("tip")), ascii("key"), "changed while iterating");
    }));
}

async function refusesKey(store: StorageEngine, key: Uint8Array, what: string): Promise<void> {
  const good = { type: "put", key: ascii("good"), value: EMPTY } as const;
  const refused: [string, () => Promise<unknown>][] = [
    ["get", () => store.get(key)],
    ["getMany", () => store.getMany([ascii("good"), key])],
    ["put", () => store.batch([good, { type: "put", key, value: EMPTY }], WRITE)],
    ["del", () => store.batch([good, { type: "del", key }], WRITE)],
    ["expect", () => store.batch([good], { ...WRITE, expect: [{ key, value: undefined }] })],
  ];
  for (const [name, call] of refused) await assertRejects(call(), "store-key", `${what}, ${name}`);
}
