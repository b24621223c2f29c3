import { CryptoError } from "./error.ts";
import { nodeCrypto } from "./node-crypto.ts";
import { isSoundSha3, type Sha3Backend, type Sha3Stream } from "./sha3-backend.ts";
import { nobleSha3 } from "./sha3-noble.ts";
import { nodeSha3 } from "./sha3-node.ts";
import { wasmSha3 } from "./sha3-wasm.ts";

/** From this many bytes on OpenSSL is faster than the kernel (test/hash.bench.ts). */
const NATIVE_FROM = 2048;

let chosen: Sha3Backend | undefined;

/**
 * SHA3-256 (FIPS 202) of `bytes`: 32 bytes.
 *
 * @example
 * ```ts
 * const digest = sha3(new TextEncoder().encode("abc"));
 * ```
 */
export function sha3(bytes: Uint8Array): Uint8Array {
  chosen ??= chooseSha3Backend();
  return chosen.hash(bytes);
}

/**
 * SHA3-256 of all `parts` in a row: 32 bytes, the same as `sha3` of their concatenation, which is
 * not built.
 *
 * @example
 * ```ts
 * const node = sha3Concat(Uint8Array.of(1), left, right);
 * ```
 */
export function sha3Concat(...parts: readonly Uint8Array[]): Uint8Array {
  chosen ??= chooseSha3Backend();
  return chosen.hashParts(parts);
}

/**
 * SHA3-256 of input that is too long to be held at once. What fits in memory is faster with `sha3`.
 *
 * @example
 * ```ts
 * const stream = createSha3();
 * for (const row of rows) stream.update(row);
 * const digest = stream.digest();
 * ```
 */
export function createSha3(): Sha3Stream {
  chosen ??= chooseSha3Backend();
  return chosen.createStream();
}

/** The backends that work on this machine, each a new one; noble, the reference, is the last. */
export function sha3Backends(): readonly Sha3Backend[] {
  const crypto = nodeCrypto();
  const fast = [wasmSha3(), crypto && nodeSha3(crypto)];
  return [...fast.filter((backend) => backend !== undefined).filter(isSoundSha3), nobleSha3];
}

/** The backend behind `sha3`; chooses one when that has not happened yet. */
export function sha3Backend(): Sha3Backend {
  chosen ??= chooseSha3Backend();
  return chosen;
}

/**
 * Puts `backend` behind `sha3` in this thread; without one the choice is made anew at the next use.
 *
 * @throws {@link CryptoError} `backend-disagrees`: it does not compute SHA3-256
 */
export function useSha3Backend(backend?: Sha3Backend): void {
  if (backend !== undefined && !isSoundSha3(backend))
    throw new CryptoError("backend-disagrees", backend.name);
  chosen = backend;
}

function chooseSha3Backend(): Sha3Backend {
  const backends = sha3Backends();
  const wasm = backends.find(({ name }) => name === "wasm");
  const native = backends.find(({ name }) => name === "node-crypto");
  if (wasm === undefined) return native ?? nobleSha3;
  return native === undefined ? wasm : byLength(wasm, native);
}

/** Neither is best for every length: `short` costs less per call, `long` less per byte. */
function byLength(short: Sha3Backend, long: Sha3Backend): Sha3Backend {
  return {
    name: `${short.name}, ${long.name} from ${NATIVE_FROM} bytes`,
    hash: (bytes) => (bytes.length < NATIVE_FROM ? short : long).hash(bytes),
    hashParts: (parts) => short.hashParts(parts),
    createStream: () => short.createStream(),
  };
}
