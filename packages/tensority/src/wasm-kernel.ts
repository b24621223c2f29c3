/**
 * Kernels compiled to WebAssembly: each has a memory of its own, allocated once at its final size,
 * that holds the matrices of one seed in the order that the kernel reads them.
 *
 * @see spec 40-tensority, section 14 "Speed"
 */
import type { KernelFactory, MatrixKernel, WasmKernelSource } from "./kernel.ts";
import { CELLS } from "./matrices.ts";
import { ROUNDS } from "./scratchpad.ts";
import { expandSeed } from "./seed.ts";
import { isCorrect } from "./self-test.ts";
import { FOLDED_BYTES, PASSES, SEQUENCE_LENGTH, SLICES } from "./slices.ts";

/** Addresses shared with assembly/memory.ts. */
const STATE_AT = 0x400;
const FOLDED_AT = 0x600;
const SUM_AT = 0x70000;
const PAGE_BYTES = 0x10000;

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}
interface KernelExports {
  enterDiagonal(): void;
  prepareRound(round: number): void;
  first(matrix: number): void;
  multiply(matrix: number): void;
  accumulate(): void;
  fold(): void;
  loadFactor(): void;
  loadMatrix(): void;
}
type WasmModule = object;
declare const WebAssembly: {
  validate(bytes: Uint8Array): boolean;
  Memory: new (descriptor: { initial: number; maximum: number }) => WasmMemory;
  Module: new (bytes: Uint8Array) => WasmModule;
  Instance: new (module: WasmModule, imports: object) => { readonly exports: KernelExports };
};
declare function atob(text: string): string;

/**
 * A factory for a compiled kernel.
 *
 * The first `create` compiles it and holds it to the scalar form; on an engine that lacks the
 * instructions, or computes something else with them, it gives `undefined` from then on. It also
 * gives `undefined` while there is no memory for another one.
 */
export function wasmKernel(source: WasmKernelSource): KernelFactory {
  const { name, wasm, isPortable } = source;
  let module: WasmModule | undefined;
  let verdict: "untested" | "correct" | "refused" = "untested";
  return {
    name,
    isPortable,
    source,
    create() {
      if (verdict === "refused") return undefined;
      module ??= compile(wasm);
      const kernel = module && instantiate(source, module);
      if (verdict === "correct") return kernel;
      if (module !== undefined && kernel === undefined) return undefined;
      verdict = kernel !== undefined && isCorrect(kernel) ? "correct" : "refused";
      return verdict === "correct" ? kernel : undefined;
    },
  };
}

/** Nothing where the engine lacks SIMD, or the page's security policy forbids WebAssembly. */
function compile(wasm: string): WasmModule | undefined {
  if (typeof WebAssembly !== "object") return undefined;
  const bytes = Uint8Array.from(atob(wasm), (char) => char.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return undefined;
  return attempt(() => new WebAssembly.Module(bytes));
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

function instantiate(
  { name, memoryBytes }: WasmKernelSource,
  module: WasmModule,
): MatrixKernel | undefined {
  const pages = Math.ceil(memoryBytes / PAGE_BYTES);
  const memory = attempt(() => new WebAssembly.Memory({ initial: pages, maximum: pages }));
  if (memory === undefined) return undefined;
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const bytes = new Uint8Array(memory.buffer);
  const sum = bytes.subarray(SUM_AT, SUM_AT + CELLS);
  return {
    name,
    memoryBytes: bytes.length,
    prepare(seed) {
      bytes.set(expandSeed(seed), STATE_AT);
      exports.enterDiagonal();
      for (let round = 0; round < ROUNDS; round++) exports.prepareRound(round);
    },
    products(sequences) {
      sum.fill(0);
      for (let slice = 0; slice < SLICES; slice++) {
        const at = slice * SEQUENCE_LENGTH;
        exports.first(sequences[at] as number);
        for (let step = 1; step < PASSES * SEQUENCE_LENGTH; step++)
          exports.multiply(sequences[at + (step % SEQUENCE_LENGTH)] as number);
        exports.accumulate();
      }
      exports.fold();
      return bytes.slice(FOLDED_AT, FOLDED_AT + FOLDED_BYTES);
    },
    multiply(x, m) {
      sum.set(m);
      exports.loadMatrix();
      sum.set(x);
      exports.loadFactor();
      exports.multiply(0);
      sum.fill(0);
      exports.accumulate();
      return new Int8Array(sum.slice().buffer);
    },
  };
}
