import type { KernelFactory } from "../kernel.ts";
import { wasmKernel } from "../wasm-kernel.ts";
import { U2_WASM } from "./u2.generated.ts";

/** Relaxed SIMD on x86: 8-bit products of signed and unsigned numbers, saturating. */
export const u2Kernel: KernelFactory = wasmKernel({
  name: "u2",
  wasm: U2_WASM,
  isPortable: false,
  memoryBytes: 0x3140000,
});
