export { compareBytes, equalBytes } from "./bytes.ts";
export {
  checkBatch,
  checkKey,
  DEFAULT_MAX_BATCH_BYTES,
  isExpected,
  MAX_KEY_BYTES,
  MAX_VALUE_BYTES,
} from "./check.ts";
export type {
  BatchOperation,
  BatchOptions,
  Entry,
  Expectation,
  KeyRange,
  Snapshot,
  StorageCapabilities,
  StorageEngine,
  StorageReader,
} from "./engine.ts";
export { StorageError, type StorageErrorCode, type StorageErrorFacts } from "./error.ts";
export { type MemoryOptions, openMemory } from "./memory.ts";
export { type Bound, type Bounds, boundsOf, isEmptyRange, prefixRange } from "./range.ts";
