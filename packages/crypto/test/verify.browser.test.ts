import { hexToBytes } from "@noble/hashes/utils.js";
import { afterAll, describe, expect, it } from "vitest";
import vectors from "../../../vectors/ed25519-verify/verify.json" with { type: "json" };
import {
  createVerifier,
  signatureBackend,
  signatureBackends,
  useSignatureBackend,
  verify,
} from "../src/index.ts";
import { loadSodium } from "../src/sodium.ts";

const cases = vectors.map(({ kind, pubkey, message, signature, valid }) => ({
  kind,
  arguments: [hexToBytes(message), hexToBytes(signature), hexToBytes(pubkey)] as const,
  valid,
}));
const sodium = await loadSodium();

afterAll(() => useSignatureBackend());

it("chooses noble by itself, and libsodium when given", () => {
  expect(signatureBackend().name).toBe("noble");
  useSignatureBackend(sodium);
  expect(signatureBackend().name).toBe("libsodium");
  for (const { kind, arguments: given, valid } of cases) expect(verify(...given), kind).toBe(valid);
});

describe.each([...signatureBackends(), sodium])("the rule over $name", (backend) => {
  const verifyBy = createVerifier(backend);

  it("gives the recorded verdict in all 592 edge cases", () => {
    expect(cases.length).toBe(592);
    for (const { kind, arguments: given, valid } of cases)
      expect(verifyBy(...given), kind).toBe(valid);
  });

  it("tells its speed", () => {
    const ordinary = cases.filter(({ kind }) => kind === "valid");
    let rate = 0;
    for (let round = 0; round < 4; round++) {
      const start = performance.now();
      let count = 0;
      for (let i = 0; i < 10; i++)
        for (const { arguments: given } of ordinary) {
          verifyBy(...given);
          count++;
        }
      rate = Math.max(rate, (count * 1000) / (performance.now() - start));
    }
    console.log(`ed25519 by ${backend.name}: ${Math.round(rate)} verifications/s`);
  });
});
