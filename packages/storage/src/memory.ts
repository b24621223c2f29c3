import { checkBatch, checkKey, DEFAULT_MAX_BATCH_BYTES, isExpected } from "./check.ts";
import type {
  BatchOperation,
  BatchOptions,
  Entry,
  KeyRange,
  Snapshot,
  StorageCapabilities,
  StorageEngine,
} from "./engine.ts";
import { StorageError } from "./error.ts";
import { checkOpen, type Life } from "./life.ts";
import { type Bounds, boundsOf } from "./range.ts";
import { entries, find, Tree, type TreeNode } from "./tree.ts";

/** Options of {@link openMemory}. */
export interface MemoryOptions {
  /** Largest batch, bytes of keys and values; 128 MiB when left out. */
  readonly maxBatchBytes?: number | undefined;
}

/**
 * A store in memory, for tests, simulators and browsers. Snapshots and iterations cost nothing to
 * take; a batch after one copies only what it touches. Closing keeps the content, so that `open`
 * finds it again; it is gone with the object.
 *
 * @example
 * const store = await openMemory();
 * await store.batch([{ type: "put", key, value }], { sync: true });
 */
export async function openMemory(options: MemoryOptions = {}): Promise<StorageEngine> {
  return new MemoryEngine(options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES);
}

class MemoryEngine implements StorageEngine {
  readonly capabilities: StorageCapabilities;
  readonly #tree = new Tree();
  #life: Life = { isOpen: true };

  constructor(maxBatchBytes: number) {
    this.capabilities = { concurrentWriters: false, maxBatchBytes };
  }

  async open(): Promise<void> {
    if (!this.#life.isOpen) this.#life = { isOpen: true };
  }

  async close(): Promise<void> {
    this.#life.isOpen = false;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    checkOpen(this.#life);
    checkKey(key);
    return copyOf(this.#tree.get(key));
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    checkOpen(this.#life);
    for (const key of keys) checkKey(key);
    return keys.map((key) => copyOf(this.#tree.get(key)));
  }

  iterate(range: KeyRange = {}): AsyncIterable<Entry> {
    const bounds = boundsOf(range);
    return {
      [Symbol.asyncIterator]: () => walk(() => this.#tree.version(), bounds, [this.#life]),
    };
  }

  async batch(operations: readonly BatchOperation[], options: BatchOptions): Promise<void> {
    checkOpen(this.#life);
    checkBatch(operations, this.capabilities.maxBatchBytes);
    for (const { key, value } of options.expect ?? []) {
      checkKey(key);
      if (!isExpected(this.#tree.get(key), value))
        throw new StorageError("store-conflict", { key });
    }
    // All that can fail comes before the first change: a batch is whole or nothing.
    const copies = operations.map((operation) => ({
      key: new Uint8Array(operation.key),
      value: operation.type === "put" ? new Uint8Array(operation.value) : undefined,
    }));
    for (const { key, value } of copies) {
      if (value === undefined) this.#tree.delete(key);
      else this.#tree.put(key, value);
    }
  }

  async snapshot(): Promise<Snapshot> {
    checkOpen(this.#life);
    return new MemorySnapshot(this.#tree.version(), this.#life);
  }
}

class MemorySnapshot implements Snapshot {
  #root: TreeNode | undefined;
  readonly #lives: readonly Life[];
  readonly #own: Life = { isOpen: true };

  constructor(root: TreeNode, store: Life) {
    this.#root = root;
    this.#lives = [store, this.#own];
  }

  async close(): Promise<void> {
    this.#own.isOpen = false;
    this.#root = undefined;
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    const root = this.#open();
    checkKey(key);
    return copyOf(find(root, key));
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    const root = this.#open();
    for (const key of keys) checkKey(key);
    return keys.map((key) => copyOf(find(root, key)));
  }

  iterate(range: KeyRange = {}): AsyncIterable<Entry> {
    const bounds = boundsOf(range);
    return { [Symbol.asyncIterator]: () => walk(() => this.#open(), bounds, this.#lives) };
  }

  #open(): TreeNode {
    for (const life of this.#lives) checkOpen(life);
    if (this.#root === undefined) throw new StorageError("store-closed");
    return this.#root;
  }
}

/** Goes through a version for as long as everything it hangs on is open. */
async function* walk(
  version: () => TreeNode,
  bounds: Bounds,
  lives: readonly Life[],
): AsyncGenerator<Entry, void, undefined> {
  for (const life of lives) checkOpen(life);
  for (const [key, value] of entries(version(), bounds)) {
    yield [new Uint8Array(key), new Uint8Array(value)];
    for (const life of lives) checkOpen(life);
  }
}

function copyOf(value: Uint8Array | undefined): Uint8Array | undefined {
  return value === undefined ? undefined : new Uint8Array(value);
}
