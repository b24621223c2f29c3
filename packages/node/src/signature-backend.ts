import {
  CryptoError,
  type SignatureBackend,
  signatureBackend,
  useSignatureBackend,
} from "@bystack/crypto";
import { loadSodiumNative } from "@bystack/crypto/sodium-native";
import { NodeError } from "./error.ts";

/** Libraries that the node can check signatures by; `auto` takes the fastest that is here. */
export type SignatureLibrary = "auto" | "sodium-native" | "node-crypto";

export const SIGNATURE_LIBRARIES: readonly SignatureLibrary[] = [
  "auto",
  "sodium-native",
  "node-crypto",
];

/**
 * Chooses what checks signatures in this thread and in the workers that it starts. The verdicts are
 * the same by each library; the speed is not.
 *
 * @returns the name of the one in use
 * @throws {@link NodeError} `bad-option`: the one asked for is not here
 */
export function chooseSignatureBackend(library: SignatureLibrary): string {
  useSignatureBackend(library === "node-crypto" ? undefined : nativeBackend(library));
  return signatureBackend().name;
}

/** Undefined where the addon has no binary for this platform: then node:crypto serves. */
function nativeBackend(library: "auto" | "sodium-native"): SignatureBackend | undefined {
  try {
    return loadSodiumNative();
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    if (library === "auto") return undefined;
    throw new NodeError(
      "bad-option",
      "sodium-native cannot be loaded here: leave --signatures out, or install the package.",
      { cause },
    );
  }
}
