/**
 * Writes wire primitives, and the hash serialization of entries, into one growing buffer.
 *
 * @see spec 10-ledger, section 1 "Wire primitives" and 4.1 "Entry id"
 */
import { ButxoError } from "./error.ts";

const MAX_31 = 2 ** 31 - 1;
const MAX_63 = 2n ** 63n - 1n;
const MAX_VARINT_31 = 5;
const HASH_LENGTH = 32;
/** Views of fewer bytes are kept: who hashes asks for the same few lengths again and again. */
const KEPT_VIEWS = 256;

/** A buffer that grows at its end. */
export class Writer {
  #length = 0;
  #bytes: Uint8Array;
  #view: DataView;
  /** By length. */
  #kept: (Uint8Array | undefined)[] = [];

  /** @param capacity bytes to set aside at first */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#length;
  }

  /** Bytes that fit before the buffer grows. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** What was written, as a copy. */
  bytes(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** What was written, as a view that is good until the next write. */
  view(): Uint8Array {
    const length = this.#length;
    if (length >= KEPT_VIEWS) return this.#bytes.subarray(0, length);
    this.#kept[length] ??= this.#bytes.subarray(0, length);
    return this.#kept[length];
  }

  /** Forgets what was written. */
  clear(): this {
    this.#length = 0;
    return this;
  }

  /** One byte. @param value taken modulo 256 */
  byte(value: number): this {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
    return this;
  }

  /** Bytes as they are, without their length. */
  raw(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** A hash or an id. @throws {@link ButxoError} `hash-length` when it is not 32 bytes */
  hash(hash: Uint8Array): this {
    if (hash.length !== HASH_LENGTH) throw new ButxoError("hash-length", { value: hash.length });
    return this.raw(hash);
  }

  /** 8 bytes, little-endian: integers inside hashes. The value is taken modulo 2^64. */
  u64(value: bigint): this {
    this.#reserve(8);
    this.#view.setBigUint64(this.#length, value, true);
    this.#length += 8;
    return this;
  }

  /** The shortest varint, 1 to 9 bytes. @throws {@link ButxoError} `value-out-of-range` outside 0 … 2^63 − 1 */
  varint63(value: bigint): this {
    if (value < 0n || value > MAX_63) throw new ButxoError("value-out-of-range", { value });
    let rest = value;
    for (; rest > MAX_31; rest >>= 7n) this.byte(Number(rest & 0x7fn) | 0x80);
    return this.varint31(Number(rest));
  }

  /** The shortest varint, 1 to 5 bytes. @throws {@link ButxoError} `value-out-of-range` outside 0 … 2^31 − 1 */
  varint31(value: number): this {
    if (!(Number.isInteger(value) && value >= 0 && value <= MAX_31)) {
      throw new ButxoError("value-out-of-range", { value });
    }
    this.#reserve(MAX_VARINT_31);
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** A byte string with its length before it. @throws {@link ButxoError} `value-out-of-range` from 2^31 bytes on */
  varstr31(bytes: Uint8Array): this {
    return this.varint31(bytes.length).raw(bytes);
  }

  /** A list of byte strings with its count before it. */
  varstrList(items: readonly Uint8Array[]): this {
    this.varint31(items.length);
    for (const item of items) this.varstr31(item);
    return this;
  }

  /** Opens an extensible string; give the result to {@link close}. */
  open(): number {
    return this.#length;
  }

  /** Closes an extensible string: puts the length before what was written since `start`. */
  close(start: number): this {
    const length = this.#length - start;
    const prefix = lengthOfVarint31(length);
    // All that the prefix may need, now: growing keeps only what lies before the length.
    this.#reserve(MAX_VARINT_31);
    this.#bytes.copyWithin(start + prefix, start, this.#length);
    this.#length = start;
    this.varint31(length);
    this.#length += length;
    return this;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
    this.#kept = [];
  }
}

function lengthOfVarint31(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest >>>= 7) length++;
  return length;
}
