/**
 * Scheme 255: no cryptography, for simulations with a thousand validators.
 *
 * A signature is eight bytes mixed from the signer's key and the message, combination is exclusive
 * or. It keeps the shape of an aggregatable scheme and tells a wrong vote from a right one, but
 * anybody who knows a public key can forge: a network must never run it.
 */
import { BbftError } from "../error.ts";
import type { SignatureScheme } from "./scheme.ts";

function mix(state: number, word: number): number {
  let x = Math.imul(state ^ word, 0x9e3779b1);
  x ^= x >>> 15;
  x = Math.imul(x, 0x85ebca6b);
  return (x ^ (x >>> 13)) >>> 0;
}

interface Digest {
  readonly low: number;
  readonly high: number;
}

function digestOf(bytes: Uint8Array): Digest {
  let low = 0x243f6a88;
  let high = 0x85a308d3;
  for (const byte of bytes) {
    low = Math.imul(low ^ byte, 0x01000193);
    high = mix(high, byte + 1);
  }
  return { low: low >>> 0, high };
}

function signatureWords(key: Uint8Array, { low, high }: Digest): Digest {
  const word = ((key[0] ?? 0) << 24) | ((key[1] ?? 0) << 16) | ((key[2] ?? 0) << 8) | (key[3] ?? 0);
  return { low: mix(mix(low, word), high), high: mix(mix(high, word ^ 0x5bd1e995), low) };
}

function toBytes({ low, high }: Digest): Uint8Array {
  const out = new Uint8Array(8);
  const view = new DataView(out.buffer);
  view.setUint32(0, low);
  view.setUint32(4, high);
  return out;
}

function xorOf(
  keys: readonly Uint8Array[],
  signers: readonly number[],
  digest: Digest,
): Digest | undefined {
  let [low, high] = [0, 0];
  for (const signer of signers) {
    const key = keys[signer];
    if (key === undefined) return undefined;
    const words = signatureWords(key, digest);
    low ^= words.low;
    high ^= words.high;
  }
  return { low: low >>> 0, high: high >>> 0 };
}

function isSame(signature: Uint8Array, expected: Digest | undefined): boolean {
  if (signature.length !== 8 || expected === undefined) return false;
  const view = new DataView(signature.buffer, signature.byteOffset, 8);
  return view.getUint32(0) === expected.low && view.getUint32(4) === expected.high;
}

/** Id of the simulation scheme; a real validator set refuses it. */
export const FAKE_SCHEME_ID = 255;

/** The simulation scheme: secret and public key are the same four bytes. */
export function createFakeScheme(): SignatureScheme {
  let lastMessage: Uint8Array | undefined;
  let lastDigest: Digest = { low: 0, high: 0 };
  const digest = (message: Uint8Array): Digest => {
    if (message !== lastMessage) {
      lastMessage = message;
      lastDigest = digestOf(message);
    }
    return lastDigest;
  };
  const verify: SignatureScheme["verify"] = (key, message, signature) =>
    isSame(signature, signatureWords(key, digest(message)));
  return {
    id: FAKE_SCHEME_ID,
    name: "fake",
    aggregatable: true,
    interactive: false,
    publicKeyLength: 4,
    signatureLength: 8,
    combinedLength: () => 8,
    publicKey: (secret) => secret.slice(0, 4),
    sign: (secret, message) => toBytes(signatureWords(secret, digest(message))),
    verify,
    provePossession: () => new Uint8Array(0),
    verifyPossession: (_key, proof) => proof.length === 0,
    combine(parts) {
      const out = new Uint8Array(8);
      for (const { signature } of parts) {
        if (signature.length !== 8) throw new BbftError("signature", { found: signature.length });
        for (let i = 0; i < 8; i++) out[i] = (out[i] ?? 0) ^ (signature[i] ?? 0);
      }
      return out;
    },
    verifyCombined: (keys, signers, message, signature) =>
      isSame(signature, xorOf(keys, signers, digest(message))),
    verifyMany(groups, keys, signature) {
      let [low, high] = [0, 0];
      for (const { signers, message } of groups) {
        const words = xorOf(keys, signers, digestOf(message));
        if (words === undefined) return false;
        low ^= words.low;
        high ^= words.high;
      }
      return isSame(signature, { low: low >>> 0, high: high >>> 0 });
    },
    findInvalid: (keys, message, votes) =>
      votes.flatMap(({ signer, signature }, position) => {
        const key = keys[signer];
        return key !== undefined && verify(key, message, signature) ? [] : [position];
      }),
  };
}
