/**
 * Which matrices a header hash multiplies, and how four products become one hash.
 *
 * @see spec 40-tensority, sections 5 "Slices, products, reduction" and 6 "Folding to 32 bytes"
 */
import { sha3 } from "@bystack/crypto";
import { checkLength } from "./error.ts";
import { CELLS, SIZE } from "./matrices.ts";
import { HASH_BYTES } from "./seed.ts";

/** Slices of a header hash, each with a product of its own. */
export const SLICES = 4;

/** Matrix indices of a slice. */
export const SEQUENCE_LENGTH = 32;

/** Times that a slice goes through its indices. */
export const PASSES = 2;

/** Bytes that are hashed in the end: the first row of the folded matrix. */
export const FOLDED_BYTES: number = SIZE;

const SLICE_BYTES = HASH_BYTES / SLICES;
const FNV_PRIME = 0x01000193;

/**
 * The matrix indices of all slices.
 *
 * @param headerHash 32 bytes
 * @returns 128 bytes: 32 indices for each of the four slices
 * @throws TensorityError `wrong-length`
 */
export function sliceSequences(headerHash: Uint8Array): Uint8Array {
  checkLength(headerHash, HASH_BYTES, "header hash");
  const sequences = new Uint8Array(SLICES * SEQUENCE_LENGTH);
  for (let slice = 0; slice < SLICES; slice++) {
    const from = slice * SLICE_BYTES;
    sequences.set(sha3(headerHash.subarray(from, from + SLICE_BYTES)), slice * SEQUENCE_LENGTH);
  }
  return sequences;
}

/**
 * The reduction of a dot product to one signed byte: the sum of its two low bytes, the upper two
 * ignored.
 */
export function reduce(value: number): number {
  return ((value + (value >> 8)) << 24) >> 24;
}

/**
 * Folds the sum of the four products to the 256 bytes that are hashed.
 *
 * @param sum 256 x 256 bytes, row by row
 * @returns 256 bytes
 */
export function fold(sum: Uint8Array): Uint8Array {
  let rows = packWords(sum);
  while (rows.length > 1) rows = halve(rows);
  return littleEndian(rows[0] as Uint32Array);
}

/** The lower half of the rows folded into the upper. */
export function halve(rows: readonly Uint32Array[]): Uint32Array[] {
  const half = rows.length / 2;
  return rows.slice(0, half).map((upper, i) => foldRows(upper, rows[half + i] as Uint32Array));
}

/** 256 rows of 64 words: the bytes of a word stand 64 columns apart. */
export function packWords(sum: Uint8Array): Uint32Array[] {
  const words = SIZE / 4;
  return Array.from({ length: CELLS / SIZE }, (_, row) =>
    Uint32Array.from({ length: words }, (_, column) => {
      const at = row * SIZE + column;
      const byte = (i: number) => (sum[at + i * words] as number) << (8 * i);
      return byte(0) | byte(1) | byte(2) | byte(3);
    }),
  );
}

/** One FNV step for each word: the row of lower index is multiplied. */
function foldRows(upper: Uint32Array, lower: Uint32Array): Uint32Array {
  return upper.map((word, i) => Math.imul(word, FNV_PRIME) ^ (lower[i] as number));
}

/** Words as bytes, the low byte first. */
export function littleEndian(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (const [i, word] of words.entries()) view.setUint32(4 * i, word, true);
  return bytes;
}
