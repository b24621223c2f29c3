import { ButxoError } from "./error.ts";

/** No bytes: has no content that could change, so it is shared. */
export const EMPTY: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** An empty list, shared. */
export const NONE: readonly Uint8Array[] = /* @__PURE__ */ Object.freeze([]);

interface Decoder {
  decode(bytes: Uint8Array): string;
}
declare const TextDecoder: new () => Decoder;

/** Made at the first use and kept, because making one costs more than most uses. */
let decoder: Decoder | undefined;

/** Are two byte strings the same? Not constant-time: for public data. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Joins byte strings. */
export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** Lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  const digits = new Uint8Array(2 * bytes.length);
  let offset = 0;
  for (const byte of bytes) {
    digits[offset++] = hexCode(byte >> 4);
    digits[offset++] = hexCode(byte & 15);
  }
  decoder ??= new TextDecoder();
  return decoder.decode(digits);
}

/**
 * Bytes of a hex text, either case.
 *
 * @throws {@link ButxoError} `invalid-hex` (the first bad character) | `odd-length-hex`
 */
export function fromHex(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length >> 1);
  for (let i = 0; i < bytes.length; i++) {
    bytes[i] = (hexDigit(text, 2 * i) << 4) | hexDigit(text, 2 * i + 1);
  }
  if (text.length % 2 === 1) {
    hexDigit(text, text.length - 1);
    throw new ButxoError("odd-length-hex", { value: text.length });
  }
  return bytes;
}

function hexCode(digit: number): number {
  return digit + (digit < 10 ? 48 : 87);
}

function hexDigit(text: string, offset: number): number {
  const code = text.charCodeAt(offset);
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  if (lower >= 97 && lower <= 102) return lower - 87;
  throw new ButxoError("invalid-hex", { offset });
}
