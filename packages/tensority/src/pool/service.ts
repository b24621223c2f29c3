import { createHasher, type Hasher } from "../hasher.ts";
import type { KernelFactory, KernelName, WasmKernelSource } from "../kernel.ts";
import { packedKernel } from "../packed.ts";
import { scalarKernel } from "../scalar.ts";
import { wasmKernel } from "../wasm-kernel.ts";
import type { WorkerReply, WorkerRequest } from "./messages.ts";

/** Answers the pool's requests: what a worker does, whatever thread it runs on. */
export type Service = (request: WorkerRequest) => WorkerReply;

/** A service with a hasher of its own, made by the `start` request. */
export function createService(): Service {
  let hasher: Hasher | undefined;
  const answer = (request: WorkerRequest): Omit<WorkerReply, "id"> => {
    if (request.type === "start") {
      const kernels = request.kernels.map(toFactory);
      hasher = createHasher({ kernels, maxSeeds: request.maxSeeds });
      return {};
    }
    if (hasher === undefined) return { error: "the worker was not started" };
    if (request.type === "prepare") {
      hasher.prepare(request.seed);
      return {};
    }
    const { headerHash, seed, isPortable } = request;
    if (isPortable) return { hash: hasher.portableHash(headerHash, seed) };
    return { hash: hasher.hash(headerHash, seed) };
  };
  return (request) => {
    try {
      const result = answer(request);
      return { ...result, ...facts(hasher), id: request.id };
    } catch (error) {
      return { id: request.id, error: error instanceof Error ? error.message : String(error) };
    }
  };
}

function facts(hasher: Hasher | undefined): Omit<WorkerReply, "id"> {
  return { kernel: hasher?.kernel, memoryBytes: hasher?.memoryBytes };
}

function toFactory(kernel: WasmKernelSource | KernelName): KernelFactory {
  if (typeof kernel !== "string") return wasmKernel(kernel);
  return kernel === "scalar" ? scalarKernel : packedKernel;
}
