/**
 * The rule's edges by the algebra of the group: every verdict is predicted from discrete logarithms,
 * independently of any verifier.
 *
 * @see spec 03-speed-facts, section 2a
 */
import { concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, it } from "vitest";
import { createVerifier } from "../src/index.ts";
import { backends } from "./backends.ts";
import { challenge, L, littleEndian, pointAt, type Signed, sign } from "./signing.ts";

const P = 2n ** 255n - 19n;
const SIGN_BIT = 2n ** 255n;
const EIGHT = Array.from({ length: 8 }, (_, index) => index);
const SECRET = 0x5eed5eed5eed5eed5eedn;

/** Cases for the eight values of h mod 8, found by trying messages. */
function forEachResidue(keyTorsion: number, nonce: bigint, nonceTorsion: number): Signed[] {
  const publicKey = pointAt(SECRET, keyTorsion);
  const r = pointAt(nonce, nonceTorsion);
  return EIGHT.map((residue) => {
    for (let counter = 0; ; counter++) {
      const message = Uint8Array.of(counter & 255, counter >> 8);
      if (challenge(r, publicKey, message) % 8n === BigInt(residue))
        return sign({ message, secret: SECRET, keyTorsion, nonce, nonceTorsion });
    }
  });
}

const pairs = EIGHT.flatMap((key) => EIGHT.map((nonce) => [key, nonce] as const));
const torsioned = pairs.flatMap(([key, nonce]) => forEachResidue(key, 0x1234567n, nonce));
/** R itself of small order, by a signer who takes the nonce 0: libsodium refuses these. */
const smallOrderR = pairs.flatMap(([key, nonce]) => forEachResidue(key, 0n, nonce));

/** Signs with given bytes in R's place, as if they were the identity's encoding. */
function signWithR(r: Uint8Array): Signed {
  const message = Uint8Array.of(9);
  const publicKey = pointAt(SECRET);
  const s = (challenge(r, publicKey, message) * SECRET) % L;
  return { message, publicKey, signature: concatBytes(r, littleEndian(s)), valid: false };
}

describe.each(backends)("the rule over $name", (backend) => {
  const verify = createVerifier(backend);
  const check = (cases: readonly Signed[]) => {
    for (const [index, { message, signature, publicKey, valid }] of cases.entries())
      expect(verify(message, signature, publicKey), `case ${index}`).toBe(valid);
  };

  it("keeps the torsion: 8 keys x 8 R x 8 residues of h", () => {
    expect(torsioned.filter(({ valid }) => valid).length).toBe(64);
    check(torsioned);
  });

  it("accepts an R of small order when the equation holds", () => {
    expect(smallOrderR.filter(({ valid }) => valid).length).toBe(64);
    check(smallOrderR);
  });

  it("rejects every encoding of R that is not the canonical one", () => {
    const identity = 1n;
    const minusOne = P - 1n;
    check(
      [identity + SIGN_BIT, identity + P, identity + P + SIGN_BIT, P, P + SIGN_BIT]
        .concat(minusOne + SIGN_BIT)
        .concat(Array.from({ length: 19 }, (_, i) => P + BigInt(i)))
        .map((encoding) => signWithR(littleEndian(encoding))),
    );
    const canonical = signWithR(littleEndian(identity));
    expect(verify(canonical.message, canonical.signature, canonical.publicKey)).toBe(true);
  });

  it("accepts S + L below 2^253 and no further multiple", () => {
    const messages = EIGHT.map((byte) => Uint8Array.of(byte));
    check(
      messages.flatMap((message) =>
        [0n, 1n, 2n, 7n].map((surplus) =>
          sign({ message, secret: SECRET, nonce: 77n, keyTorsion: 0, surplus }),
        ),
      ),
    );
  });

  it("compares S with the limits to the bit", () => {
    const { message, signature, publicKey } = sign({
      message: Uint8Array.of(4),
      secret: SECRET,
      nonce: 99n,
    });
    const withS = (s: bigint) => concatBytes(signature.subarray(0, 32), littleEndian(s));
    const limits = [
      0n,
      1n,
      L - 1n,
      L,
      L + 1n,
      2n ** 252n,
      2n ** 253n - 1n,
      2n ** 253n,
      2n ** 256n - 1n,
    ];
    for (const s of limits) expect(verify(message, withS(s), publicKey), `${s}`).toBe(false);
    // With the identity as key h vanishes, and R = S*B is valid for every S.
    const identity = littleEndian(1n);
    for (const s of limits) {
      const made = concatBytes(pointAt(s), littleEndian(s));
      expect(verify(message, made, identity), `${s}`).toBe(s < 2n ** 253n);
    }
  });

  it("decodes the identity's and the order-2 point's encodings with either sign of x = 0", () => {
    for (const encoding of [1n, 1n + SIGN_BIT, 1n + P, 1n + P + SIGN_BIT]) {
      const r = pointAt(5n);
      expect(
        verify(new Uint8Array(), concatBytes(r, littleEndian(5n)), littleEndian(encoding)),
      ).toBe(true);
    }
    for (const encoding of [P - 1n, P - 1n + SIGN_BIT]) {
      const key = littleEndian(encoding);
      for (let byte = 0; byte < 16; byte++) {
        const message = Uint8Array.of(byte);
        const r = pointAt(5n);
        const isEven = challenge(r, key, message) % 2n === 0n;
        expect(verify(message, concatBytes(r, littleEndian(5n)), key)).toBe(isEven);
      }
    }
  });

  it("rejects keys that are no point, canonical or not", () => {
    const { message, signature } = sign({ message: Uint8Array.of(4), secret: SECRET, nonce: 99n });
    const beyond = Array.from({ length: 17 }, (_, i) => P + 2n + BigInt(i));
    for (const y of [2n, 7n, P - 2n, ...beyond])
      for (const encoding of [y, y + SIGN_BIT])
        expect(verify(message, signature, littleEndian(encoding)), `${encoding}`).toBe(false);
  });

  it("rejects an R that is no point", () => {
    check([2n, 7n, P - 2n].map((y) => signWithR(littleEndian(y))));
  });

  it("accepts the empty message", () => {
    check([sign({ message: new Uint8Array(), secret: SECRET, nonce: 1n })]);
  });
});
