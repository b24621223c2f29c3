import { sha3_256 } from "@noble/hashes/sha3.js";

/** SHA3-256 of bytes that come in pieces; one digest each. */
export interface Sha3Stream {
  update(bytes: Uint8Array): void;
  /** 32 bytes; the stream is of no use afterwards. */
  digest(): Uint8Array;
}

/**
 * For input that is too long to be held at once. Whatever fits in memory is faster with `sha3`.
 *
 * @example
 * ```ts
 * const stream = createSha3();
 * for (const row of rows) stream.update(row);
 * const digest = stream.digest();
 * ```
 */
export function createSha3(): Sha3Stream {
  const hash = sha3_256.create();
  return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
}
