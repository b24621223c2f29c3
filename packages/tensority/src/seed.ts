/**
 * The seed of a block, and the state that the scratchpad rounds start from.
 *
 * @see spec 40-tensority, sections 1 "Seed schedule" and 2 "Seed expansion"
 */
import { sha3 } from "@bystack/crypto";
import { checkLength } from "./error.ts";

/** Blocks that share a seed. */
export const SEED_PERIOD = 256n;

/** Bytes of a seed, a header hash and a Tensority hash. */
export const HASH_BYTES = 32;

/** Words of the state that goes through the scratchpad rounds. */
export const STATE_WORDS = 32;

/** What the seed schedule needs to know of a block. */
export interface SeedNode {
  readonly height: bigint;
  /** Block hash, 32 bytes. */
  readonly hash: Uint8Array;
  /** Seed of this block, 32 bytes. */
  readonly seed: Uint8Array;
}

/** The seed of blocks 1 to 256: SHA3-256 of 32 zero bytes. A fresh copy on each call. */
export function initialSeed(): Uint8Array {
  return sha3(new Uint8Array(HASH_BYTES));
}

/**
 * The seed of the block that follows `parent` on its own branch.
 *
 * The seed changes with the children of block 256, 512, ...; the hash of the genesis block is never
 * a seed.
 *
 * @returns 32 bytes; the parent's own array when the seed does not change
 */
export function nextSeed(parent: SeedNode): Uint8Array {
  if (parent.height === 0n) return initialSeed();
  return parent.height % SEED_PERIOD === 0n ? parent.hash : parent.seed;
}

/**
 * The first state of the scratchpad rounds: the seed and three hashes, each of the one before.
 *
 * @param seed 32 bytes
 * @returns 128 bytes, read as 32 little-endian words
 * @throws TensorityError `wrong-length`
 */
export function expandSeed(seed: Uint8Array): Uint8Array {
  const expanded = new Uint8Array(4 * HASH_BYTES);
  let part = checkLength(seed, HASH_BYTES, "seed");
  for (let offset = 0; offset < expanded.length; offset += HASH_BYTES) {
    expanded.set(part, offset);
    part = sha3(part);
  }
  return expanded;
}
