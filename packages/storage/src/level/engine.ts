import { ClassicLevel } from "classic-level";
import { checkBatch, checkKey, isExpected } from "../check.ts";
import type {
  BatchOperation,
  BatchOptions,
  Entry,
  Expectation,
  KeyRange,
  Snapshot,
  StorageCapabilities,
  StorageEngine,
} from "../engine.ts";
import { StorageError } from "../error.ts";
import { checkOpen, type Life } from "../life.ts";
import { boundsOf } from "../range.ts";
import { type Directory, reserveDirectory } from "./directory.ts";
import { storageErrorOf } from "./error.ts";
import { type LevelOptions, type LevelSettings, settingsOf } from "./options.ts";
import { type Database, LevelReader, LevelSnapshot } from "./reader.ts";

/**
 * Opens a store on disk: one directory, LevelDB inside. Node only; keys and values lie in LevelDB
 * as they are given, so that other LevelDB tools read the same rows.
 *
 * @param path directory of the store, made where it is missing
 * @throws {@link StorageError} `store-locked` | `store-corrupt` | `store-full` | `store-unavailable`
 * @throws RangeError when a size in `options` is not a whole number of 1 or more
 *
 * @example
 * const store = await openLevel("data/chain", { cacheBytes: 256 * 2 ** 20 });
 * try {
 *   await store.batch([{ type: "put", key, value }], { sync: true });
 * } finally {
 *   await store.close();
 * }
 *
 * @see spec 94-parallel-validation, section 7.2 "Engines"
 */
export async function openLevel(path: string, options: LevelOptions = {}): Promise<StorageEngine> {
  const engine = new LevelEngine(path, settingsOf(options));
  await engine.open();
  return engine;
}

class LevelEngine implements StorageEngine {
  readonly capabilities: StorageCapabilities;
  readonly #path: string;
  readonly #settings: LevelSettings;
  #session: Session | undefined;
  /** Ends when the latest `open` or `close` has: they take turns. */
  #transition: Promise<void> = Promise.resolve();

  constructor(path: string, settings: LevelSettings) {
    this.#path = path;
    this.#settings = settings;
    this.capabilities = { concurrentWriters: false, maxBatchBytes: settings.maxBatchBytes };
  }

  open(): Promise<void> {
    return this.#takeTurn(async () => {
      this.#session ??= await Session.open(this.#path, this.#settings);
    });
  }

  close(): Promise<void> {
    if (this.#session !== undefined) this.#session.life.isOpen = false;
    return this.#takeTurn(async () => {
      const session = this.#session;
      if (session === undefined) return;
      await session.end();
      this.#session = undefined;
    });
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    return this.#open().reader.get(key);
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    return this.#open().reader.getMany(keys);
  }

  iterate(range: KeyRange = {}): AsyncIterable<Entry> {
    const bounds = boundsOf(range);
    return {
      [Symbol.asyncIterator]: () => this.#session?.reader.walk(bounds) ?? closed(),
    };
  }

  async batch(operations: readonly BatchOperation[], options: BatchOptions): Promise<void> {
    const session = this.#open();
    checkBatch(operations, this.capabilities.maxBatchBytes);
    return session.batch(operations, options);
  }

  async snapshot(): Promise<Snapshot> {
    const { database, life } = this.#open();
    return new LevelSnapshot(this.#path, database, life);
  }

  #open(): Session {
    const session = this.#session;
    if (session === undefined) throw new StorageError("store-closed", { path: this.#path });
    checkOpen(session.life);
    return session;
  }

  #takeTurn(change: () => Promise<void>): Promise<void> {
    const done = this.#transition.then(change);
    this.#transition = done.catch(() => {});
    return done;
  }
}

/** The time between an `open` and its `close`. */
class Session {
  readonly life: Life = { isOpen: true };
  readonly database: Database;
  readonly reader: LevelReader;
  readonly #directory: Directory;
  readonly #path: string;
  /** Ends when the latest batch has: they are written in the order of the calls. */
  #written: Promise<void> = Promise.resolve();
  /**
   * A failed write leaves a torn record in the log. LevelDB appends behind it as if nothing were,
   * and drops all of that when the log is replayed, synced or not. So nothing more is written until
   * the store is reopened.
   */
  #failure: StorageError | undefined;

  private constructor(path: string, directory: Directory, database: Database) {
    this.#path = path;
    this.#directory = directory;
    this.database = database;
    this.reader = new LevelReader(path, database, [this.life]);
  }

  static async open(path: string, settings: LevelSettings): Promise<Session> {
    const directory = await reserveDirectory(path, settings.create);
    try {
      const database: Database = new ClassicLevel(directory.path, {
        keyEncoding: "view",
        valueEncoding: "view",
        createIfMissing: settings.create,
        ...settings.database,
      });
      await database.open();
      return new Session(path, directory, database);
    } catch (error) {
      directory.release();
      throw storageErrorOf(error, path);
    }
  }

  /** Lets the batches on their way end; the binding waits for the reads. */
  async end(): Promise<void> {
    await this.#written;
    try {
      await this.database.close();
    } catch (error) {
      throw storageErrorOf(error, this.#path);
    }
    this.#directory.release();
  }

  async batch(operations: readonly BatchOperation[], options: BatchOptions): Promise<void> {
    const expected = (options.expect ?? []).map(({ key, value }): Expectation => {
      checkKey(key);
      return {
        key: new Uint8Array(key),
        value: value === undefined ? undefined : new Uint8Array(value),
      };
    });
    // Filled now, because the caller may change its arrays while the batch waits for its turn. A
    // chained batch goes over to native code row by row, at a quarter of the cost of an array.
    const write = this.database.batch();
    for (const operation of operations) {
      if (operation.type === "put") write.put(operation.key, operation.value);
      else write.del(operation.key);
    }
    const done = this.#written.then(async () => {
      try {
        await this.#checkWritable(expected);
      } catch (error) {
        await write.close();
        throw storageErrorOf(error, this.#path);
      }
      try {
        await write.write({ sync: options.sync });
      } catch (error) {
        this.#failure = storageErrorOf(error, this.#path);
        throw this.#failure;
      }
    });
    this.#written = done.catch(() => {});
    return done;
  }

  async #checkWritable(expected: readonly Expectation[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    if (expected.length === 0) return;
    const present = await this.database.getMany(expected.map(({ key }) => key));
    for (const [i, { key, value }] of expected.entries()) {
      if (!isExpected(present[i], value))
        throw new StorageError("store-conflict", { path: this.#path, key });
    }
  }
}

function closed(): AsyncIterator<Entry> {
  return { next: () => Promise.reject(new StorageError("store-closed")) };
}
