import type { KernelFactory } from "../kernel.ts";
import { r2Kernel } from "../kernels/r2.ts";
import { u2Kernel } from "../kernels/u2.ts";
import { vnKernel } from "../kernels/vn.ts";
import { portableKernels } from "../tensority.ts";

/** The kernels whose speed rests on relaxed SIMD, best first. */
export const relaxedKernels: readonly KernelFactory[] = [vnKernel, u2Kernel, r2Kernel];

/** Every kernel that is worth trying, best first. */
export const allKernels: readonly KernelFactory[] = [...relaxedKernels, ...portableKernels];

interface NodeProcess {
  readonly versions?: { readonly v8?: string | undefined } | undefined;
  getBuiltinModule?(name: "node:v8"): { setFlagsFromString(flag: string): void } | undefined;
}

/** The last V8 that needs a flag for relaxed SIMD; later ones complain about the flag. */
const FLAGGED_V8 = /^11\.3\./;

/**
 * Switches relaxed SIMD on where it exists behind a flag: in Node 20, for the whole process and for
 * workers started later. Elsewhere it is on by itself or not there, and nothing happens.
 *
 * Call it before the first hash: a kernel that was refused once stays refused.
 *
 * @returns whether a flag was set
 */
export function enableRelaxedSimd(): boolean {
  const { process: node } = globalThis as unknown as { readonly process?: NodeProcess };
  if (!FLAGGED_V8.test(node?.versions?.v8 ?? "")) return false;
  const v8 = node?.getBuiltinModule?.("node:v8");
  v8?.setFlagsFromString("--experimental-wasm-relaxed-simd");
  return v8 !== undefined;
}
