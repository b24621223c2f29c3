/**
 * Does a kernel compute what the scalar form computes? Engines differ in what relaxed SIMD
 * instructions do, and one engine's two compilers may differ, so this is asked before a kernel's
 * first use.
 *
 * @see spec 40-tensority, section 14.2 "Kernels"
 */
import type { MatrixKernel } from "./kernel.ts";
import { CELLS, SIZE } from "./matrices.ts";
import { multiply } from "./scalar.ts";

/** Products computed in all: engines recompile hot code after some tens of calls. */
const CALLS = 100;

/** Two factors and their product. */
interface Sample {
  readonly x: Int8Array;
  readonly m: Int8Array;
  readonly product: Int8Array;
}

let samples: readonly Sample[] | undefined;

/** Compares products of random and of extreme factors until the engine's compilers have all run. */
export function isCorrect(kernel: MatrixKernel): boolean {
  samples ??= makeSamples();
  for (let call = 0; call < CALLS; call += samples.length) {
    for (const { x, m, product } of samples)
      if (!sameElements(kernel.multiply(x, m), product)) return false;
  }
  return true;
}

/**
 * Noise alone; and rows that are all noise, all -128, all 127 or either extreme at random, so that
 * each kind meets each.
 */
function makeSamples(): readonly Sample[] {
  const random = xorshift(0x9e3779b9);
  const kinds = [random, () => -128, () => 127, () => (random() < 0 ? -128 : 127)];
  const filled = (value: (row: number) => number) =>
    Int8Array.from({ length: CELLS }, (_, i) => value(Math.floor(i / SIZE)));
  const mixed = () => filled((row) => (kinds[row % kinds.length] as () => number)());
  return [filled, () => mixed()].map((make) => {
    const [x, m] = [make(random), make(random)];
    return { x, m, product: multiply(x, m) };
  });
}

/** A fixed sequence of int8 values: Marsaglia's 32-bit xorshift. */
function xorshift(state: number): () => number {
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >> 24;
  };
}

function sameElements(a: Int8Array, b: Int8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
