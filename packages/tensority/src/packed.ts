/**
 * The products for engines without WebAssembly SIMD: two rows share one double.
 *
 * A double holds `X[r] + 2^26 * X[r + 1]`. Sums of 256 products stay below 2^49, so every step is
 * exact, and each multiplication does the work of two.
 *
 * @see spec 40-tensority, section 14.2 "Kernels"
 */
import type { KernelFactory, MatrixKernel } from "./kernel.ts";
import { CELLS, SIZE, seedMatrices } from "./matrices.ts";
import { matrixAt } from "./scalar.ts";
import { fold, PASSES, reduce, SEQUENCE_LENGTH, SLICES } from "./slices.ts";

const SHIFT = 2 ** 26;
const PAIRS = SIZE / 2;
/** The same constant in this module: test runners make imported names slow in hot loops. */
const WIDTH: number = SIZE;

/** Two rows in one double; about one second a hash. Runs everywhere. */
export const packedKernel: KernelFactory = {
  name: "packed",
  isPortable: true,
  create: createPackedKernel,
};

function createPackedKernel(): MatrixKernel {
  let matrices: Int8Array = new Int8Array(0);
  const work = {
    matrix: new Float64Array(CELLS),
    from: new Float64Array(PAIRS * SIZE),
    to: new Float64Array(PAIRS * SIZE),
  };
  const workBytes = work.matrix.byteLength + 2 * work.from.byteLength;
  return {
    name: "packed",
    get memoryBytes() {
      return matrices.byteLength + workBytes;
    },
    prepare(seed) {
      matrices = seedMatrices(seed);
    },
    products(sequences) {
      const sum = new Uint8Array(CELLS);
      for (let slice = 0; slice < SLICES; slice++) {
        const at = slice * SEQUENCE_LENGTH;
        first(matrixAt(matrices, sequences[at] as number), work.from);
        for (let step = 1; step < PASSES * SEQUENCE_LENGTH; step++) {
          const index = sequences[at + (step % SEQUENCE_LENGTH)] as number;
          work.matrix.set(matrixAt(matrices, index));
          multiplyPacked(work.from, work.matrix, work.to);
          [work.from, work.to] = [work.to, work.from];
        }
        addUnpacked(work.from, sum);
      }
      return fold(sum);
    },
    multiply(x, m) {
      pack(x, work.from);
      work.matrix.set(m);
      multiplyPacked(work.from, work.matrix, work.to);
      const product = new Uint8Array(CELLS);
      addUnpacked(work.to, product);
      return new Int8Array(product.buffer);
    },
  };
}

/** The product of the identity: transposed and reduced. */
function first(matrix: Int8Array, to: Float64Array): void {
  for (let pair = 0; pair < PAIRS; pair++) {
    for (let c = 0; c < SIZE; c++) {
      const low = reduce(matrix[c * SIZE + 2 * pair] as number);
      const high = reduce(matrix[c * SIZE + 2 * pair + 1] as number);
      to[pair * SIZE + c] = low + SHIFT * high;
    }
  }
}

function pack(x: Int8Array, to: Float64Array): void {
  for (let pair = 0; pair < PAIRS; pair++) {
    for (let c = 0; c < SIZE; c++) {
      const at = 2 * pair * SIZE + c;
      to[pair * SIZE + c] = (x[at] as number) + SHIFT * (x[at + SIZE] as number);
    }
  }
}

/** Two pairs of rows and four columns at a time: eight sums, which fit the registers. */
function multiplyPacked(x: Float64Array, m: Float64Array, to: Float64Array): void {
  for (let a = 0; a < PAIRS * WIDTH; a += 2 * WIDTH) {
    for (let c = 0; c < WIDTH; c += 4) {
      const row = c * WIDTH;
      let a0 = 0;
      let a1 = 0;
      let a2 = 0;
      let a3 = 0;
      let b0 = 0;
      let b1 = 0;
      let b2 = 0;
      let b3 = 0;
      for (let k = 0; k < WIDTH; k++) {
        const xa = x[a + k] as number;
        const xb = x[a + WIDTH + k] as number;
        const m0 = m[row + k] as number;
        const m1 = m[row + WIDTH + k] as number;
        const m2 = m[row + 2 * WIDTH + k] as number;
        const m3 = m[row + 3 * WIDTH + k] as number;
        a0 += xa * m0;
        a1 += xa * m1;
        a2 += xa * m2;
        a3 += xa * m3;
        b0 += xb * m0;
        b1 += xb * m1;
        b2 += xb * m2;
        b3 += xb * m3;
      }
      to[a + c] = reducePacked(a0);
      to[a + c + 1] = reducePacked(a1);
      to[a + c + 2] = reducePacked(a2);
      to[a + c + 3] = reducePacked(a3);
      to[a + WIDTH + c] = reducePacked(b0);
      to[a + WIDTH + c + 1] = reducePacked(b1);
      to[a + WIDTH + c + 2] = reducePacked(b2);
      to[a + WIDTH + c + 3] = reducePacked(b3);
    }
  }
}

function reducePacked(value: number): number {
  const high = Math.round(value / SHIFT);
  return reduce(value - high * SHIFT) + SHIFT * reduce(high);
}

function addUnpacked(x: Float64Array, sum: Uint8Array): void {
  for (let pair = 0; pair < PAIRS; pair++) {
    for (let c = 0; c < SIZE; c++) {
      const value = x[pair * SIZE + c] as number;
      const high = Math.round(value / SHIFT);
      const at = 2 * pair * SIZE + c;
      sum[at] = (sum[at] as number) + (value - high * SHIFT);
      sum[at + SIZE] = (sum[at + SIZE] as number) + high;
    }
  }
}
