import { hex } from "./hex.ts";

/** SHA3-256 of bytes that come in pieces; one digest each. */
export interface Sha3Stream {
  update(bytes: Uint8Array): void;
  /** 32 bytes; the stream is of no use afterwards. */
  digest(): Uint8Array;
}

/** One way to compute SHA3-256. */
export interface Sha3Backend {
  /** `wasm`, `node-crypto`, `noble`: for logs and benches. */
  readonly name: string;
  /** The digest of `bytes`: 32 bytes that belong to the caller. */
  hash(bytes: Uint8Array): Uint8Array;
  /** The digest of all `parts` in a row: 32 bytes that belong to the caller. */
  hashParts(parts: readonly Uint8Array[]): Uint8Array;
  /** A new stream; any number may be open at a time. */
  createStream(): Sha3Stream;
}

/**
 * Lengths of {@link probeMessage} and digests: the ends of a block of 136 bytes, and more than the
 * WebAssembly kernel takes at once (2176 bytes). Written down, because computing them with noble,
 * not yet compiled, would hold up a program's first hash by 10 ms.
 */
export const SHA3_PROBES: readonly (readonly [length: number, digest: string])[] = [
  [0, "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a"],
  [65, "3b29ebb82405122d6b853bd061cb0ca3b682ffba052609811d3310e5b570b1f0"],
  [135, "a936dec012587abe2bee1422bd71aa34ca72f35da145948cdf9e03a50e7e1c9b"],
  [136, "bdd56554bf27dee4a5d55347bc41811864f1bc07afd58416ce76862888580fee"],
  [2200, "ba7d565f20d1ea189bdf4bdd65a8546d7110ed8b21556bbfad9f4057f676c180"],
];

/** A message of `length` bytes; the lanes within a block all differ. */
export function probeMessage(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index * 7 + length);
}

/**
 * Does `backend` give the known digests, of whole messages, of parts and of streams? Asked once,
 * before a backend is used: a wrong hash would be a consensus fault.
 */
export function isSoundSha3(backend: Sha3Backend): boolean {
  try {
    return SHA3_PROBES.every(([length, digest]) => {
      const message = probeMessage(length);
      const parts = [message.subarray(0, length >> 1), message.subarray(length >> 1)];
      const expected = hex(digest);
      const stream = backend.createStream();
      for (const part of parts) stream.update(part);
      return [backend.hash(message), backend.hashParts(parts), stream.digest()].every(
        (actual) =>
          actual.length === expected.length &&
          actual.every((byte, index) => byte === expected[index]),
      );
    });
  } catch {
    return false;
  }
}
