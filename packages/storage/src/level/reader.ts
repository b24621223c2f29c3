import type { ClassicLevel } from "classic-level";
import { checkKey } from "../check.ts";
import type { Entry, KeyRange, Snapshot, StorageReader } from "../engine.ts";
import { checkOpen, type Life } from "../life.ts";
import { type Bounds, boundsOf, isEmptyRange } from "../range.ts";
import { storageErrorOf } from "./error.ts";

/** The LevelDB binding with bytes on both sides. */
export type Database = ClassicLevel<Uint8Array, Uint8Array>;
type DatabaseSnapshot = ReturnType<Database["snapshot"]>;

/** Many readers want only the first entry; whoever goes on gets longer steps. */
const FIRST_STEP = 16;
const NEXT_STEP = 1000;
/** What one step reads ahead, so that large values do not pile up. */
const STEP_BYTES = 64 * 1024;

/** Reads a database, or a snapshot of it, for as long as everything it hangs on is open. */
export class LevelReader implements StorageReader {
  readonly #path: string;
  readonly #database: Database;
  readonly #lives: readonly Life[];
  readonly #from: { readonly snapshot?: DatabaseSnapshot };

  constructor(
    path: string,
    database: Database,
    lives: readonly Life[],
    snapshot?: DatabaseSnapshot,
  ) {
    this.#path = path;
    this.#database = database;
    this.#lives = lives;
    this.#from = snapshot === undefined ? {} : { snapshot };
  }

  async get(key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#checkOpen();
    checkKey(key);
    try {
      return plain(await this.#database.get(key, this.#from));
    } catch (error) {
      throw storageErrorOf(error, this.#path);
    }
  }

  async getMany(keys: readonly Uint8Array[]): Promise<(Uint8Array | undefined)[]> {
    this.#checkOpen();
    for (const key of keys) checkKey(key);
    try {
      return (await this.#database.getMany([...keys], this.#from)).map(plain);
    } catch (error) {
      throw storageErrorOf(error, this.#path);
    }
  }

  iterate(range: KeyRange = {}): AsyncIterable<Entry> {
    const bounds = boundsOf(range);
    return { [Symbol.asyncIterator]: () => this.walk(bounds) };
  }

  async *walk(bounds: Bounds): AsyncGenerator<Entry, void, undefined> {
    this.#checkOpen();
    if (isEmptyRange(bounds)) return;
    const iterator = this.#database.iterator({
      ...databaseRange(bounds),
      ...this.#from,
      highWaterMarkBytes: STEP_BYTES,
    });
    try {
      for (let step = FIRST_STEP; ; step = NEXT_STEP) {
        const entries = await iterator.nextv(step);
        if (entries.length === 0) return;
        for (const [key, value] of entries) {
          this.#checkOpen();
          yield [bytes(key), bytes(value)];
        }
      }
    } catch (error) {
      throw storageErrorOf(error, this.#path);
    } finally {
      await iterator.close();
    }
  }

  #checkOpen(): void {
    for (const life of this.#lives) checkOpen(life);
  }
}

/** A snapshot of a database: a reader with an end. */
export class LevelSnapshot extends LevelReader implements Snapshot {
  readonly #snapshot: DatabaseSnapshot;
  readonly #own: Life;

  constructor(path: string, database: Database, store: Life) {
    const own = { isOpen: true };
    const snapshot = database.snapshot();
    super(path, database, [store, own], snapshot);
    this.#snapshot = snapshot;
    this.#own = own;
  }

  async close(): Promise<void> {
    this.#own.isOpen = false;
    await this.#snapshot.close();
  }
}

/** The binding gives a Node Buffer, whose `slice` and `toString` differ from a plain array's. */
function bytes(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}

function plain(buffer: Uint8Array | undefined): Uint8Array | undefined {
  return buffer === undefined ? undefined : bytes(buffer);
}

function databaseRange({ lower, upper, reverse, limit }: Bounds): {
  gt?: Uint8Array;
  gte?: Uint8Array;
  lt?: Uint8Array;
  lte?: Uint8Array;
  reverse: boolean;
  limit: number;
} {
  return {
    ...(lower === undefined ? {} : lower.inclusive ? { gte: lower.key } : { gt: lower.key }),
    ...(upper === undefined ? {} : upper.inclusive ? { lte: upper.key } : { lt: upper.key }),
    reverse,
    limit,
  };
}
