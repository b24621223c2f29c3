/**
 * Why a store refused or failed.
 *
 * - `store-conflict`: an expectation of the batch did not hold; nothing was written
 * - `store-locked`: another opener holds the store
 * - `store-key`: a key is not 1 to 255 bytes
 * - `store-value`: a value is above 16 MiB
 * - `store-batch`: a batch is above `capabilities.maxBatchBytes`
 * - `store-topology`: the database cannot give the guarantees (for example MongoDB without a replica set)
 * - `store-corrupt`: what is on disk is damaged
 * - `store-closed`: the store, snapshot or iteration was closed
 * - `store-full`: no space or quota is left, see `cause`
 * - `store-unavailable`: any other failure of the disk or database, see `cause`
 *
 * A batch that ended in one of the last two is not in the store; if the cause was the disk, then
 * after opening again it is there whole or not at all, and until then further batches are refused.
 */
export type StorageErrorCode =
  | "store-conflict"
  | "store-locked"
  | "store-key"
  | "store-value"
  | "store-batch"
  | "store-topology"
  | "store-corrupt"
  | "store-closed"
  | "store-full"
  | "store-unavailable";

/** What a {@link StorageError} knows besides its code; each field is there where it applies. */
export interface StorageErrorFacts {
  /** Where the store is: a directory or a connection without its password. */
  readonly path?: string | undefined;
  /** The key that was refused or whose expectation did not hold. */
  readonly key?: Uint8Array | undefined;
  /** Bytes that were asked for: of the key, the value or the batch. */
  readonly size?: number | undefined;
  /** Bytes that are allowed. */
  readonly limit?: number | undefined;
  /** The failure underneath. */
  readonly cause?: unknown;
}

/**
 * The one error of every storage engine.
 *
 * @see spec 94-parallel-validation, section 7 "Storage engine"
 */
export class StorageError extends Error {
  override readonly name = "StorageError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: StorageErrorCode;
  /** Where the store is: a directory or a connection without its password. */
  readonly path: string | undefined;
  /** The key that was refused or whose expectation did not hold. */
  readonly key: Uint8Array | undefined;
  /** Bytes that were asked for: of the key, the value or the batch. */
  readonly size: number | undefined;
  /** Bytes that are allowed. */
  readonly limit: number | undefined;

  constructor(code: StorageErrorCode, facts: StorageErrorFacts = {}) {
    super(describe(code, facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.path = facts.path;
    this.key = facts.key;
    this.size = facts.size;
    this.limit = facts.limit;
  }
}

const SENTENCES: Readonly<Record<StorageErrorCode, string>> = {
  "store-conflict": "an expected value is no longer in the store",
  "store-locked": "the store is in use by another opener",
  "store-key": "a key must have 1 to 255 bytes",
  "store-value": "a value is too large",
  "store-batch": "a batch is too large",
  "store-topology": "the database cannot give the guarantees of a store",
  "store-corrupt": "the store is damaged",
  "store-closed": "the store is closed",
  "store-full": "no space is left for the store",
  "store-unavailable": "the store cannot be reached",
};

function describe(code: StorageErrorCode, facts: StorageErrorFacts): string {
  let text = `${code}: ${SENTENCES[code]}`;
  if (facts.path !== undefined) text += `, at ${facts.path}`;
  if (facts.key !== undefined && facts.key.length <= MAX_KEY_SHOWN)
    text += `, key ${hex(facts.key)}`;
  if (facts.size !== undefined) text += `, ${facts.size} bytes`;
  if (facts.limit !== undefined) text += `, limit ${facts.limit}`;
  if (facts.cause instanceof Error) text += ` (${facts.cause.message})`;
  return text;
}

const MAX_KEY_SHOWN = 255;

function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}
