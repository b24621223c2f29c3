import type { KernelFactory } from "../kernel.ts";
import { wasmKernel } from "../wasm-kernel.ts";
import { VN_WASM } from "./vn.generated.ts";

/** Relaxed SIMD with VNNI instructions: four 8-bit products added exactly in 32 bits. */
export const vnKernel: KernelFactory = wasmKernel({
  name: "vn",
  wasm: VN_WASM,
  isPortable: false,
  memoryBytes: 0x1140000,
});
