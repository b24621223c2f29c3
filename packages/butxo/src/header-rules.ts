/**
 * What a block takes from the headers before it: its earliest time and its proof-of-work seed.
 *
 * @see spec 10-ledger, sections 8.2 "Median time" and 8.5 "Seed"
 */
import { sha3 } from "@bystack/crypto";

/** How many blocks the median time is taken over: the parent and ten ancestors. */
export const MEDIAN_BLOCKS = 11;
/** Blocks that share a seed. */
export const SEED_BLOCKS = 256n;

/**
 * The upper median of timestamps: those of the parent and of up to ten ancestors, in any order. A block's own
 * timestamp must be greater.
 *
 * @throws RangeError when there are none
 */
export function medianTime(timestamps: readonly bigint[]): bigint {
  const sorted = [...timestamps].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const median = sorted[sorted.length >> 1];
  if (median === undefined) throw new RangeError("no timestamps");
  return median;
}

/** The seed of the first blocks, 32 bytes: SHA3 of 32 zero bytes. */
export function initialSeed(): Uint8Array {
  return sha3(new Uint8Array(32));
}

/**
 * The seed of a child of `parent`, 32 bytes: blocks 1 … 256 have the initial seed, 257 … 512 the hash of block 256,
 * and so on.
 *
 * @param parent its own seed counts unless a new one begins with its child
 */
export function nextSeed(parent: {
  readonly height: bigint;
  readonly hash: Uint8Array;
  readonly seed: Uint8Array;
}): Uint8Array {
  if (parent.height === 0n) return initialSeed();
  return parent.height % SEED_BLOCKS === 0n ? parent.hash : parent.seed;
}
