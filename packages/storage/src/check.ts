import { equalBytes } from "./bytes.ts";
import type { BatchOperation } from "./engine.ts";
import { StorageError } from "./error.ts";

/** Longest key, bytes; the shortest has 1. */
export const MAX_KEY_BYTES = 255;
/** Largest value, bytes: 16 MiB. */
export const MAX_VALUE_BYTES: number = 16_777_216;
/** Largest batch of the engines of this package unless told otherwise, bytes: 128 MiB. */
export const DEFAULT_MAX_BATCH_BYTES: number = 134_217_728;

/**
 * Refuses what cannot be a key. For builders of engines.
 *
 * @throws {@link StorageError} `store-key`
 */
export function checkKey(key: Uint8Array): void {
  if (!(key instanceof Uint8Array) || key.length === 0 || key.length > MAX_KEY_BYTES)
    throw new StorageError("store-key", { key, size: key?.length, limit: MAX_KEY_BYTES });
}

/**
 * Refuses a batch that no engine may write. For builders of engines: call it before anything is
 * written.
 *
 * @returns the size of the batch: the sum of the lengths of its keys and values
 * @throws {@link StorageError} `store-key` | `store-value` | `store-batch`
 */
export function checkBatch(operations: readonly BatchOperation[], maxBatchBytes: number): number {
  let bytes = 0;
  for (const operation of operations) {
    checkKey(operation.key);
    bytes += operation.key.length;
    if (operation.type === "put") {
      const { key, value } = operation;
      if (!(value instanceof Uint8Array) || value.length > MAX_VALUE_BYTES)
        throw new StorageError("store-value", { key, size: value?.length, limit: MAX_VALUE_BYTES });
      bytes += value.length;
    }
  }
  if (bytes > maxBatchBytes)
    throw new StorageError("store-batch", { size: bytes, limit: maxBatchBytes });
  return bytes;
}

/** Is what the store has what an expectation wants? For builders of engines. */
export function isExpected(
  present: Uint8Array | undefined,
  expected: Uint8Array | undefined,
): boolean {
  if (present === undefined || expected === undefined) return present === expected;
  return equalBytes(present, expected);
}
