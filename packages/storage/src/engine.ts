/**
 * The seam between whoever keeps state and whatever keeps bytes: an ordered byte-key store with
 * atomic batches and snapshots. Two engines are here (memory, LevelDB); every other one must pass
 * the suite of `@bystack/storage/conformance`.
 *
 * What holds for each of them:
 *
 * - Keys have 1 to 255 bytes, values 0 to 16 MiB. An empty value is not an absent one.
 * - Keys compare as unsigned bytes; a shorter key comes before its extensions.
 * - A batch is all or nothing, for readers and across a crash; batches take effect in the order
 *   of the calls, also when the caller does not wait.
 * - One opener at a time; a second one gets `store-locked`.
 * - Bytes are copied at the border: neither side sees what the other does with its array later.
 *
 * @see spec 94-parallel-validation, section 7.1 "Interface"
 */

/** A key and its value. */
export type Entry = readonly [key: Uint8Array, value: Uint8Array];

/**
 * Which keys to go through, and how. All bounds that are given hold together; without any, the
 * whole store. See `prefixRange` for "all keys that begin with".
 */
export interface KeyRange {
  /** Lower bound, itself included. */
  readonly gte?: Uint8Array | undefined;
  /** Lower bound, itself left out. */
  readonly gt?: Uint8Array | undefined;
  /** Upper bound, itself included. */
  readonly lte?: Uint8Array | undefined;
  /** Upper bound, itself left out. */
  readonly lt?: Uint8Array | undefined;
  /** From the last key to the first; ascending when left out. */
  readonly reverse?: boolean | undefined;
  /** At most so many entries, 0 or more; all when left out. */
  readonly limit?: number | undefined;
}

/** What can be read from a store and from a snapshot of it. */
export interface StorageReader {
  /**
   * The value under `key`, undefined when there is none.
   *
   * @throws {@link StorageError} `store-key` | `store-closed` | `store-corrupt` | `store-unavailable`
   */
  get(key: Uint8Array): Promise<Uint8Array | undefined>;

  /**
   * The values under `keys`, in the same order, in one round trip and at one point in time. Prefer
   * it to many `get`: a block's inputs are loaded by one call.
   *
   * @throws {@link StorageError} `store-key` | `store-closed` | `store-corrupt` | `store-unavailable`
   */
  getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]>;

  /**
   * The entries of a range in key order, as they were when the iteration started (at the first
   * step of `for await`); later batches are not seen. Leaving the loop early frees what it holds.
   *
   * @throws RangeError when `limit` is not a whole number of 0 or more
   * @throws {@link StorageError} (while iterating) `store-closed` | `store-corrupt` | `store-unavailable`
   */
  iterate(range?: KeyRange): AsyncIterable<Entry>;
}

/** The content of a store at one point in time. Holds resources of the engine: close it. */
export interface Snapshot extends StorageReader {
  /** Frees what the snapshot holds; reading from it is then `store-closed`. May be called again. */
  close(): Promise<void>;
}

/** One change of a batch. Deleting what is not there is no error. */
export type BatchOperation =
  | { readonly type: "put"; readonly key: Uint8Array; readonly value: Uint8Array }
  | { readonly type: "del"; readonly key: Uint8Array };

/** What must be in the store, immediately before a batch, for the batch to be written. */
export interface Expectation {
  readonly key: Uint8Array;
  /** These very bytes, or undefined: the key is absent. */
  readonly value: Uint8Array | undefined;
}

/** How a batch is written. */
export interface BatchOptions {
  /** True: durable before the promise resolves. False: atomic, but a power cut may lose it. */
  readonly sync: boolean;
  /**
   * Compare-and-set: the batch is written only if all of these hold, and nothing comes between the
   * comparison and the write. Otherwise `store-conflict`, and nothing is written.
   */
  readonly expect?: readonly Expectation[] | undefined;
}

/** What an engine can do. */
export interface StorageCapabilities {
  /** True for an engine that also keeps relational mirrors of the rows. */
  readonly sql?: boolean;
  /** One opener at a time, always. */
  readonly concurrentWriters: false;
  /** Largest batch: the sum of the lengths of its keys and values, in bytes. */
  readonly maxBatchBytes: number;
}

/** An ordered byte-key store with atomic batches and snapshots. */
export interface StorageEngine extends StorageReader {
  readonly capabilities: StorageCapabilities;

  /**
   * Opens the store again after `close`. What a factory such as `openLevel` gives is open already;
   * opening an open store changes nothing.
   *
   * @throws {@link StorageError} `store-locked` | `store-corrupt` | `store-full` | `store-unavailable`
   */
  open(): Promise<void>;

  /**
   * Waits for batches on their way, ends snapshots and iterations, and lets go of the lock.
   * Whatever is called afterwards is `store-closed`. May be called again.
   */
  close(): Promise<void>;

  /**
   * Writes all operations or none. Of several operations on one key the last one wins. An empty
   * batch writes nothing, but its expectations are checked.
   *
   * @throws {@link StorageError} `store-conflict` | `store-key` | `store-value` | `store-batch` |
   *   `store-closed` | `store-full` | `store-corrupt` | `store-unavailable`
   *
   * @example
   * await store.batch([{ type: "put", key: TIP, value: next }], {
   *   sync: true,
   *   expect: [{ key: TIP, value: previous }],
   * });
   */
  batch(operations: readonly BatchOperation[], options: BatchOptions): Promise<void>;

  /**
   * The content of the store now, whole batches only.
   *
   * @throws {@link StorageError} `store-closed`
   */
  snapshot(): Promise<Snapshot>;
}
