/**
 * Does a Tensority hash prove enough work?
 *
 * @see spec 40-tensority, section 8 "Target check"
 */
import { checkLength } from "./error.ts";
import { HASH_BYTES } from "./seed.ts";

/**
 * Is the hash at or below the target?
 *
 * @param hash a Tensority hash, 32 bytes
 * @param target any integer: no hash meets a negative one, every hash one of 2^256 - 1 or above
 * @throws TensorityError `wrong-length`
 * @example
 * meetsTarget(new Uint8Array(32), 0n); // true
 */
export function meetsTarget(hash: Uint8Array, target: bigint): boolean {
  return hashValue(hash) <= target;
}

/** The hash as a number, little-endian: a good hash ends in zero bytes. */
function hashValue(hash: Uint8Array): bigint {
  checkLength(hash, HASH_BYTES, "hash");
  const view = new DataView(hash.buffer, hash.byteOffset, hash.byteLength);
  let value = 0n;
  for (let at = HASH_BYTES - 8; at >= 0; at -= 8)
    value = (value << 64n) | view.getBigUint64(at, true);
  return value;
}
