/**
 * Tensority hashes that are known without computing them.
 *
 * @see spec 40-tensority, section 9 "When the check is made, caches, test shortcuts"
 */
import { sha3 } from "@bystack/crypto";
import { checkLength } from "./error.ts";
import { HASH_BYTES } from "./seed.ts";

/**
 * Known hashes by block hash and seed, the least recently used forgotten first. Nothing enters by
 * itself: whoever adds a result vouches for it, as sync does for blocks below a checkpoint.
 *
 * Every method throws TensorityError `wrong-length`.
 */
export interface ResultCache {
  /** Known hashes. */
  readonly size: number;
  /** Makes a hash known. All arguments have 32 bytes. */
  add(headerHash: Uint8Array, seed: Uint8Array, hash: Uint8Array): void;
  remove(headerHash: Uint8Array, seed: Uint8Array): void;
  /** The hash made known for this block under this seed. */
  get(headerHash: Uint8Array, seed: Uint8Array): Uint8Array | undefined;
}

/**
 * An empty cache.
 *
 * @param limit hashes that it keeps
 * @example
 * const cache = createResultCache(1024);
 * cache.add(headerHash, seed, hash);
 * cache.get(headerHash, seed); // the hash, without computing it
 */
export function createResultCache(limit = 64): ResultCache {
  const known = new Map<string, Uint8Array>();
  return {
    get size() {
      return known.size;
    },
    add(headerHash, seed, hash) {
      checkLength(hash, HASH_BYTES, "hash");
      const key = keyOf(headerHash, seed);
      known.delete(key);
      known.set(key, hash.slice());
      const [oldest] = known.keys();
      if (known.size > limit && oldest !== undefined) known.delete(oldest);
    },
    remove(headerHash, seed) {
      known.delete(keyOf(headerHash, seed));
    },
    get(headerHash, seed) {
      const key = keyOf(headerHash, seed);
      const hash = known.get(key);
      if (hash === undefined) return undefined;
      known.delete(key);
      known.set(key, hash);
      return hash.slice();
    },
  };
}

function keyOf(headerHash: Uint8Array, seed: Uint8Array): string {
  const both = new Uint8Array(2 * HASH_BYTES);
  both.set(checkLength(headerHash, HASH_BYTES, "header hash"));
  both.set(checkLength(seed, HASH_BYTES, "seed"), HASH_BYTES);
  return String.fromCharCode(...sha3(both));
}
