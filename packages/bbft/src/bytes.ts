/**
 * Fixed-width big-endian integers and byte strings: the only primitives of every BBFT encoding.
 *
 * @see spec 90-bbft, section 4 "Identifiers, hashing and signing bytes"
 */
import { BbftError } from "./error.ts";

/** Reads one encoding from front to back. */
export class Reader {
  readonly bytes: Uint8Array;
  offset = 0;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.bytes.length - this.offset;
  }

  #advance(length: number): number {
    if (length > this.left)
      throw new BbftError("length", { found: this.bytes.length, expected: this.offset + length });
    const at = this.offset;
    this.offset += length;
    return at;
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1));
  }
  u16(): number {
    return this.#view.getUint16(this.#advance(2));
  }
  u32(): number {
    return this.#view.getUint32(this.#advance(4));
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.#advance(8));
  }

  /** A view of the next `length` bytes, not a copy. */
  take(length: number): Uint8Array {
    const at = this.#advance(length);
    return this.bytes.subarray(at, at + length);
  }

  /** A byte string behind its u32 length. */
  blob(limit: number): Uint8Array {
    const length = this.u32();
    if (length > limit) throw new BbftError("limit", { found: length, expected: limit });
    return this.take(length);
  }

  /** Everything that is left. */
  rest(): Uint8Array {
    return this.take(this.left);
  }

  /** @throws {@link BbftError} `length` when something follows */
  finish(): void {
    if (this.left !== 0)
      throw new BbftError("length", { found: this.bytes.length, expected: this.offset });
  }
}

export const u8 = (value: number): Uint8Array => Uint8Array.of(value);

export function u16(value: number): Uint8Array {
  return Uint8Array.of(value >>> 8, value);
}

export function u32(value: number): Uint8Array {
  const out = new Uint8Array(4);
  writeU32(out, 0, value);
  return out;
}

/** @throws RangeError outside of 0 .. 2^64 - 1 */
export function u64(value: bigint): Uint8Array {
  if (value < 0n || value >= 1n << 64n) throw new RangeError(`not a 64-bit value: ${value}`);
  const out = new Uint8Array(8);
  writeU64(out, 0, value);
  return out;
}

/** Writes big-endian; byte by byte, as a view would force the engine to make a buffer first. */
function writeU32(out: Uint8Array, at: number, value: number): void {
  out[at] = value >>> 24;
  out[at + 1] = value >>> 16;
  out[at + 2] = value >>> 8;
  out[at + 3] = value;
}

function writeU64(out: Uint8Array, at: number, value: bigint): void {
  writeU32(out, at, Number(value >> 32n));
  writeU32(out, at + 4, Number(value & 0xffff_ffffn));
}

/** A byte string behind its u32 length. */
export function blob(bytes: Uint8Array): Uint8Array {
  return concat(u32(bytes.length), bytes);
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Lexicographic order of bytes, a prefix before what it starts. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Lower-case hex: the key of maps whose keys are hashes. */
export function keyOf(bytes: Uint8Array): string {
  let out = "";
  for (const byte of bytes) out += HEX[byte];
  return out;
}

const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** The empty byte string. */
export function empty(): Uint8Array {
  return EMPTY;
}

/** Latin text as its bytes; for the tags of the protocol, which are ASCII. */
export function ascii(text: string): Uint8Array {
  const out = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) out[at] = text.charCodeAt(at);
  return out;
}
