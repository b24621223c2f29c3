/**
 * Scheme 2: BLS12-381 with proof of possession; keys in G1 (48 bytes), signatures in G2 (96 bytes).
 *
 * All signers of a phase sign the same message, so a certificate is the sum of their signatures,
 * checked against the sum of their keys with two pairings. A key enters a validator set only with a
 * proof of possession: without it a rogue key forges everybody else.
 *
 * @see spec 90-bbft, section 7.3 "bls12-381"
 */
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { concat, keyOf } from "../bytes.ts";
import { BbftError } from "../error.ts";
import { hash } from "../signing.ts";
import type { MessageGroup, SignatureScheme, SingleSignature } from "./scheme.ts";

const VOTE_DOMAIN = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";
const PROOF_DOMAIN = "BLS_POP_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_";

/** Messages whose point is remembered: a few heights' worth of phases and views. */
const MESSAGE_CACHE = 64;
/** Keys whose point is remembered: those of two epochs of the largest set. */
const KEY_CACHE = 8192;

type G1 = typeof bls12_381.G1.Point.BASE;
type G2 = typeof bls12_381.G2.Point.BASE;

const { longSignatures: bls } = bls12_381;

/** Drops the oldest entry of a full map before adding. */
function remember<K, V>(map: Map<K, V>, key: K, value: V, limit: number): V {
  if (map.size >= limit) {
    const [oldest] = map.keys();
    if (oldest !== undefined) map.delete(oldest);
  }
  map.set(key, value);
  return value;
}

