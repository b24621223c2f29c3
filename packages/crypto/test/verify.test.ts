import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/ed25519-verify/verify.json" with { type: "json" };
import { createVerifier, verify } from "../src/index.ts";
import { backends } from "./backends.ts";
import { sign } from "./signing.ts";

it("has two native, a WebAssembly and the exact backend to test", () => {
  expect(backends.map(({ name }) => name)).toEqual([
    "sodium-native",
    "node-crypto",
    "noble",
    "libsodium",
  ]);
});

describe.each(backends)("the rule over $name", (backend) => {
  const verifyBy = createVerifier(backend);

  it("gives the recorded verdict in all 592 edge cases", () => {
    expect(vectors.length).toBe(592);
    for (const [index, { kind, pubkey, message, signature, valid }] of vectors.entries())
      expect(
        verifyBy(hexToBytes(message), hexToBytes(signature), hexToBytes(pubkey)),
        `${index}: ${kind}`,
      ).toBe(valid);
  });

  it("takes bytes of a wrong length for no signature and no key", () => {
    const { message, signature, publicKey } = sign({
      message: new Uint8Array(),
      secret: 3n,
      nonce: 5n,
    });
    expect(verifyBy(message, signature, publicKey)).toBe(true);
    for (const length of [0, 1, 31, 33, 64]) {
      const key = new Uint8Array(length);
      key.set(publicKey.subarray(0, length));
      expect(verifyBy(message, signature, key)).toBe(false);
    }
    for (const length of [0, 32, 63, 65, 128]) {
      const other = new Uint8Array(length);
      other.set(signature.subarray(0, length));
      expect(verifyBy(message, other, publicKey)).toBe(false);
    }
  });

  it("neither changes its arguments nor depends on where they lie", () => {
    const surplus = sign({ message: Uint8Array.of(1, 2), secret: 3n, nonce: 5n, surplus: 1n });
    const { message, signature, publicKey } = surplus;
    const block = new Uint8Array(200);
    block.set(message, 3);
    block.set(signature, 7);
    block.set(publicKey, 101);
    const before = block.slice();
    const views = [block.subarray(3, 5), block.subarray(7, 71), block.subarray(101, 133)] as const;
    expect(verifyBy(...views)).toBe(true);
    expect(block).toEqual(before);
    const shared = new Uint8Array(new SharedArrayBuffer(block.length));
    shared.set(block);
    const sharedViews = [shared.subarray(3, 5), shared.subarray(7, 71), shared.subarray(101, 133)];
    expect(verifyBy(...(sharedViews as unknown as typeof views))).toBe(true);
    expect(verifyBy(Buffer.from(message), Buffer.from(signature), Buffer.from(publicKey))).toBe(
      true,
    );
  });

  it("checks messages of a megabyte", () => {
    const long = sign({ message: new Uint8Array(2 ** 20).fill(7), secret: 11n, nonce: 13n });
    expect(verifyBy(long.message, long.signature, long.publicKey)).toBe(true);
    expect(verifyBy(long.message.subarray(1), long.signature, long.publicKey)).toBe(false);
  });
});

it("chooses a backend by itself", () => {
  const { message, signature, publicKey } = sign({
    message: new Uint8Array(),
    secret: 3n,
    nonce: 5n,
  });
  expect(verify(message, signature, publicKey)).toBe(true);
  expect(verify(Uint8Array.of(0), signature, publicKey)).toBe(false);
});
