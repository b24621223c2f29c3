import { nobleSha3 } from "./sha3-noble.ts";

/** One way to compute SHA3-256. */
export interface Sha3Backend {
  /** `wasm`, `node-crypto`, `noble`: for logs and benches. */
  readonly name: string;
  /** The digest of `bytes`: 32 bytes that belong to the caller. */
  hash(bytes: Uint8Array): Uint8Array;
  /** The digest of all `parts` in a row: 32 bytes that belong to the caller. */
  hashParts(parts: readonly Uint8Array[]): Uint8Array;
}

/** Around the ends of a block (136 bytes), and longer than the kernel takes at once. */
const PROBE_LENGTHS = [0, 32, 65, 135, 136, 137, 271, 272, 20_000];

/**
 * Does `backend` agree with noble on a message of each critical length, whole and in two parts?
 * Asked once, before a backend is used: a wrong hash would be a consensus fault.
 */
export function isSoundSha3(backend: Sha3Backend): boolean {
  try {
    return agreesWithNoble(backend);
  } catch {
    return false;
  }
}

function agreesWithNoble(backend: Sha3Backend): boolean {
  return PROBE_LENGTHS.every((length) => {
    const message = Uint8Array.from({ length }, (_, index) => index * 7 + length);
    const middle = length >> 1;
    const expected = nobleSha3.hash(message);
    return [
      backend.hash(message),
      backend.hashParts([message.subarray(0, middle), message.subarray(middle)]),
    ].every(
      (digest) =>
        digest.length === expected.length &&
        digest.every((byte, index) => byte === expected[index]),
    );
  });
}
