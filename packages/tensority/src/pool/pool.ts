/**
 * Many hashes at once, on worker threads in Node and Web Workers in browsers.
 *
 * Only the two 32-byte inputs travel; every worker derives the matrices itself.
 *
 * @see spec 40-tensority, section 14.4 "Structure advice"
 */
import { checkLength, TensorityError } from "../error.ts";
import type { KernelFactory, KernelName } from "../kernel.ts";
import { allKernels } from "../relaxed/relaxed.ts";
import { HASH_BYTES } from "../seed.ts";
import { meetsTarget } from "../target.ts";

import { startInline } from "./inline-port.ts";
import type { WorkerReply } from "./messages.ts";
import { type Found, type HashSource, type MineOptions, mine, type Work } from "./mine.ts";
import type { StartWorker } from "./port.ts";
import { createQueue, type Signal } from "./queue.ts";
import { startFrom, startPlatformWorker, startWith, type WebWorker } from "./start-worker.ts";

/** What {@link createTensorityPool} works with. */
export interface PoolOptions {
  /** Workers; 0 computes on the caller's own thread, one hash at a time. */
  readonly size: number;
  /** Kernels to choose from, best first; all that this package has when left out. */
  readonly kernels?: readonly KernelFactory[] | undefined;
  /** Seeds whose matrices each worker keeps, 16 to 34 MiB each; 2 when left out. */
  readonly maxSeeds?: number | undefined;
  /** Jobs that may wait for a worker; 1024 when left out. */
  readonly queueLimit?: number | undefined;
  /**
   * Where a page finds the module `@bystack/tensority/worker`, when its security policy forbids
   * workers from a Blob.
   */
  readonly workerUrl?: string | undefined;
  /** Makes the workers, in place of the platform's own way; each must run that module. */
  readonly createWorker?: (() => WebWorker) | undefined;
}

/** Lets a caller give up: a waiting job is dropped, the answer of a running one ignored. */
export interface Cancellable {
  readonly signal?: Signal | undefined;
}

/** A claim of work. */
export interface ProofOfWork {
  /** Block hash, 32 bytes. */
  readonly headerHash: Uint8Array;
  /** Seed of the block, 32 bytes. */
  readonly seed: Uint8Array;
  readonly target: bigint;
}

/** What a pool is doing. */
export interface PoolStatus {
  /** Kernel of the worker that answered last; unknown before the first answer. */
  readonly kernel: KernelName | undefined;
  /** Jobs that no worker has begun. */
  readonly waiting: number;
  /** Workers that were replaced after a failure. */
  readonly restarts: number;
  /** Bytes that all workers hold for their seeds. */
  readonly memoryBytes: number;
}

/**
 * A pool of workers that compute Tensority hashes. Every method rejects with the signal's reason
 * when it is aborted, and otherwise with a TensorityError: `wrong-length`, `queue-full`,
 * `worker-failed`, `kernel-unavailable`, `pool-closed`.
 */
export interface TensorityPool {
  readonly size: number;
  /** The Tensority hash of a block: 32 bytes from a block hash and a seed of 32 bytes each. */
  hash(headerHash: Uint8Array, seed: Uint8Array, options?: Cancellable): Promise<Uint8Array>;
  /** Does the block's hash meet the target? A refusal is always a portable kernel's. */
  verify(claim: ProofOfWork, options?: Cancellable): Promise<boolean>;
  /** `verify` for many claims, taken from `claims` only as fast as the workers go. */
  verifyMany(claims: Iterable<ProofOfWork>, options?: Cancellable): Promise<boolean[]>;
  /**
   * Searches for a nonce, the lowest first.
   *
   * @returns the lowest nonce of the range whose hash meets the target, whatever the number of
   *   workers; `undefined` when there is none
   */
  mine(work: Work, target: bigint, options?: MineOptions): Promise<Found | undefined>;
  /** Derives the matrices of a seed on every worker, ahead of their first use. */
  prepare(seed: Uint8Array, options?: Cancellable): Promise<void>;
  status(): PoolStatus;
  /** Stops all workers at once; jobs not answered reject with `pool-closed`. */
  close(): Promise<void>;
}

/**
 * A pool of `size` workers, which start with their first job.
 */
export function createTensorityPool(options: PoolOptions): TensorityPool {
  const { size, kernels = allKernels, maxSeeds = 2, queueLimit = 1024 } = options;
  const workers = Math.max(1, size);
  const queue = createQueue({
    startWorker: starter(options),
    workers,
    limit: queueLimit,
    greeting: {
      type: "start",
      kernels: kernels.map(({ name, source }) => source ?? name),
      maxSeeds,
    },
  });
  let kernel: KernelName | undefined;

  const hashOn: HashSource["hash"] = async (headerHash, seed, isPortable, signal) => {
    checkLength(headerHash, HASH_BYTES, "header hash");
    checkLength(seed, HASH_BYTES, "seed");
    const reply = await queue.submit({ type: "hash", headerHash, seed, isPortable }, { signal });
    const { hash } = checkReply(reply);
    if (hash === undefined) throw new TensorityError("worker-failed");
    kernel = reply.kernel;
    return { hash, isFinal: isPortable || isPortableKernel(kernels, kernel) };
  };

  const checkReply = (reply: WorkerReply): WorkerReply => {
    const { error } = reply;
    if (error === undefined) return reply;
    const subject = kernels.map(({ name }) => name).join(", ");
    throw new TensorityError(error.code, { subject, cause: new Error(error.message) });
  };

  const pool: TensorityPool = {
    size,
    hash: async (headerHash, seed, { signal } = {}) =>
      (await hashOn(headerHash, seed, false, signal)).hash,
    async verify({ headerHash, seed, target }, { signal } = {}) {
      const fast = await hashOn(headerHash, seed, false, signal);
      if (meetsTarget(fast.hash, target)) return true;
      if (fast.isFinal) return false;
      return meetsTarget((await hashOn(headerHash, seed, true, signal)).hash, target);
    },
    async verifyMany(claims, { signal } = {}) {
      const results: boolean[] = [];
      const remaining = claims[Symbol.iterator]();
      let taken = 0;
      let hasFailed = false;
      const lane = async () => {
        while (!hasFailed) {
          const next = remaining.next();
          if (next.done === true) return;
          const index = taken++;
          results[index] = await pool.verify(next.value, { signal });
        }
      };
      try {
        await Promise.all(Array.from({ length: 2 * workers }, lane));
      } catch (error) {
        hasFailed = true;
        throw error;
      }
      return results;
    },
    mine: (work, target, mineOptions = {}) =>
      mine({ lanes: workers, hash: hashOn }, work, target, mineOptions),
    async prepare(seed, { signal } = {}) {
      checkLength(seed, HASH_BYTES, "seed");
      const replies = await Promise.all(
        Array.from({ length: workers }, (_, worker) =>
          queue.submit({ type: "prepare", seed }, { signal, worker }),
        ),
      );
      replies.forEach(checkReply);
    },
    status() {
      const { waiting, restarts, memoryBytes } = queue;
      return { kernel, waiting, restarts, memoryBytes };
    },
    close: () => queue.close(),
  };
  return pool;
}

function starter({ size, workerUrl, createWorker }: PoolOptions): StartWorker {
  if (size === 0) return startInline;
  if (createWorker !== undefined) return startWith(createWorker);
  return workerUrl === undefined ? startPlatformWorker : startFrom(workerUrl);
}

function isPortableKernel(
  kernels: readonly KernelFactory[],
  name: KernelName | undefined,
): boolean {
  return kernels.find((kernel) => kernel.name === name)?.isPortable === true;
}
