import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";

const { Point } = ed25519;
const { Fn } = Point;

/** The order of the base point. */
export const L: bigint = Point.CURVE().n;

/** A generator of the eight torsion points. */
const TORSION = Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");

export interface Signed {
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly publicKey: Uint8Array;
  /** What the rule says by the algebra of the group. */
  readonly valid: boolean;
}

export interface SigningOptions {
  readonly message: Uint8Array;
  /** The key is secret * B + keyTorsion * T. */
  readonly secret: bigint;
  readonly keyTorsion?: number;
  /** R is nonce * B + nonceTorsion * T. */
  readonly nonce: bigint;
  readonly nonceTorsion?: number;
  /** Multiples of L to add to S. */
  readonly surplus?: bigint;
}

/** Signs with full control of the torsion components, which no library lets a signer have. */
export function sign(options: SigningOptions): Signed {
  const { message, secret, keyTorsion = 0, nonce, nonceTorsion = 0, surplus = 0n } = options;
  const publicKey = pointAt(secret, keyTorsion);
  const r = pointAt(nonce, nonceTorsion);
  const h = challenge(r, publicKey, message);
  const s = Fn.create(nonce + h * secret) + surplus * L;
  return {
    message,
    publicKey,
    signature: concatBytes(r, littleEndian(s)),
    valid: (Number(h % 8n) * keyTorsion + nonceTorsion) % 8 === 0 && s < 2n ** 253n,
  };
}

/** h of the rule. */
export function challenge(r: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  return Fn.create(fromLittleEndian(sha512(concatBytes(r, publicKey, message))));
}

/** The canonical encoding of scalar * B + torsion * T. */
export function pointAt(scalar: bigint, torsion = 0): Uint8Array {
  return Point.BASE.multiplyUnsafe(Fn.create(scalar))
    .add(TORSION.multiplyUnsafe(BigInt(torsion)))
    .toBytes();
}

export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function fromLittleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
