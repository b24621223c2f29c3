import * as native from "@chainsafe/blst";
import { ED25519_TORSION_SUBGROUP, ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import {
  checkPossession,
  createBls12381,
  createBlst,
  createEd25519,
  createFakeScheme,
  type SignatureScheme,
} from "../src/index.ts";
import { createNodeEd25519 } from "../src/node/ed25519.ts";
import { secretOf } from "./helpers.ts";

const message = new TextEncoder().encode("the same for everybody");
const other = new TextEncoder().encode("another one");
const indexes = [0, 1, 2, 3];

describe.each<[string, SignatureScheme]>([
  ["ed25519", createEd25519()],
  ["ed25519 on node:crypto", createNodeEd25519()],
  ["bls12-381", createBls12381()],
  ["bls12-381 on blst", createBlst(native)],
  ["fake", createFakeScheme()],
])("%s", (_name, scheme) => {
  const keys = indexes.map((index) => scheme.publicKey(secretOf(index)));
  const sign = (index: number, text: Uint8Array) => scheme.sign(secretOf(index), text);
  const votes = indexes.map((signer) => ({ signer, signature: sign(signer, message) }));
  const parts = votes.map(({ signer, signature }) => ({ signers: [signer], signature }));

  it("combines in any order and verifies exactly the signers", () => {
    const combined = scheme.combine(parts);
    expect(scheme.combine([...parts].reverse())).toEqual(combined);
    expect(combined).toHaveLength(scheme.combinedLength(4));
    expect(scheme.verifyCombined(keys, indexes, message, combined)).toBe(true);
    expect(scheme.verifyCombined(keys, [0, 1, 2], message, combined)).toBe(false);
    expect(scheme.verifyCombined(keys, indexes, other, combined)).toBe(false);
    expect(scheme.verifyCombined(keys, [0, 1, 2, 9], message, combined)).toBe(false);
  });

  it("combines combinations", () => {
    const halves = [parts.slice(0, 2), parts.slice(2)].map((half) => ({
      signers: half.flatMap(({ signers }) => signers),
      signature: scheme.combine(half),
    }));
    expect(scheme.combine(halves)).toEqual(scheme.combine(parts));
  });

  it("verifies distinct messages together", () => {
    const mixed = scheme.combine([
      ...parts.slice(0, 3),
      { signers: [3], signature: sign(3, other) },
    ]);
    const groups = [
      { signers: [3], message: other },
      { signers: [0, 1, 2], message },
    ];
    expect(scheme.verifyMany(groups, keys, mixed)).toBe(true);
    expect(scheme.verifyMany([{ signers: indexes, message }], keys, mixed)).toBe(false);
    expect(scheme.verifyMany([], keys, mixed)).toBe(false);
  });

  it("names every invalid vote and no valid one", () => {
    expect(scheme.findInvalid(keys, message, votes)).toEqual([]);
    const bad = votes.map((vote) =>
      vote.signer % 2 === 1 ? { ...vote, signature: sign(vote.signer, other) } : vote,
    );
    expect(scheme.findInvalid(keys, message, bad)).toEqual([1, 3]);
    const short = [{ signer: 0, signature: new Uint8Array(3) }];
    expect(scheme.findInvalid(keys, message, short)).toEqual([0]);
  });

  it("refuses malformed signatures and keys without throwing", () => {
    const junk = new Uint8Array(scheme.signatureLength).fill(0xff);
    const [key = new Uint8Array()] = keys;
    expect(scheme.verify(key, message, junk)).toBe(false);
    expect(scheme.verify(key, message, new Uint8Array(0))).toBe(false);
    expect(scheme.verify(new Uint8Array(48), message, sign(0, message))).toBe(false);
  });

  it("proves possession", () => {
    const [key = new Uint8Array()] = keys;
    expect(scheme.verifyPossession(key, scheme.provePossession(secretOf(0)))).toBe(true);
    expect(scheme.verifyPossession(key, Uint8Array.of(1))).toBe(false);
    checkPossession(scheme, key, scheme.provePossession(secretOf(0)));
    expect(() => checkPossession(scheme, key, Uint8Array.of(1))).toThrow("pop");
    expect(() => checkPossession(scheme, Uint8Array.of(1), new Uint8Array(0))).toThrow("pop");
  });
});

describe("bls12-381", () => {
  it("is the same on blst", () => {
    const [portable, fast] = [createBls12381(), createBlst(native)];
    expect(fast.sign(secretOf(1), message)).toEqual(portable.sign(secretOf(1), message));
  });

  it.each([
    ["portable", createBls12381()],
    ["blst", createBlst(native)],
  ])("finds two invalid votes that cancel in the sum, %s", (_name, scheme) => {
    const keys = indexes.map((index) => scheme.publicKey(secretOf(index)));
    const swapped = [
      { signer: 0, signature: scheme.sign(secretOf(1), message) },
      { signer: 1, signature: scheme.sign(secretOf(0), message) },
    ];
    const sum = scheme.combine(
      swapped.map(({ signer, signature }) => ({ signers: [signer], signature })),
    );
    expect(scheme.verifyCombined(keys, [0, 1], message, sum)).toBe(true);
    expect(scheme.findInvalid(keys, message, swapped)).toEqual([0, 1]);
  });

  it("refuses infinity as key and as signature", () => {
    const scheme = createBls12381();
    const [key, signature] = [new Uint8Array(48), new Uint8Array(96)];
    key[0] = 0xc0;
    signature[0] = 0xc0;
    expect(scheme.verify(key, message, signature)).toBe(false);
    expect(createBlst(native).verify(key, message, signature)).toBe(false);
  });
});

describe.each([
  ["noble", createEd25519()],
  ["node:crypto", createNodeEd25519()],
])("ed25519, strict, %s", (_name, scheme) => {
  it("refuses keys and R of small order", () => {
    for (const hex of ED25519_TORSION_SUBGROUP) {
      const torsion = hexToBytes(hex);
      const signature = new Uint8Array(64);
      signature.set(torsion);
      expect(scheme.verify(torsion, message, signature)).toBe(false);
    }
  });

  it("refuses S + L", () => {
    const key = scheme.publicKey(secretOf(0));
    const signature = scheme.sign(secretOf(0), message);
    let carry = 0;
    const order = ed25519.Point.Fn.ORDER;
    for (let i = 0; i < 32; i++) {
      const sum = (signature[32 + i] ?? 0) + Number((order >> BigInt(8 * i)) & 0xffn) + carry;
      signature[32 + i] = sum & 0xff;
      carry = sum >> 8;
    }
    expect(scheme.verify(key, message, signature)).toBe(false);
  });

  it("checks the equation without the cofactor", () => {
    // A signature made for the key A + T with T of order 8: only 8 times the equation holds.
    const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(secretOf(0));
    const { Point } = ed25519;
    const torsion = Point.fromHex(ED25519_TORSION_SUBGROUP[1] ?? "");
    const key = Point.fromBytes(pointBytes).add(torsion).toBytes();
    const nonce = 12345678901234567890n;
    const r = Point.BASE.multiply(nonce).toBytes();
    let differing = 0;
    for (let attempt = 0; attempt < 8; attempt++) {
      const text = Uint8Array.of(attempt);
      const k = bytesToNumberLE(sha512(Uint8Array.from([...r, ...key, ...text])));
      const s = (nonce + Point.Fn.create(k) * scalar) % Point.Fn.ORDER;
      const signature = Uint8Array.from([...r, ...Point.Fn.toBytes(s)]);
      expect(ed25519.verify(signature, text, key, { zip215: false })).toBe(true);
      if (Point.Fn.create(k) % 8n === 0n) continue;
      differing++;
      expect(scheme.verify(key, text, signature)).toBe(false);
    }
    expect(differing).toBeGreaterThan(0);
  });
});
