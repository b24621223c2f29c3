import { StorageError, type StorageErrorCode } from "../error.ts";

const CODES: Readonly<Record<string, StorageErrorCode>> = {
  LEVEL_LOCKED: "store-locked",
  LEVEL_CORRUPTION: "store-corrupt",
  LEVEL_ITERATOR_NOT_OPEN: "store-closed",
  LEVEL_BATCH_NOT_OPEN: "store-closed",
  LEVEL_SNAPSHOT_NOT_OPEN: "store-closed",
  ENOSPC: "store-full",
  EDQUOT: "store-full",
};

/** LevelDB gives the words of `strerror` and no number. */
const FULL = /No space left on device|Disk quota exceeded|not enough space on the disk/i;

/** The error of this package for one of the LevelDB binding or the file system. */
export function storageErrorOf(cause: unknown, path: string): StorageError {
  if (cause instanceof StorageError) return cause;
  let isClosed = false;
  // The binding wraps: "database is not open", because "the lock is held".
  for (let error = cause; error instanceof Error; error = error.cause) {
    const name = "code" in error && typeof error.code === "string" ? error.code : "";
    if (name === "LEVEL_DATABASE_NOT_OPEN") isClosed = true;
    const code = FULL.test(error.message) ? "store-full" : CODES[name];
    if (code !== undefined) return new StorageError(code, { path, cause: error });
    if (error.cause === undefined && !(isClosed && error === cause))
      return new StorageError("store-unavailable", { path, cause: error });
  }
  return new StorageError(isClosed ? "store-closed" : "store-unavailable", { path, cause });
}