function readG1(encoded: Uint8Array): G1 | undefined {
  try {
    if (encoded.length !== 48) return undefined;
    const point = bls12_381.G1.Point.fromBytes(encoded);
    if (point.is0()) return undefined;
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}

function readG2(encoded: Uint8Array): G2 | undefined {
  try {
    if (encoded.length !== 96) return undefined;
    const point = bls12_381.G2.Point.fromBytes(encoded);
    if (point.is0()) return undefined;
    point.assertValidity();
    return point;
  } catch {
    return undefined;
  }
}

/** `e(g1, signature) = product of e(keys[i], messages[i])`; false when a sum of keys is infinity. */
function pairingHolds(signature: G2, pairs: readonly { key: G1; message: G2 }[]): boolean {
  if (signature.is0() || pairs.some(({ key, message }) => key.is0() || message.is0())) return false;
  const product = bls12_381.pairingBatch([
    ...pairs.map(({ key, message }) => ({ g1: key, g2: message })),
    { g1: bls12_381.G1.Point.BASE.negate(), g2: signature },
  ]);
  return bls12_381.fields.Fp12.eql(product, bls12_381.fields.Fp12.ONE);
}

/** The BLS scheme in plain TypeScript. Holds caches, so use one instance for a node. */
export function createBls12381(): SignatureScheme {
  const messages = new Map<string, G2>();
  const keys = new Map<string, G1>();

  const messagePoint = (message: Uint8Array): G2 => {
    const id = keyOf(message);
    return (
      messages.get(id) ?? remember(messages, id, bls.hash(message, VOTE_DOMAIN), MESSAGE_CACHE)
    );
  };
  const keyPoint = (encoded: Uint8Array | undefined): G1 | undefined => {
    if (encoded === undefined) return undefined;
    const id = keyOf(encoded);
    const known = keys.get(id);
    if (known !== undefined) return known;
    const point = readG1(encoded);
    return point === undefined ? undefined : remember(keys, id, point, KEY_CACHE);
  };
  const sumOfKeys = (
    publicKeys: readonly Uint8Array[],
    signers: readonly number[],
  ): G1 | undefined => {
    let sum = bls12_381.G1.Point.ZERO;
    for (const signer of signers) {
      const point = keyPoint(publicKeys[signer]);
      if (point === undefined) return undefined;
      sum = sum.add(point);
    }
    return sum;
  };

  const verifyCombined: SignatureScheme["verifyCombined"] = (
    publicKeys,
    signers,
    message,
    encoded,
  ) => {
    const signature = readG2(encoded);
    const key = sumOfKeys(publicKeys, signers);
    if (signature === undefined || key === undefined || signers.length === 0) return false;
    return pairingHolds(signature, [{ key, message: messagePoint(message) }]);
  };

  return {
    id: 2,
    name: "bls12-381",
    aggregatable: true,
    interactive: false,
    publicKeyLength: 48,
    signatureLength: 96,
    combinedLength: () => 96,
    publicKey: (secret) => bls.getPublicKey(secret).toBytes(true),
    sign: (secret, message) => bls.sign(messagePoint(message), secret).toBytes(true),
    verify: (publicKey, message, signature) => verifyCombined([publicKey], [0], message, signature),
    provePossession(secret) {
      const key = bls.getPublicKey(secret).toBytes(true);
      return bls.sign(bls.hash(key, PROOF_DOMAIN), secret).toBytes(true);
    },
    verifyPossession(publicKey, proof) {
      const [key, signature] = [readG1(publicKey), readG2(proof)];
      if (key === undefined || signature === undefined) return false;
      return pairingHolds(signature, [{ key, message: bls.hash(publicKey, PROOF_DOMAIN) }]);
    },
    combine(parts) {
      let sum = bls12_381.G2.Point.ZERO;
      for (const { signature } of parts) {
        const point = readG2(signature);
        if (point === undefined) throw new BbftError("signature", { found: signature.length });
        sum = sum.add(point);
      }
      return sum.toBytes(true);
    },
    verifyCombined,
    verifyMany(groups: readonly MessageGroup[], publicKeys, encoded) {
      const signature = readG2(encoded);
      if (signature === undefined || groups.length === 0) return false;
      const pairs: { key: G1; message: G2 }[] = [];
      for (const { signers, message } of groups) {
        const key = sumOfKeys(publicKeys, signers);
        if (key === undefined || signers.length === 0) return false;
        pairs.push({ key, message: messagePoint(message) });
      }
      return pairingHolds(signature, pairs);
    },
    findInvalid(publicKeys, message, votes) {
      const invalid: number[] = [];
      const sound: Sound[] = [];
      votes.forEach(({ signer, signature }, position) => {
        const [key, point] = [keyPoint(publicKeys[signer]), readG2(signature)];
        if (key === undefined || point === undefined) invalid.push(position);
        else sound.push({ position, key, signature: point });
      });
      if (sound.length > 0) {
        const weights = weightsOf(message, votes);
        bisect(sound, weights, messagePoint(message), invalid);
      }
      return invalid.sort((a, b) => a - b);
    },
  };
}

interface Sound {
  readonly position: number;
  readonly key: G1;
  readonly signature: G2;
}

/**
 * One 128-bit multiplier for each vote, fixed by all the votes together: two invalid votes cannot
 * be made to cancel, and the verdict needs no random source.
 */
function weightsOf(message: Uint8Array, votes: readonly SingleSignature[]): bigint[] {
  const seed = hash(concat(message, ...votes.map(({ signature }) => signature)));
  return votes.map((_, index) => {
    const digest = hash(concat(seed, Uint8Array.of(index >> 8, index & 0xff)));
    let weight = 1n;
    for (const byte of digest.subarray(0, 16)) weight = (weight << 8n) | BigInt(byte);
    return (weight & ((1n << 128n) - 1n)) | 1n;
  });
}

/** Halves a failing batch until the bad votes stand alone. */
function bisect(
  votes: readonly Sound[],
  weights: readonly bigint[],
  message: G2,
  invalid: number[],
): void {
  const [first] = votes;
  if (first === undefined) return;
  let key = first.key;
  let signature = first.signature;
  if (votes.length > 1) {
    key = bls12_381.G1.Point.ZERO;
    signature = bls12_381.G2.Point.ZERO;
    for (const vote of votes) {
      const weight = weights[vote.position] ?? 1n;
      key = key.add(vote.key.multiplyUnsafe(weight));
      signature = signature.add(vote.signature.multiplyUnsafe(weight));
    }
  }
  if (pairingHolds(signature, [{ key, message }])) return;
  if (votes.length === 1) {
    invalid.push(first.position);
    return;
  }
  const middle = votes.length >> 1;
  bisect(votes.slice(0, middle), weights, message, invalid);
  bisect(votes.slice(middle), weights, message, invalid);
}
