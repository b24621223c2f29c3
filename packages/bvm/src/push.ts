/**
 * Instructions that push a given item.
 *
 * @see spec 20-bvm, section 8.1 "Push encodings"
 */
import { int64Bytes } from "./int64.ts";

const PUSHDATA1 = 0x4c;
const PUSHDATA2 = 0x4d;
const PUSHDATA4 = 0x4e;
const OP_1 = 0x51;

/**
 * The opcode and length field that precede `length` bytes of data in a program, 1 to 5 bytes.
 *
 * @throws RangeError when length is not a 32-bit unsigned integer
 * @example
 * pushdataPrefix(300); // 4d 2c 01
 * @see spec 20-bvm, section 8.1
 */
export function pushdataPrefix(length: number): Uint8Array {
  if (!Number.isInteger(length) || length < 0 || length > 0xffffffff)
    throw new RangeError(`not a length of push data: ${length}`);
  if (length <= 75) return Uint8Array.of(length);
  if (length <= 0xff) return Uint8Array.of(PUSHDATA1, length);
  if (length <= 0xffff) return Uint8Array.of(PUSHDATA2, length & 0xff, length >>> 8);
  return Uint8Array.of(
    PUSHDATA4,
    length & 0xff,
    (length >>> 8) & 0xff,
    (length >>> 16) & 0xff,
    length >>> 24,
  );
}

/**
 * The shortest instruction that pushes `data` as data: never one of the small-number opcodes.
 *
 * @example
 * pushdata(Uint8Array.of(1)); // 01 01
 * @see spec 20-bvm, section 8.1
 */
export function pushdata(data: Uint8Array): Uint8Array {
  const prefix = pushdataPrefix(data.length);
  const bytes = new Uint8Array(prefix.length + data.length);
  bytes.set(prefix);
  bytes.set(data, prefix.length);
  return bytes;
}

/**
 * The instruction that pushes a number: one byte for 0 to 16, data otherwise. -1 becomes eight
 * `ff` bytes of data, not the opcode 1NEGATE, because that is what existing programs contain.
 *
 * @throws RangeError when value is not a signed 64-bit integer
 * @example
 * pushdataInt(16n); // 60
 * pushdataInt(17n); // 01 11
 * @see spec 20-bvm, section 8.1
 */
export function pushdataInt(value: bigint): Uint8Array {
  if (value >= 1n && value <= 16n) return Uint8Array.of(OP_1 + Number(value) - 1);
  return pushdata(int64Bytes(value));
}
