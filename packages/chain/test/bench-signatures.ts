import { createRequire } from "node:module";
import { resolve } from "node:path";
import { type SignatureBackend, signatureBackends } from "@bystack/crypto";
import { loadSodiumNative } from "@bystack/crypto/sodium-native";

/** Libraries for signatures, the fastest first; without the exact rule on noble. */
export function benchBackends(): SignatureBackend[] {
  // Benches run bundled, away from the package that has the addon.
  const addons = createRequire(resolve("packages/crypto/package.json"));
  const native = loadSodiumNative(addons.resolve("sodium-native"));
  return [native, ...signatureBackends().filter(({ name }) => name !== "noble")];
}
