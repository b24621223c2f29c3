import { createHasher, type Hasher } from "./hasher.ts";
import type { KernelFactory } from "./kernel.ts";
import { p1Kernel } from "./kernels/p1.ts";
import { packedKernel } from "./packed.ts";

/** The kernels that mean the same on every engine, best first. */
export const portableKernels: readonly KernelFactory[] = [p1Kernel, packedKernel];

let shared: Hasher | undefined;

/**
 * The Tensority hash of a block.
 *
 * Keeps the matrices of the last two seeds for the next call; a seed seen for the first time costs
 * about one hash more. Blocks its thread for the whole time: use a pool where that matters.
 *
 * @param headerHash block hash, 32 bytes
 * @param seed seed of the block, 32 bytes
 * @returns 32 bytes
 * @throws TensorityError `wrong-length`
 * @example
 * meetsTarget(tensority(headerHash, seed), target);
 * @see spec 40-tensority, section 0 "Overview"
 */
export function tensority(headerHash: Uint8Array, seed: Uint8Array): Uint8Array {
  shared ??= createHasher({ kernels: portableKernels });
  return shared.hash(headerHash, seed);
}
