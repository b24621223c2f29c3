/**
 * Reads wire primitives from a byte string.
 *
 * Non-minimal varints are accepted, as the network has always accepted them. Byte strings that are given out
 * are copies: nothing that was read changes when the caller reuses its buffer.
 *
 * @see spec 10-ledger, section 1 "Wire primitives"
 */
import { EMPTY, NONE } from "./bytes.ts";
import { ButxoError } from "./error.ts";

const MAX_BYTES = 10;
const MAX_31 = 2 ** 31 - 1;
const MAX_63 = 2n ** 63n - 1n;
const HASH_LENGTH = 32;

/** A cursor over bytes. Every method advances it; a {@link ButxoError} carries the offset of the item. */
export class Reader {
  /** Offset of the next byte. */
  offset = 0;
  readonly #bytes: Uint8Array;
  #end: number;

  constructor(bytes: Uint8Array) {
    // A slice of a subclass need not be a copy: that of Node's Buffer shares its memory.
    const isPlain = Object.getPrototypeOf(bytes) === Uint8Array.prototype;
    this.#bytes = isPlain
      ? bytes
      : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** Bytes left; inside an extensible string, bytes left of its content. */
  get remaining(): number {
    return this.#end - this.offset;
  }

  /** One byte. @throws {@link ButxoError} `eof` */
  byte(): number {
    const byte = this.offset < this.#end ? this.#bytes[this.offset] : undefined;
    if (byte === undefined) throw new ButxoError("eof", { offset: this.offset });
    this.offset++;
    return byte;
  }

  /**
   * A varint of at most 63 bits.
   *
   * @returns 0 … 2^63 − 1
   * @throws {@link ButxoError} `eof` | `varint-overflow` | `value-out-of-range`
   */
  varint63(): bigint {
    const short = this.#shortVarint();
    return short >= 0 ? BigInt(short) : this.#longVarint();
  }

  /**
   * A varint of at most 31 bits: a count or a length.
   *
   * @returns 0 … 2^31 − 1
   * @throws {@link ButxoError} `eof` | `varint-overflow` | `value-out-of-range`
   */
  varint31(): number {
    const offset = this.offset;
    const short = this.#shortVarint();
    const value = short >= 0 ? short : Number(this.#longVarint());
    if (value > MAX_31) throw new ButxoError("value-out-of-range", { offset, value });
    return value;
  }

  /** A varint of up to seven bytes, which a number holds exactly; −1, and nothing read, for the others. */
  #shortVarint(): number {
    const bytes = this.#bytes;
    const end = this.#end;
    let offset = this.offset;
    let low = 0;
    for (let shift = 0; shift < 28 && offset < end; shift += 7) {
      const byte = bytes[offset++] ?? 0;
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.offset = offset;
        return low;
      }
    }
    let high = 0;
    for (let shift = 0; shift < 21 && offset < end; shift += 7) {
      const byte = bytes[offset++] ?? 0;
      high |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        this.offset = offset;
        return low + high * 2 ** 28;
      }
    }
    return -1;
  }

  #longVarint(): bigint {
    const offset = this.offset;
    let value = 0n;
    for (let i = 0; i < MAX_BYTES; i++) {
      const byte = this.byte();
      if (i === MAX_BYTES - 1 && byte > 1) throw new ButxoError("varint-overflow", { offset });
      value |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) break;
    }
    if (value > MAX_63) throw new ButxoError("value-out-of-range", { offset, value });
    return value;
  }

  /** `length` bytes. @throws {@link ButxoError} `eof` (none left) | `unexpected-eof` (too few left) */
  bytes(length: number): Uint8Array {
    const start = this.offset;
    if (length > this.#end - start) {
      throw new ButxoError(start === this.#end ? "eof" : "unexpected-eof", { offset: start });
    }
    this.offset = start + length;
    return length === 0 ? EMPTY : this.#bytes.slice(start, this.offset);
  }

  /** A hash or an id: 32 bytes. @throws {@link ButxoError} `eof` | `unexpected-eof` */
  hash(): Uint8Array {
    return this.bytes(HASH_LENGTH);
  }

  /** All bytes that are left. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** A byte string with its length before it. @throws {@link ButxoError} as {@link varint31} | `unexpected-eof` */
  varstr31(): Uint8Array {
    return this.bytes(this.#length());
  }

  /**
   * A list of byte strings with its count before it.
   *
   * When an item fails before half of the list has been tried, the reference reports an unexpected end whatever
   * the item's own fault was; so does this.
   *
   * @throws {@link ButxoError} as {@link varstr31}
   */
  varstrList(): readonly Uint8Array[] {
    const count = this.varint31();
    if (count === 0) return NONE;
    const items: Uint8Array[] = [];
    try {
      // A count costs nothing: the list grows with the bytes that are really there.
      for (let i = 0; i < count; i++) items.push(this.varstr31());
    } catch (cause) {
      if (!(cause instanceof ButxoError) || 2 * (items.length + 1) >= count) throw cause;
      throw new ButxoError("unexpected-eof", { offset: cause.offset, cause });
    }
    return Object.freeze(items);
  }

  /** Opens an extensible string; give the result to {@link close}. @throws {@link ButxoError} as {@link varstr31} */
  open(): number {
    const length = this.#length();
    const outer = this.#end;
    this.#end = this.offset + length;
    return outer;
  }

  /** Closes the extensible string that was opened last. @returns its suffix: what its content left over */
  close(outer: number): Uint8Array {
    const suffix = this.rest();
    this.#end = outer;
    return suffix;
  }

  /** Ends reading. @throws {@link ButxoError} `trailing-garbage` with the number of bytes that are left */
  finish(): void {
    if (this.remaining > 0) {
      throw new ButxoError("trailing-garbage", { offset: this.offset, value: this.remaining });
    }
  }

  #length(): number {
    const offset = this.offset;
    const length = this.varint31();
    if (length > this.#end - this.offset) throw new ButxoError("unexpected-eof", { offset });
    return length;
  }
}
