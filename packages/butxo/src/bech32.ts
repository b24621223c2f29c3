/**
 * BIP-173 bech32, with its errors in the order in which the network's nodes look for them.
 *
 * @see spec 10-ledger, section 6 "Programs and addresses"
 */
import { ButxoError } from "./error.ts";

const CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const CHECKSUM_LENGTH = 6;
const MIN_LENGTH = 8;
const MAX_LENGTH = 90;
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;

/** A prefix and 5-bit values as bech32 text with its checksum. */
export function encodeBech32(prefix: string, values: readonly number[]): string {
  const padded = [...values, 0, 0, 0, 0, 0, 0];
  const checksum = polymod(prefix, padded) ^ 1;
  const digits = [...values];
  for (let i = CHECKSUM_LENGTH - 1; i >= 0; i--) digits.push((checksum >>> (5 * i)) & 31);
  return `${prefix}1${digits.map((digit) => CHARSET.charAt(digit)).join("")}`;
}

/**
 * The 5-bit values of a bech32 text, without its checksum.
 *
 * @throws {@link ButxoError} in this order: `bech32-length` | `bech32-character` | `bech32-mixed-case` |
 *   `bech32-separator` | `bech32-charset` | `bech32-checksum`
 */
export function decodeBech32(text: string): { prefix: string; values: readonly number[] } {
  const length = utf8Length(text);
  if (length < MIN_LENGTH || length > MAX_LENGTH) {
    throw new ButxoError("bech32-length", { value: length });
  }
  for (let offset = 0; offset < text.length; offset++) {
    const code = text.charCodeAt(offset);
    if (code < 33 || code > 126) throw new ButxoError("bech32-character", { offset, value: code });
  }
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) throw new ButxoError("bech32-mixed-case");
  const separator = lower.lastIndexOf("1");
  if (separator < 1 || separator + CHECKSUM_LENGTH + 1 > lower.length) {
    throw new ButxoError("bech32-separator", { offset: separator });
  }
  const values: number[] = [];
  for (let offset = separator + 1; offset < lower.length; offset++) {
    const value = CHARSET.indexOf(lower.charAt(offset));
    if (value < 0)
      throw new ButxoError("bech32-charset", { offset, value: lower.charCodeAt(offset) });
    values.push(value);
  }
  const prefix = lower.slice(0, separator);
  if (polymod(prefix, values) !== 1) throw new ButxoError("bech32-checksum");
  return { prefix, values: values.slice(0, -CHECKSUM_LENGTH) };
}

/** Bytes as 5-bit values, the last one filled up with zero bits. */
export function toFiveBits(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let bits = 0;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) values.push((buffer >>> (bits - 5)) & 31);
  }
  if (bits > 0) values.push((buffer << (5 - bits)) & 31);
  return values;
}

/** 5-bit values as bytes. @throws {@link ButxoError} `bech32-padding` when more than 4 bits, or a 1, are left over */
export function fromFiveBits(values: readonly number[]): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let buffer = 0;
  for (const value of values) {
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((buffer >>> bits) & 0xff);
    }
  }
  if (bits > 4 || (buffer & ((1 << bits) - 1)) !== 0) throw new ButxoError("bech32-padding");
  return Uint8Array.from(bytes);
}

function polymod(prefix: string, values: readonly number[]): number {
  let checksum = 1;
  for (let i = 0; i < prefix.length; i++) checksum = step(checksum, prefix.charCodeAt(i) >>> 5);
  checksum = step(checksum, 0);
  for (let i = 0; i < prefix.length; i++) checksum = step(checksum, prefix.charCodeAt(i) & 31);
  for (const value of values) checksum = step(checksum, value);
  return checksum;
}

function step(checksum: number, value: number): number {
  const top = checksum >>> 25;
  let next = ((checksum & 0x1ffffff) << 5) ^ value;
  GENERATORS.forEach((generator, i) => {
    if ((top >>> i) & 1) next ^= generator;
  });
  return next;
}

/** The network's nodes count bytes, not characters. */
function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
