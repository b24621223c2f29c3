/**
 * Stack items. An item is a byte string; one that is the shortest form of a small number is kept
 * as that number, so that arithmetic and comparison touch no bytes.
 *
 * The two forms are one value: which of them holds an item never shows. Items are immutable; byte
 * strings may be shared between stack positions, arguments and programs.
 *
 * @see spec 20-bvm, section 3 "Values on the stack" and section 10.1 (value semantics)
 */
import { equalBytes } from "./bytes.ts";
import { isTrueBytes } from "./int64.ts";

/** A byte string, or the safe integer whose shortest form it is. Never -0. */
export type Item = number | Uint8Array;

/** An operand of arithmetic: a `bigint` only outside of the safe integers. */
export type Int = number | bigint;

const MAX_SAFE = Number.MAX_SAFE_INTEGER;
const TWO_32 = 2 ** 32;
/** Byte strings up to this length are looked at for their number form. */
const NUMBER_BYTES = 6;

const EMPTY = /* @__PURE__ */ new Uint8Array(0);

/** Length in bytes. */
export function itemLength(item: Item): number {
  if (typeof item !== "number") return item.length;
  if (item < 0) return 8;
  if (item < 0x100) return item === 0 ? 0 : 1;
  if (item < 0x10000) return 2;
  if (item < 0x1000000) return 3;
  if (item < TWO_32) return 4;
  if (item < 2 ** 40) return 5;
  return item < 2 ** 48 ? 6 : 7;
}

/** The byte string; the caller must not change it. */
export function itemBytes(item: Item): Uint8Array {
  if (typeof item !== "number") return item;
  if (item === 0) return EMPTY;
  const bytes = new Uint8Array(itemLength(item));
  let low = item >>> 0;
  const high = Math.floor(item / TWO_32) >>> 0;
  for (let i = 0; i < bytes.length; i++) {
    if (i === 4) low = high;
    bytes[i] = low;
    low >>>= 8;
  }
  return bytes;
}

/** The item of a byte string, which must not change any more. */
export function itemOf(bytes: Uint8Array): Item {
  const { length } = bytes;
  if (length > NUMBER_BYTES) return bytes;
  if (length === 0) return 0;
  if (bytes[length - 1] === 0) return bytes;
  let value = 0;
  for (let i = length - 1; i >= 0; i--) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

/** The item of a signed 64-bit integer. */
export function itemOfInt(value: bigint): Item {
  if (value >= -MAX_SAFE && value <= MAX_SAFE) return Number(value);
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, value, true);
  // Beyond the safe integers only the last byte of a positive number can be zero.
  return bytes[7] === 0 ? bytes.subarray(0, 7) : bytes;
}

/** The number that an item stands for; undefined for more than 8 bytes. */
export function intOf(item: Item): Int | undefined {
  if (typeof item === "number") return item;
  const { length } = item;
  if (length > 8) return undefined;
  let low = 0;
  let high = 0;
  for (let i = length - 1; i >= 4; i--) high = high * 256 + (item[i] ?? 0);
  for (let i = Math.min(length, 4) - 1; i >= 0; i--) low = low * 256 + (item[i] ?? 0);
  const value = (high | 0) * TWO_32 + low;
  if (value >= -MAX_SAFE && value <= MAX_SAFE) return value;
  return (BigInt(high | 0) << 32n) | BigInt(low);
}

/** Items up to this length are looked at each time, bytes. */
const SHORT = 64;

/**
 * Whether items are true. It remembers long ones: gas does not pay for looking at them, and a loop
 * could have the same hundred thousand zeros looked at a hundred thousand times.
 */
export class Truth {
  #known: WeakMap<Uint8Array, boolean> | undefined;

  /** Has the item a byte other than zero? */
  of(item: Item): boolean {
    if (typeof item === "number") return item !== 0;
    if (item.length <= SHORT) return isTrueBytes(item);
    this.#known ??= new WeakMap();
    const known = this.#known.get(item) ?? isTrueBytes(item);
    this.#known.set(item, known);
    return known;
  }
}

/** Are the byte strings equal? */
export function itemsEqual(a: Item, b: Item): boolean {
  if (typeof a === "number" && typeof b === "number") return a === b;
  return equalBytes(itemBytes(a), itemBytes(b));
}
