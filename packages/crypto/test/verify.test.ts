import { hexToBytes } from "@noble/hashes/utils.js";
import { expect, it } from "vitest";
import vectors from "../../../vectors/ed25519-verify/verify.json" with { type: "json" };
import { verify } from "../src/index.ts";

it("gives the recorded verdict in all 592 edge cases", () => {
  for (const { kind, pubkey, message, signature, valid } of vectors)
    expect(verify(hexToBytes(message), hexToBytes(signature), hexToBytes(pubkey)), kind).toBe(
      valid,
    );
});
