/**
 * From a seed to the state that the scratchpad rounds start from.
 *
 * @see spec 40-tensority, section 2 "Seed expansion"
 */
import { sha3 } from "@bystack/crypto";
import { checkLength } from "./error.ts";

/** Bytes of a seed, a header hash and a Tensority hash. */
export const HASH_BYTES = 32;

/** Words of the state that goes through the scratchpad rounds. */
export const STATE_WORDS = 32;

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
