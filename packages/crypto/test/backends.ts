import { type SignatureBackend, signatureBackends } from "../src/index.ts";
import { loadSodium } from "../src/sodium.ts";
import { loadSodiumNative } from "../src/sodium-native.ts";

/** Every signature backend that this package knows: all of them run in Node. */
export const backends: readonly SignatureBackend[] = [
  loadSodiumNative(),
  ...signatureBackends(),
  await loadSodium(),
];
