import type { KernelFactory } from "../kernel.ts";
import { wasmKernel } from "../wasm-kernel.ts";
import { P1_WASM } from "./p1.generated.ts";

/** Portable SIMD with 16-bit products: the same on every engine that has WebAssembly SIMD. */
export const p1Kernel: KernelFactory = wasmKernel({
  name: "p1",
  wasm: P1_WASM,
  isPortable: true,
  memoryBytes: 0x2100000,
});
