/**
 * The search for a nonce.
 *
 * @see spec 40-tensority, section 10 "CPU miner"
 */
import { meetsTarget } from "../target.ts";
import type { Signal } from "./queue.ts";

declare const performance: { now(): number };

/** The largest nonce that a serialized header can carry. */
export const MAX_NONCE: bigint = 2n ** 63n - 1n;

/** What is mined: a header that lacks its nonce, and the seed of its block. */
export interface Work {
  /** Seed of the block, 32 bytes. */
  readonly seed: Uint8Array;
  /** The block hash of the header with this nonce, 32 bytes. */
  headerHash(nonce: bigint): Uint8Array;
}

/** A solution. */
export interface Found {
  readonly nonce: bigint;
  /** Block hash, 32 bytes. */
  readonly headerHash: Uint8Array;
  /** Tensority hash, 32 bytes, confirmed by a portable kernel. */
  readonly hash: Uint8Array;
}

/** How far a search is. */
export interface Progress {
  /** Hashes computed since the start. */
  readonly hashes: bigint;
  /** Every nonce below this one has been tried. */
  readonly nextNonce: bigint;
  /** Hashes a second since the start. */
  readonly hashesPerSecond: number;
}

/** Options of a search. */
export interface MineOptions {
  /** Stops the search; the promise rejects with the signal's reason. */
  readonly signal?: Signal | undefined;
  /** Called after each hash. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** First nonce to try; 0 when left out. */
  readonly firstNonce?: bigint | undefined;
  /** Last nonce to try; 2^63 - 1, the largest that a header can carry, when left out. */
  readonly lastNonce?: bigint | undefined;
}

/** Where the hashes of a search come from. */
export interface HashSource {
  /** Hashes worth asking for at a time. */
  readonly lanes: number;
  /** A Tensority hash; `isFinal` says that a portable kernel computed it. */
  hash(
    headerHash: Uint8Array,
    seed: Uint8Array,
    isPortable: boolean,
    signal: Signal | undefined,
  ): Promise<{ readonly hash: Uint8Array; readonly isFinal: boolean }>;
}

/**
 * Tries nonces in rising order on all lanes. When one is found the lanes finish what lies below it,
 * so that the lowest solution wins whatever the timing.
 */
export async function mine(
  source: HashSource,
  work: Work,
  target: bigint,
  options: MineOptions,
): Promise<Found | undefined> {
  const { signal, onProgress, firstNonce = 0n, lastNonce = MAX_NONCE } = options;
  let next = firstNonce;
  let hashes = 0n;
  const startMs = performance.now();
  const solutions: Found[] = [];
  const trying = new Set<bigint>();

  const attempt = async (nonce: bigint) => {
    const headerHash = work.headerHash(nonce);
    const { seed } = work;
    const fast = await source.hash(headerHash, seed, false, signal);
    if (!meetsTarget(fast.hash, target)) return;
    const { hash } = fast.isFinal ? fast : await source.hash(headerHash, seed, true, signal);
    if (meetsTarget(hash, target)) solutions.push({ nonce, headerHash, hash });
  };
  const lane = async () => {
    while (solutions.length === 0 && next <= lastNonce) {
      const nonce = next++;
      trying.add(nonce);
      await attempt(nonce);
      trying.delete(nonce);
      hashes++;
      onProgress?.({
        hashes,
        nextNonce: lowest([next, ...trying]) ?? next,
        hashesPerSecond: (Number(hashes) * 1000) / (performance.now() - startMs),
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: source.lanes }, lane));
  } catch (error) {
    next = lastNonce + 1n;
    throw error;
  }
  const nonce = lowest(solutions.map((solution) => solution.nonce));
  return solutions.find((solution) => solution.nonce === nonce);
}

function lowest(values: readonly bigint[]): bigint | undefined {
  return values.reduce<bigint | undefined>(
    (low, value) => (low === undefined || value < low ? value : low),
    undefined,
  );
}
