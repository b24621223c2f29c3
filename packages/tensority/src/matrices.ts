/**
 * The 256 matrices of a seed: 16 MiB that depend on the seed alone.
 *
 * @see spec 40-tensority, section 4 "Matrices"
 */
import { BLOCKS, mixRound, ROUNDS } from "./scratchpad.ts";
import { expandSeed, STATE_WORDS } from "./seed.ts";

/** Rows, and columns, of a matrix. */
export const SIZE = 256;

/** Elements of a matrix. */
export const CELLS: number = SIZE * SIZE;

/** Matrices of a seed, two for each scratchpad round. */
export const MATRICES: number = 2 * ROUNDS;

const BLOCK_BYTES = 4 * STATE_WORDS;

/**
 * All matrices of a seed, one after another, row by row, in portable scalar code.
 *
 * Round t gives matrix 2t, the scratchpad's blocks of even number, and matrix 2t + 1, those of odd
 * number; two blocks make a row.
 *
 * @param seed 32 bytes
 * @returns 16 MiB: element (row, column) of matrix `m` at `(m * 256 + row) * 256 + column`
 * @throws TensorityError `wrong-length`
 */
export function seedMatrices(seed: Uint8Array): Int8Array {
  const state = words(expandSeed(seed));
  const pad = new Uint32Array(BLOCKS * STATE_WORDS);
  const bytes = new Uint8Array(MATRICES * CELLS);
  const view = new DataView(bytes.buffer);
  for (let round = 0; round < ROUNDS; round++) {
    mixRound(state, pad);
    for (let block = 0; block < BLOCKS; block++) {
      const matrix = 2 * round + (block & 1);
      const at = matrix * CELLS + (block >> 1) * BLOCK_BYTES;
      for (let i = 0; i < STATE_WORDS; i++)
        view.setUint32(at + 4 * i, pad[block * STATE_WORDS + i] as number, true);
    }
  }
  return new Int8Array(bytes.buffer);
}

function words(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
}
