import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BenchCase, BenchSuite } from "../../../scripts/harness.ts";
import { type BatchOperation, openMemory, type StorageEngine } from "../src/index.ts";
import { openLevel } from "../src/level/index.ts";

const ROWS = 100_000;
const BATCH = 1000;
const VALUE_BYTES = 100;

/** Random 32-byte keys and 100-byte values, as unspent outputs are. */
export default async function storage(): Promise<BenchSuite> {
  const path = mkdtempSync(join(tmpdir(), "bystack-storage-bench-"));
  const level = await openLevel(path);
  const memory = await openMemory();
  const keys = Array.from({ length: ROWS }, () => crypto.getRandomValues(new Uint8Array(32)));
  const value = crypto.getRandomValues(new Uint8Array(VALUE_BYTES));
  const batches: BatchOperation[][] = [];
  for (let from = 0; from < ROWS; from += BATCH)
    batches.push(keys.slice(from, from + BATCH).map((key) => ({ type: "put", key, value })));
  for (const store of [memory, level])
    for (const operations of batches) await store.batch(operations, { sync: false });

  const chosen = Array.from(
    { length: BATCH },
    (_, i) => keys[(i * 7919) % ROWS] ?? new Uint8Array(1),
  );
  const casesOf = (name: string, store: StorageEngine): BenchCase[] => {
    let turn = 0;
    const write = (sync: boolean) => () =>
      store.batch(batches[turn++ % batches.length] ?? [], { sync });
    const against = (what: string) => (store === memory ? {} : { comparedTo: `memory, ${what}` });
    return [
      {
        name: `${name}, batch of 1,000 puts, sync`,
        operations: BATCH,
        run: write(true),
        ...against("batch of 1,000 puts, sync"),
      },
      {
        name: `${name}, batch of 1,000 puts`,
        operations: BATCH,
        run: write(false),
        ...against("batch of 1,000 puts"),
      },
      {
        name: `${name}, getMany of 1,000`,
        operations: BATCH,
        run: () => store.getMany(chosen),
        ...against("getMany of 1,000"),
      },
      {
        name: `${name}, get`,
        run: () => store.get(keys[turn++ % ROWS] ?? new Uint8Array(1)),
        ...against("get"),
      },
      {
        name: `${name}, iterate 10,000`,
        operations: 10_000,
        run: async () => {
          for await (const _ of store.iterate({ limit: 10_000 })) void _;
        },
        ...against("iterate 10,000"),
      },
      {
        name: `${name}, snapshot`,
        run: async () => (await store.snapshot()).close(),
        ...against("snapshot"),
      },
    ];
  };
  return {
    name: "storage engines",
    notes: [`${ROWS} rows, keys of 32 random bytes, values of ${VALUE_BYTES} bytes`],
    cases: [...casesOf("memory", memory), ...casesOf("level", level)],
    close: async () => {
      await level.close();
      rmSync(path, { recursive: true });
    },
  };
}
