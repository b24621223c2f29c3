/**
 * Signed 64-bit numbers as the machine stores them: zero is the empty string, every other number
 * is 8 bytes of little-endian two's complement without the zero bytes at its end. So 1 is `01`,
 * 255 is `ff`, and every negative number has 8 bytes.
 *
 * @see spec 20-bvm, section 3 "Values on the stack"
 */
import { BvmError } from "./error.ts";

/** Highest signed 64-bit integer. */
export const MAX_INT64: bigint = 2n ** 63n - 1n;
/** Lowest signed 64-bit integer. */
export const MIN_INT64: bigint = -(2n ** 63n);

/** Does the number fit in a signed 64-bit integer? */
export function isInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64;
}

/**
 * The stack form of a number, 0 to 8 bytes.
 *
 * @throws RangeError when value is not a signed 64-bit integer: a bug of the caller
 * @example
 * int64Bytes(256n); // 00 01
 * @see spec 20-bvm, section 3
 */
export function int64Bytes(value: bigint): Uint8Array {
  if (!isInt64(value)) throw new RangeError(`not a signed 64-bit integer: ${value}`);
  const bytes: number[] = [];
  for (let rest = BigInt.asUintN(64, value); rest !== 0n; rest >>= 8n)
    bytes.push(Number(rest & 0xffn));
  return Uint8Array.from(bytes);
}

/**
 * The number that a stack item of at most 8 bytes stands for. Longer encodings than needed are
 * accepted: `0100` is 1.
 *
 * @throws {@link BvmError} `bad-value` for more than 8 bytes
 * @example
 * parseInt64(Uint8Array.of(1, 0)); // 1n
 * @see spec 20-bvm, section 3
 */
export function parseInt64(bytes: Uint8Array): bigint {
  if (bytes.length > 8) throw new BvmError("bad-value", { subject: `${bytes.length} bytes` });
  let value = 0n;
  for (const [index, byte] of bytes.entries()) value |= BigInt(byte) << BigInt(8 * index);
  return BigInt.asIntN(64, value);
}

/**
 * Is the item true, that is, has it a byte other than zero?
 *
 * @example
 * isTrueBytes(Uint8Array.of(0, 0)); // false
 * @see spec 20-bvm, section 3
 */
export function isTrueBytes(bytes: Uint8Array): boolean {
  const head = -bytes.byteOffset & 3;
  const wordCount = Math.max(0, (bytes.length - head) >> 2);
  if (wordCount === 0) return hasByte(bytes, 0, bytes.length);
  // Gas does not pay for this, so long items are looked at four bytes at a time.
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + head, wordCount);
  for (let i = 0; i < wordCount; i++) if (words[i] !== 0) return true;
  return hasByte(bytes, 0, head) || hasByte(bytes, head + 4 * wordCount, bytes.length);
}

/** Is a byte from `start` to `end` other than zero? */
function hasByte(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== 0) return true;
  return false;
}
