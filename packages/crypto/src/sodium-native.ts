/**
 * libsodium as compiled code (the npm package `sodium-native`) as a signature backend: twice as fast
 * as node:crypto. An entry point of its own because it needs Node, and that package to be installed.
 */

import { isCofactorless } from "./ed25519-probes.ts";
import { CryptoError } from "./error.ts";
import type { SignatureBackend } from "./signature-backend.ts";

const NAME = "sodium-native";

/** What is used of the package. */
interface SodiumNative {
  crypto_sign_verify_detached(
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ): boolean;
}

/** What is used of `node:module`. */
interface NodeModule {
  createRequire(from: string): ((id: string) => unknown) & { resolve(id: string): string };
}

/**
 * Loads the package `sodium-native`, an optional peer dependency. Give the result to
 * `useSignatureBackend` or `createVerifier`.
 *
 * @param file the package's main file, absolute: where another thread has loaded it from
 *   (`backend.file`); found among the installed packages when left out
 * @throws {@link CryptoError} `backend-unavailable`: this is not Node, the package is not installed,
 *   or it has no binary for this platform; `backend-disagrees`: its equation is not the rule's
 *
 * @example
 * ```ts
 * useSignatureBackend(loadSodiumNative());
 * ```
 */
export function loadSodiumNative(file?: string): SignatureBackend {
  const { sodium, location } = load(file);
  const backend: SignatureBackend = {
    name: NAME,
    file: location,
    verify: (message, signature, publicKey) =>
      sodium.crypto_sign_verify_detached(own(signature), own(message), own(publicKey)),
  };
  if (!isCofactorless(backend)) throw new CryptoError("backend-disagrees", NAME);
  return backend;
}

function load(file: string | undefined): { sodium: SodiumNative; location: string } {
  try {
    const { process } = globalThis as unknown as {
      process: { getBuiltinModule(name: "node:module"): NodeModule };
    };
    const { url } = import.meta as { readonly url?: string };
    // Not an import: bundles for browsers must not look for it, and those for Node cannot hold it.
    const require = process.getBuiltinModule("node:module").createRequire(file ?? url ?? "");
    const location = file ?? require.resolve("sodium-native");
    return { sodium: require(location) as SodiumNative, location };
  } catch (cause) {
    throw new CryptoError("backend-unavailable", NAME, { cause });
  }
}

/** On Node 20 the addon cannot read shared memory: it answers `undefined`. */
function own(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer ? bytes : bytes.slice();
}
