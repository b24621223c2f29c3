/**
 * Difficulty of the proof of work: compact bits, targets, work and the retarget rule.
 *
 * @see spec 10-ledger, sections 8.3 "Compact difficulty" and 8.4 "Retarget"
 */

/** Blocks between two changes of difficulty. */
export const RETARGET_BLOCKS = 2016n;
/** What that many blocks should take, seconds. */
export const RETARGET_SECONDS = 302_400n;

const SIGN_BIT = 1n << 55n;
const MANTISSA_MASK = SIGN_BIT - 1n;
const WORK_LIMIT = 1n << 256n;

/** The target that `bits` stand for; may be zero or negative, then no block can meet it (but see {@link meetsBits}). */
export function targetFromBits(bits: bigint): bigint {
  const exponent = (bits >> 56n) & 0xffn;
  const mantissa = bits & MANTISSA_MASK;
  const magnitude =
    exponent > 3n ? mantissa << (8n * (exponent - 3n)) : mantissa >> (8n * (3n - exponent));
  return (bits & SIGN_BIT) === 0n ? magnitude : -magnitude;
}

/** The bits of a target: three significant bytes are kept. An exponent above 255 wraps, as in the reference. */
export function bitsFromTarget(target: bigint): bigint {
  if (target === 0n) return 0n;
  const magnitude = target < 0n ? -target : target;
  const exponent = byteLength(magnitude);
  let mantissa = magnitude << (8n * (3n - exponent));
  if (exponent > 3n) {
    // The shift rounds towards minus infinity, so it is done before the sign is dropped.
    const shifted = target >> (8n * (exponent - 3n));
    mantissa = shifted < 0n ? -shifted : shifted;
  }
  // A mantissa of three bytes never reaches the sign bit.
  return BigInt.asUintN(64, (exponent << 56n) | mantissa | (target < 0n ? SIGN_BIT : 0n));
}

/** Expected number of hashes for a block of these bits; 0 when the target is not positive. */
export function workFromBits(bits: bigint): bigint {
  const target = targetFromBits(bits);
  return target <= 0n ? 0n : WORK_LIMIT / (target + 1n);
}

/** A proof-of-work hash as the number that is compared with the target: little-endian. @param hash 32 bytes */
export function hashToInteger(hash: Uint8Array): bigint {
  let value = 0n;
  for (let i = hash.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(hash[i] ?? 0);
  return value;
}

/** Is a proof-of-work hash at or below the target? @param hash 32 bytes */
export function meetsBits(hash: Uint8Array, bits: bigint): boolean {
  return hashToInteger(hash) <= targetFromBits(bits);
}

/**
 * The bits after a window of {@link RETARGET_BLOCKS}. There is no clamp and no minimum: a negative span gives a
 * negative target.
 *
 * @param bits of the window's last block
 * @param endTimestamp of the window's last block, seconds
 * @param startTimestamp of the block {@link RETARGET_BLOCKS} before it, seconds
 */
export function retargetBits(bits: bigint, endTimestamp: bigint, startTimestamp: bigint): bigint {
  const span = BigInt.asIntN(64, endTimestamp - startTimestamp);
  return bitsFromTarget(floorDivide(targetFromBits(bits) * span, RETARGET_SECONDS));
}

/**
 * The bits that a child of `parent` must have.
 *
 * @param timestampAt timestamp in seconds of the parent's ancestor at a height; asked for once at most
 */
export function nextBits(
  parent: { readonly height: bigint; readonly timestamp: bigint; readonly bits: bigint },
  timestampAt: (height: bigint) => bigint,
): bigint {
  const { height, timestamp, bits } = parent;
  if (height === 0n || height % RETARGET_BLOCKS !== 0n) return bits;
  return retargetBits(bits, timestamp, timestampAt(height - RETARGET_BLOCKS));
}

function byteLength(magnitude: bigint): bigint {
  return BigInt((magnitude.toString(16).length + 1) >> 1);
}

function floorDivide(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}
