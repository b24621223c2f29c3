/**
 * Scheme 1: a list of ed25519 signatures in ascending order of the validators.
 *
 * Verification is strict and cofactorless, so that every node gives the same verdict: `S < L`,
 * canonical points, neither the key nor R of small order, and `[S]B = R + [k]A` without a cofactor.
 *
 * @see spec 90-bbft, section 7.4 "ed25519"
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concat, empty } from "../bytes.ts";
import { BbftError } from "../error.ts";
import type { SignatureScheme } from "./scheme.ts";

/** The plain equation check over bytes that already passed the strict rules; node:crypto is one. */
export interface Ed25519Backend {
  sign(secret: Uint8Array, message: Uint8Array): Uint8Array;
  /** Must compare the encoding of `[S]B - [k]A` with R, as RFC 8032 implementations commonly do. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const PRIME = 2n ** 255n - 19n;

/** y coordinates of the eight points whose order divides 8. */
const SMALL_ORDER_Y: ReadonlySet<bigint> = /* @__PURE__ */ new Set([
  0n,
  1n,
  PRIME - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

/** Is the encoding canonical and not of a small-order point? Says nothing about the curve. */
function isAdmissiblePoint(encoded: Uint8Array): boolean {
  const y = littleEndian(encoded) & ((1n << 255n) - 1n);
  return y < PRIME && !SMALL_ORDER_Y.has(y);
}

const nobleBackend: Ed25519Backend = {
  sign: (secret, message) => ed25519.sign(message, secret),
  verify(publicKey, message, signature) {
    const { Point } = ed25519;
    try {
      const key = Point.fromBytes(publicKey, false);
      const r = Point.fromBytes(signature.subarray(0, 32), false);
      const s = littleEndian(signature.subarray(32));
      const digest = sha512(concat(signature.subarray(0, 32), publicKey, message));
      const k = littleEndian(digest) % ORDER;
      return Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(k)).equals(r);
    } catch {
      return false;
    }
  },
};

/**
 * The ed25519 scheme.
 *
 * @param backend curve arithmetic; noble in plain TypeScript when left out
 */
export function createEd25519(backend: Ed25519Backend = nobleBackend): SignatureScheme {
  const verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
    publicKey.length === 32 &&
    signature.length === 64 &&
    littleEndian(signature.subarray(32)) < ORDER &&
    isAdmissiblePoint(publicKey) &&
    isAdmissiblePoint(signature.subarray(0, 32)) &&
    backend.verify(publicKey, message, signature);

  return {
    id: 1,
    name: "ed25519",
    aggregatable: false,
    interactive: false,
    publicKeyLength: 32,
    signatureLength: 64,
    combinedLength: (count) => 64 * count,
    publicKey: (secret) => ed25519.getPublicKey(secret),
    sign: backend.sign,
    verify,
    provePossession: () => empty(),
    verifyPossession: (_publicKey, proof) => proof.length === 0,
    combine(parts) {
      const bySigner: [number, Uint8Array][] = [];
      for (const { signers, signature } of parts) {
        if (signature.length !== 64 * signers.length)
          throw new BbftError("signature", {
            found: signature.length,
            expected: 64 * signers.length,
          });
        signers.forEach((signer, position) => {
          bySigner.push([signer, signature.subarray(64 * position, 64 * position + 64)]);
        });
      }
      bySigner.sort(([a], [b]) => a - b);
      return concat(...bySigner.map(([, signature]) => signature));
    },
    verifyCombined: (publicKeys, signers, message, signature) =>
      signature.length === 64 * signers.length &&
      signers.every((signer, position) => {
        const key = publicKeys[signer];
        const own = signature.subarray(64 * position, 64 * position + 64);
        return key !== undefined && verify(key, message, own);
      }),
    verifyMany(groups, publicKeys, signature) {
      const messages = new Map<number, Uint8Array>();
      for (const { signers, message } of groups)
        for (const signer of signers) messages.set(signer, message);
      const signers = [...messages.keys()].sort((a, b) => a - b);
      if (signature.length !== 64 * signers.length) return false;
      return signers.every((signer, position) => {
        const [key, message] = [publicKeys[signer], messages.get(signer)];
        const own = signature.subarray(64 * position, 64 * position + 64);
        return key !== undefined && message !== undefined && verify(key, message, own);
      });
    },
    findInvalid: (publicKeys, message, votes) =>
      votes.flatMap(({ signer, signature }, position) => {
        const key = publicKeys[signer];
        return key !== undefined && verify(key, message, signature) ? [] : [position];
      }),
  };
}
