import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { p1Kernel, packedKernel } from "../src/index.ts";
import { CELLS, identity, multiply, reduce, SIZE } from "../src/reference/index.ts";
import { enableRelaxedSimd, relaxedKernels } from "../src/relaxed/index.ts";
import { isCorrect } from "../src/self-test.ts";

enableRelaxedSimd();

/** What a run of rows holds: anything, or what sums and products are most likely to overflow on. */
const kind = fc.constantFrom("noise", "low", "high", "edges", "near", "zero", "minusOne");

/** A 256 x 256 matrix, made from a number and a kind for each of eight runs of rows. */
const matrix = fc
  .record({ noise: fc.integer(), kinds: fc.array(kind, { minLength: 8, maxLength: 8 }) })
  .map(({ noise, kinds }) => {
    let state = noise | 1;
    const random = () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state >> 24;
    };
    const elements = {
      noise: random,
      low: () => -128,
      high: () => 127,
      edges: () => (random() < 0 ? -128 : 127),
      near: () => (random() < 0 ? -127 : random() < 0 ? 126 : -128),
      zero: () => 0,
      minusOne: () => -1,
    };
    return Int8Array.from({ length: CELLS }, (_, i) =>
      elements[kinds[Math.floor(i / SIZE) % kinds.length] ?? "noise"](),
    );
  });

const kernels = [packedKernel, p1Kernel, ...relaxedKernels].flatMap((factory) => {
  const kernel = factory.create();
  return kernel === undefined ? [] : [kernel];
});

describe("one product", () => {
  it("is the scalar form's, by every kernel", () => {
    fc.assert(
      fc.property(matrix, matrix, (x, m) => {
        const expected = multiply(x, m);
        for (const kernel of kernels) expect(same(kernel.multiply(x, m), expected)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });

  it("with the identity is the reduced transpose", () => {
    fc.assert(
      fc.property(matrix, (m) => {
        const product = multiply(identity(), m);
        for (let i = 0; i < CELLS; i += 257) {
          const [row, column] = [Math.floor(i / SIZE), i % SIZE];
          expect(product[i]).toBe(reduce(m[column * SIZE + row] ?? 0));
        }
      }),
      { numRuns: 5 },
    );
  });
});

it("the self-test accepts every kernel that runs and refuses one wrong element", () => {
  for (const kernel of kernels) {
    expect(isCorrect(kernel)).toBe(true);
    const flawed = {
      ...kernel,
      multiply(x: Int8Array, m: Int8Array) {
        const product = kernel.multiply(x, m);
        product[CELLS - 1] = (product[CELLS - 1] ?? 0) ^ 1;
        return product;
      },
    };
    expect(isCorrect(flawed)).toBe(false);
  }
});

/** Much faster than comparing through matchers. */
function same(a: Int8Array, b: Int8Array): boolean {
  return Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer)) === 0;
}
