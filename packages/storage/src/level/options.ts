import { DEFAULT_MAX_BATCH_BYTES } from "../check.ts";

/** Options of `openLevel`. */
export interface LevelOptions {
  /** Create the directory and the store where they are missing; true when left out. */
  readonly create?: boolean | undefined;
  /** Memory for blocks read from disk, uncompressed, bytes; 32 MiB when left out. */
  readonly cacheBytes?: number | undefined;
  /**
   * Size at which the log becomes a sorted table, bytes; 16 MiB when left out. Up to two such
   * buffers are in memory, and opening after a crash reads one again.
   */
  readonly writeBufferBytes?: number | undefined;
  /** Files kept open at a time; 1,000 when left out. */
  readonly maxOpenFiles?: number | undefined;
  /** Compress blocks with Snappy; true when left out. */
  readonly compression?: boolean | undefined;
  /** Largest batch, bytes of keys and values; 128 MiB when left out. */
  readonly maxBatchBytes?: number | undefined;
}

/** {@link LevelOptions} with every choice made. */
export interface LevelSettings {
  readonly create: boolean;
  readonly maxBatchBytes: number;
  /** In the words of the LevelDB binding. */
  readonly database: {
    readonly cacheSize: number;
    readonly writeBufferSize: number;
    readonly maxOpenFiles: number;
    readonly compression: boolean;
  };
}

/** @throws RangeError when a size is not a whole number of 1 or more */
export function settingsOf(options: LevelOptions): LevelSettings {
  return {
    create: options.create ?? true,
    maxBatchBytes: size("maxBatchBytes", options.maxBatchBytes ?? DEFAULT_MAX_BATCH_BYTES),
    database: {
      cacheSize: size("cacheBytes", options.cacheBytes ?? 32 * 2 ** 20),
      writeBufferSize: size("writeBufferBytes", options.writeBufferBytes ?? 16 * 2 ** 20),
      maxOpenFiles: size("maxOpenFiles", options.maxOpenFiles ?? 1000),
      compression: options.compression ?? true,
    },
  };
}

function size(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`${name}: ${value}`);
  return value;
}
