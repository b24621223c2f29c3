import { createHasher, type Hasher } from "../hasher.ts";
import type { KernelFactory } from "../kernel.ts";
import { packedKernel } from "../packed.ts";
import { scalarKernel } from "../scalar.ts";
import type { KernelDescription, WorkerReply, WorkerRequest } from "./messages.ts";

/** Answers the pool's requests: what a worker does, whatever thread it runs on. */
export type Service = (request: WorkerRequest) => WorkerReply;

/** A service with a hasher of its own, made by the `start` request. */
export function createService(): Service {
  let hasher: Hasher | undefined;
  const answer = (request: WorkerRequest): Omit<WorkerReply, "id"> => {
    if (request.type === "start") {
      const kernels = request.kernels.map(toFactory);
      hasher = createHasher({ kernels, maxSeeds: request.maxSeeds });
      return { kernel: hasher.kernel };
    }
    if (hasher === undefined) return { error: "the worker was not started" };
    if (request.type === "prepare") {
      hasher.prepare(request.seed);
      return { memoryBytes: hasher.memoryBytes };
    }
    const { headerHash, seed, isPortable } = request;
    const hash = isPortable ? hasher.portableHash(headerHash, seed) : hasher.hash(headerHash, seed);
    return { hash, memoryBytes: hasher.memoryBytes };
  };
  return (request) => {
    try {
      return { ...answer(request), id: request.id };
    } catch (error) {
      return { id: request.id, error: error instanceof Error ? error.message : String(error) };
    }
  };
}

function toFactory({ name }: KernelDescription): KernelFactory {
  return name === "scalar" ? scalarKernel : packedKernel;
}
