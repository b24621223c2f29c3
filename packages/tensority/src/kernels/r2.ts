import type { KernelFactory } from "../kernel.ts";
import { wasmKernel } from "../wasm-kernel.ts";
import { R2_WASM } from "./r2.generated.ts";

/** Relaxed SIMD whose 8-bit products every engine must compute alike. */
export const r2Kernel: KernelFactory = wasmKernel({
  name: "r2",
  wasm: R2_WASM,
  isPortable: false,
  memoryBytes: 0x3140000,
});
