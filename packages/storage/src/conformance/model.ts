/** Random use of an engine next to a plain map: the two must never differ. */
import { compareBytes } from "../bytes.ts";
import type {
  BatchOperation,
  Entry,
  KeyRange,
  Snapshot,
  StorageEngine,
  StorageReader,
} from "../engine.ts";
import { assertBytes, assertEntries, collect, dump, withStore } from "./assert.ts";
import type { ConformanceHarness, StorageFactory } from "./harness.ts";
import { type Random, randomFrom } from "./random.ts";

/** What an engine should answer, kept in the simplest way. */
export class Model {
  readonly #rows = new Map<string, Entry>();

  constructor(from: Iterable<Entry> = []) {
    for (const entry of from) this.#rows.set(String(entry[0]), entry);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.#rows.get(String(key))?.[1];
  }

  apply(operations: readonly BatchOperation[]): void {
    for (const operation of operations) {
      const { key } = operation;
      if (operation.type === "put") this.#rows.set(String(key), [key, operation.value]);
      else this.#rows.delete(String(key));
    }
  }

  /** In key order. */
  entries(): Entry[] {
    return [...this.#rows.values()].sort(([a], [b]) => compareBytes(a, b));
  }

  copy(): Model {
    return new Model(this.#rows.values());
  }
}

/** What a range selects from entries in key order. */
export function selectFrom(entries: readonly Entry[], range: KeyRange): readonly Entry[] {
  const { gte, gt, lte, lt, reverse = false, limit } = range;
  const selected = entries.filter(
    ([key]) =>
      (gte === undefined || compareBytes(key, gte) >= 0) &&
      (gt === undefined || compareBytes(key, gt) > 0) &&
      (lte === undefined || compareBytes(key, lte) <= 0) &&
      (lt === undefined || compareBytes(key, lt) < 0),
  );
  if (reverse) selected.reverse();
  return selected.slice(0, limit ?? selected.length);
}

export function modelTests(
  { it }: ConformanceHarness,
  factory: StorageFactory,
  seed: number,
): void {
  for (const run of [seed, seed + 1, seed + 2]) {
    it(`agrees with a map through 300 random steps and their snapshots, seed ${run}`, () =>
      withStore(factory, (store) => compare(store, randomFrom(run))));
  }
}

async function compare(store: StorageEngine, random: Random): Promise<void> {
  const model = new Model();
  const snapshots: { snapshot: Snapshot; model: Model }[] = [];
  for (let step = 0; step < 300; step++) {
    const choice = random.below(20);
    if (choice < 10) {
      const operations = Array.from({ length: random.below(30) }, () => randomOperation(random));
      await store.batch(operations, { sync: random.below(10) === 0 });
      model.apply(operations);
    } else if (choice < 12 && snapshots.length < 8) {
      snapshots.push({ snapshot: await store.snapshot(), model: model.copy() });
    } else if (choice < 13 && snapshots.length > 0) {
      const [taken] = snapshots.splice(random.below(snapshots.length), 1);
      await taken?.snapshot.close();
    } else if (choice < 19) {
      const taken = snapshots[random.below(snapshots.length + 1)];
      const what = `step ${step}, ${taken === undefined ? "store" : "snapshot"}`;
      await compareReads(taken?.snapshot ?? store, taken?.model ?? model, random, what);
    } else {
      await store.close();
      await store.open();
      snapshots.length = 0;
    }
  }
  assertEntries(await dump(store), model.entries(), "at the end");
  for (const { snapshot, model: then } of snapshots)
    assertEntries(await dump(snapshot), then.entries(), "a snapshot at the end");
}

async function compareReads(
  reader: StorageReader,
  model: Model,
  random: Random,
  what: string,
): Promise<void> {
  const keys = Array.from({ length: 1 + random.below(8) }, () => randomKey(random));
  const values = await reader.getMany(keys);
  for (const [i, key] of keys.entries()) {
    assertBytes(values[i], model.get(key), `${what}, getMany`);
    assertBytes(await reader.get(key), model.get(key), `${what}, get`);
  }
  const range: KeyRange = {
    ...(random.below(2) === 0 && { gte: randomKey(random) }),
    ...(random.below(3) === 0 && { lt: randomKey(random) }),
    reverse: random.below(2) === 0,
    limit: random.below(40),
  };
  assertEntries(await collect(reader.iterate(range)), selectFrom(model.entries(), range), what);
}

function randomOperation(random: Random): BatchOperation {
  const key = randomKey(random);
  if (random.below(3) === 0) return { type: "del", key };
  return { type: "put", key, value: random.bytes(random.below(6) === 0 ? 2000 : random.below(20)) };
}

/** From a few hundred keys, so that the steps meet. */
function randomKey(random: Random): Uint8Array {
  const length = 1 + random.below(3);
  return Uint8Array.from({ length }, () => [0, 1, 2, 0x7f, 0x80, 0xff][random.below(6)] ?? 0);
}
