import { createPublicKey, type KeyObject, verify as nativeVerify } from "node:crypto";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import type { BenchCase, BenchSuite } from "../../../scripts/harness.ts";
import {
  createVerifier,
  type SignatureBackend,
  signatureBackend,
  signatureBackends,
  type Verifier,
} from "../src/index.ts";
import { loadSodium } from "../src/sodium.ts";
import { loadSodiumNative } from "../src/sodium-native.ts";

const DER_PREFIX = Uint8Array.of(0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0);

/** Each signature by another key, as a chain sees them: the import of the key is part of the cost. */
export default async function signature(): Promise<BenchSuite[]> {
  // Benches run bundled, away from this package's own dependencies.
  const require = createRequire(resolve("packages/crypto/package.json"));
  const backends = [
    loadSodiumNative(require.resolve("sodium-native")),
    ...signatureBackends(),
    await loadSodium(),
  ];
  const signed = Array.from({ length: 64 }, (_, index) => {
    const secret = Uint8Array.from({ length: 32 }, (_, i) => i + index);
    const message = Uint8Array.from({ length: 32 }, (_, i) => i ^ index);
    return {
      message,
      signature: ed25519.sign(message, secret),
      publicKey: ed25519.getPublicKey(secret),
    };
  });
  const checking = (name: string, verify: Verifier, comparedTo: string): BenchCase => ({
    name,
    operations: signed.length,
    comparedTo,
    run() {
      for (const { message, signature, publicKey } of signed)
        if (!verify(message, signature, publicKey)) throw new Error(`${name} rejected a signature`);
    },
  });
  const rule: BenchSuite = {
    name: "ed25519 signatures, raw backends and the chain's rule over them",
    timeMs: 1500,
    cases: backends.flatMap((backend: SignatureBackend) => [
      checking(`${backend.name}, raw`, (...all) => backend.verify(...all), "noble, raw"),
      checking(`${backend.name}, rule`, createVerifier(backend), `${backend.name}, raw`),
    ]),
    notes: [`behind verify: ${signatureBackend().name}`],
  };

  const jwk = (key: Uint8Array) => ({
    key: { kty: "OKP", crv: "Ed25519", x: Buffer.from(key).toString("base64url") },
    format: "jwk" as const,
  });
  const der = (key: Uint8Array) => ({
    key: Buffer.concat([DER_PREFIX, key]),
    format: "der" as const,
    type: "spki" as const,
  });
  const kept = new Map<Uint8Array, KeyObject>();
  for (const { publicKey } of signed) kept.set(publicKey, createPublicKey(jwk(publicKey)));
  const imports: BenchSuite = {
    name: "ed25519 by node:crypto, ways to import the key",
    timeMs: 1500,
    cases: [
      checking("kept", (m, s, key) => nativeVerify(null, m, kept.get(key) ?? jwk(key), s), "kept"),
      checking("JWK", (m, s, key) => nativeVerify(null, m, jwk(key), s), "kept"),
      checking("DER", (m, s, key) => nativeVerify(null, m, der(key), s), "kept"),
    ],
  };
  return [rule, imports];
}
