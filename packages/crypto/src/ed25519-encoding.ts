/**
 * What can be told about the 32-byte encoding of a point (y, 255 bits little-endian, then the sign
 * of x) and about the scalar S without arithmetic on the curve.
 */
import { hex } from "./hex.ts";

/** The y of the eight points whose order divides 8: -1, 0, 1 and two that the four of order 8 share. */
const SMALL_ORDER_Y: readonly Uint8Array[] = /* @__PURE__ */ [
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
].map(hex);

/** The order of the base point, little-endian: 2^252 + 27742317777372353535851937790883648493. */
const L: Uint8Array = /* @__PURE__ */ hex(
  "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010",
);

/** Offset of S in a signature. */
const S = 32;

/** Is the low 255-bit number of these 32 bytes below p = 2^255 - 19? */
export function isCanonicalY(bytes: Uint8Array): boolean {
  if ((byteAt(bytes, 31) & 0x7f) !== 0x7f || byteAt(bytes, 0) < 0xed) return true;
  for (let i = 1; i < 31; i++) if (bytes[i] !== 0xff) return true;
  return false;
}

/** Is y, when below p, that of a point whose order divides 8? The sign of x does not matter. */
export function isSmallOrderY(bytes: Uint8Array): boolean {
  return SMALL_ORDER_Y.some((y) => {
    if ((byteAt(bytes, 31) & 0x7f) !== y[31]) return false;
    for (let i = 0; i < 31; i++) if (bytes[i] !== y[i]) return false;
    return true;
  });
}

/**
 * The signature with S modulo L, for S below 2^253: less than 2 L, so that one subtraction does.
 * The same array when S is below L already.
 */
export function withReducedS(signature: Uint8Array): Uint8Array {
  // 2^252 <= L: nearly every honest S is told by its highest byte.
  if (byteAt(signature, S + 31) < 0x10) return signature;
  const reduced = Uint8Array.from(signature);
  let borrow = 0;
  for (let i = 0; i < 32; i++) {
    const difference = byteAt(signature, S + i) - byteAt(L, i) - borrow;
    reduced[S + i] = difference;
    borrow = difference < 0 ? 1 : 0;
  }
  return borrow === 1 ? signature : reduced;
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
