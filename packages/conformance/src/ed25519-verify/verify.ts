import { createRequire } from "node:module";
import { resolve } from "node:path";
import { createVerifier, signatureBackends } from "@bystack/crypto";
import { loadSodium } from "@bystack/crypto/sodium";
import { loadSodiumNative } from "@bystack/crypto/sodium-native";
import { bytes, equal, flag, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";

/** A case passes when every backend that this machine has gives the recorded verdict. */
export const verify: Handler = async (file, context) => {
  // The suite runs bundled, away from this package's own dependencies.
  const require = createRequire(resolve("packages/conformance/package.json"));
  const backends = [
    loadSodiumNative(require.resolve("sodium-native")),
    ...signatureBackends(),
    await loadSodium(),
  ];
  const verifiers = backends.map((backend) => ({
    name: backend.name,
    verify: createVerifier(backend),
  }));
  context.note(`backends: ${backends.map(({ name }) => name).join(", ")}`);
  for (const [index, item] of list(file, "file").entries())
    await context.check(`case ${index}`, () => {
      const fields = object(item, "case");
      const publicKey = bytes(fields["pubkey"], "pubkey");
      const message = bytes(fields["message"], "message");
      const signature = bytes(fields["signature"], "signature");
      const valid = flag(fields["valid"], "valid");
      for (const { name, verify } of verifiers)
        equal(verify(message, signature, publicKey), valid, `verdict by ${name}`);
    });
};
