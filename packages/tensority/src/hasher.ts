/**
 * Tensority hashes, with the matrices of the last seeds kept.
 *
 * @see spec 40-tensority, sections 0 "Overview" and 14.4 "Structure advice"
 */
import { sha3 } from "@bystack/crypto";
import { checkLength, TensorityError } from "./error.ts";
import type { KernelFactory, KernelName, MatrixKernel } from "./kernel.ts";
import { HASH_BYTES } from "./seed.ts";
import { sliceSequences } from "./slices.ts";
import { meetsTarget } from "./target.ts";

/** What {@link createHasher} works with. */
export interface HasherOptions {
  /** The kernels to choose from, best first; the first that the machine runs correctly is taken. */
  readonly kernels: readonly KernelFactory[];
  /** Seeds whose matrices are kept, 16 to 34 MiB each; 2 when left out. */
  readonly maxSeeds?: number | undefined;
}

/** Computes Tensority hashes. */
export interface Hasher {
  /** The kernel in use. */
  readonly kernel: KernelName;
  /** Bytes held for all kept seeds. */
  readonly memoryBytes: number;
  /**
   * The Tensority hash of a block.
   *
   * @param headerHash block hash, 32 bytes
   * @param seed seed of the block, 32 bytes
   * @returns 32 bytes
   * @throws TensorityError `wrong-length`
   */
  hash(headerHash: Uint8Array, seed: Uint8Array): Uint8Array;
  /**
   * Like `hash`, but by a kernel whose instructions mean the same on every engine.
   *
   * @throws TensorityError `wrong-length`
   */
  portableHash(headerHash: Uint8Array, seed: Uint8Array): Uint8Array;
  /**
   * Does the hash of the block meet the target? A refusal is always the portable kernel's.
   *
   * @throws TensorityError `wrong-length`
   */
  verify(headerHash: Uint8Array, seed: Uint8Array, target: bigint): boolean;
  /**
   * Derives the matrices of a seed ahead of its first use.
   *
   * @throws TensorityError `wrong-length`
   */
  prepare(seed: Uint8Array): void;
}

/**
 * A hasher with kernels and memory of its own. Nothing is allocated before the first use.
 *
 * @throws TensorityError `kernel-unavailable` when the machine runs none of the kernels
 * @example
 * const hasher = createHasher({ kernels: portableKernels, maxSeeds: 1 });
 * hasher.prepare(seed);
 * hasher.verify(headerHash, seed, target);
 */
export function createHasher({ kernels, maxSeeds = 2 }: HasherOptions): Hasher {
  const best = firstUsable(kernels);
  const fast = keepSeeds(best, maxSeeds);
  let portable = best.factory.isPortable ? fast : undefined;
  const portableSeeds = (): PreparedSeeds => {
    portable ??= keepSeeds(firstUsable(kernels.filter(({ isPortable }) => isPortable)), 1);
    return portable;
  };
  const hasher: Hasher = {
    kernel: best.factory.name,
    get memoryBytes() {
      return fast.memoryBytes() + (portable === fast ? 0 : (portable?.memoryBytes() ?? 0));
    },
    hash: (headerHash, seed) => hashWith(fast, headerHash, seed),
    portableHash: (headerHash, seed) => hashWith(portableSeeds(), headerHash, seed),
    verify(headerHash, seed, target) {
      if (meetsTarget(hasher.hash(headerHash, seed), target)) return true;
      if (best.factory.isPortable) return false;
      return meetsTarget(hasher.portableHash(headerHash, seed), target);
    },
    prepare: (seed) => void fast.get(seed),
  };
  return hasher;
}

interface Usable {
  readonly factory: KernelFactory;
  readonly kernel: MatrixKernel;
}

function firstUsable(kernels: readonly KernelFactory[]): Usable {
  for (const factory of kernels) {
    const kernel = factory.create();
    if (kernel !== undefined) return { factory, kernel };
  }
  const subject = kernels.map(({ name }) => name).join(", ");
  throw new TensorityError("kernel-unavailable", { subject });
}

function hashWith(seeds: PreparedSeeds, headerHash: Uint8Array, seed: Uint8Array): Uint8Array {
  const sequences = sliceSequences(headerHash);
  return sha3(seeds.get(seed).products(sequences));
}

interface PreparedSeeds {
  get(seed: Uint8Array): MatrixKernel;
  memoryBytes(): number;
}

/** The least recently used seed gives its memory to a new one, so that memory never grows again. */
function keepSeeds({ factory, kernel }: Usable, maxSeeds: number): PreparedSeeds {
  const used: { seed: Uint8Array; kernel: MatrixKernel }[] = [];
  let unused: MatrixKernel | undefined = kernel;
  return {
    memoryBytes: () => used.reduce((sum, { kernel: { memoryBytes } }) => sum + memoryBytes, 0),
    get(seed) {
      checkLength(seed, HASH_BYTES, "seed");
      const at = used.findIndex((entry) => sameBytes(entry.seed, seed));
      if (at >= 0) {
        const [entry] = used.splice(at, 1);
        if (entry !== undefined) used.unshift(entry);
      } else {
        const full = used.length >= Math.max(1, maxSeeds);
        const free = (full ? undefined : (unused ?? factory.create())) ?? used.pop()?.kernel;
        unused = undefined;
        if (free === undefined)
          throw new TensorityError("kernel-unavailable", { subject: factory.name });
        free.prepare(seed);
        used.unshift({ seed: seed.slice(), kernel: free });
      }
      return (used[0] as { kernel: MatrixKernel }).kernel;
    },
  };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((byte, i) => byte === b[i]);
}
