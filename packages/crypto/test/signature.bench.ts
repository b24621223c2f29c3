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

/** Each signature by another key, as a chain sees them: the import of the key is part of the cost. */
export default async function signature(): Promise<BenchSuite> {
  const backends = [...signatureBackends(), await loadSodium()];
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
  return {
    name: "ed25519 signatures, raw backends and the chain's rule over them",
    timeMs: 1500,
    cases: backends.flatMap((backend: SignatureBackend) => [
      checking(`${backend.name}, raw`, (...all) => backend.verify(...all), "noble, raw"),
      checking(`${backend.name}, rule`, createVerifier(backend), `${backend.name}, raw`),
    ]),
    notes: [`behind verify: ${signatureBackend().name}`],
  };
}
