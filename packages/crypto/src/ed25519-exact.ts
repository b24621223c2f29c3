/**
 * The chain's ed25519 acceptance rule, computed step by step on noble's point arithmetic: the
 * reference that every faster backend is held to.
 *
 * @see spec 03-speed-facts, section 2a "The reference's ed25519 rule, and how to reach it fast"
 */
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";

export const KEY_LENGTH = 32;
export const SIGNATURE_LENGTH = 64;

/**
 * Is `signature` (64 bytes) one of `message` by `publicKey` (32 bytes)? Any bytes give an answer;
 * those of a wrong length `false`.
 */
export function verifyExact(
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean {
  if (publicKey.length !== KEY_LENGTH || signature.length !== SIGNATURE_LENGTH) return false;
  if (((signature[63] ?? 0) & 0xe0) !== 0) return false;
  const { Point } = ed25519;
  const key = decodeKey(publicKey);
  if (key === undefined) return false;
  const r = signature.subarray(0, 32);
  const digest = sha512.create().update(r).update(publicKey).update(message).digest();
  const h = Point.Fn.create(littleEndian(digest));
  const s = Point.Fn.create(littleEndian(signature.subarray(32)));
  // B has order L, so reducing S changes nothing; the key may have any order, its factor is h itself.
  const expected = Point.BASE.multiplyUnsafe(s).subtract(key.multiplyUnsafe(h)).toBytes();
  return r.every((byte, index) => byte === expected[index]);
}

/** ZIP-215 decoding is step 3 of the rule: y modulo p, and x = 0 with either sign. */
function decodeKey(publicKey: Uint8Array): InstanceType<typeof ed25519.Point> | undefined {
  try {
    return ed25519.Point.fromBytes(publicKey, true);
  } catch {
    return undefined;
  }
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}
