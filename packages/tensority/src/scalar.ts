/**
 * The products as the specification writes them: one element at a time, in plain integers. Slow; the
 * oracle of every other kernel.
 *
 * @see spec 40-tensority, section 5 "Slices, products, reduction"
 */
import type { KernelFactory, MatrixKernel } from "./kernel.ts";
import { CELLS, SIZE, seedMatrices } from "./matrices.ts";
import { fold, PASSES, reduce, SEQUENCE_LENGTH, SLICES } from "./slices.ts";

/** The same constant in this module: test runners make imported names slow in hot loops. */
const WIDTH: number = SIZE;

/**
 * `f(X * transpose(M))`: element (r, c) is the reduced dot product of row r of `x` and row c of `m`.
 *
 * @param x 256 x 256 elements, row by row
 * @param m 256 x 256 elements, row by row
 */
export function multiply(x: Int8Array, m: Int8Array): Int8Array {
  const cells = CELLS;
  const product = new Int8Array(cells);
  for (let r = 0; r < cells; r += WIDTH) {
    for (let c = 0; c < cells; c += WIDTH) {
      let dot = 0;
      for (let k = 0; k < WIDTH; k++) dot += Math.imul(x[r + k] as number, m[c + k] as number);
      product[r + c / WIDTH] = reduce(dot);
    }
  }
  return product;
}

/** The 256 x 256 identity, from which each slice starts. */
export function identity(): Int8Array {
  const x = new Int8Array(CELLS);
  for (let i = 0; i < CELLS; i += SIZE + 1) x[i] = 1;
  return x;
}

/** The matrix numbered `index` among all of a seed. */
export function matrixAt(matrices: Int8Array, index: number): Int8Array {
  return matrices.subarray(index * CELLS, (index + 1) * CELLS);
}

/** The products as the specification writes them; about 4 seconds a hash. Runs everywhere. */
export const scalarKernel: KernelFactory = {
  name: "scalar",
  isPortable: true,
  create: createScalarKernel,
};

function createScalarKernel(): MatrixKernel {
  let matrices: Int8Array = new Int8Array(0);
  return {
    name: "scalar",
    get memoryBytes() {
      return matrices.byteLength;
    },
    prepare(seed) {
      matrices = seedMatrices(seed);
    },
    multiply,
    products(sequences) {
      const sum = new Uint8Array(CELLS);
      for (let slice = 0; slice < SLICES; slice++) {
        let x = identity();
        for (let pass = 0; pass < PASSES; pass++) {
          for (let k = 0; k < SEQUENCE_LENGTH; k++) {
            const index = sequences[slice * SEQUENCE_LENGTH + k] as number;
            x = multiply(x, matrixAt(matrices, index));
          }
        }
        for (let i = 0; i < CELLS; i++) sum[i] = (sum[i] as number) + (x[i] as number);
      }
      return fold(sum);
    },
  };
}
