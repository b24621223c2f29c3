import { TensorityError } from "../error.ts";
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
  let start: () => Hasher = () => {
    throw new TensorityError("worker-failed");
  };
  let hasher: Hasher | undefined;
  const answer = (request: WorkerRequest): Uint8Array | undefined => {
    if (request.type === "start") {
      const kernels = request.kernels.map(toFactory);
      start = () => createHasher({ kernels, maxSeeds: request.maxSeeds });
      return undefined;
    }
    hasher ??= start();
    if (request.type === "prepare") {
      hasher.prepare(request.seed);
      return undefined;
    }
    const { headerHash, seed, isPortable } = request;
    return isPortable ? hasher.portableHash(headerHash, seed) : hasher.hash(headerHash, seed);
  };
  return (request) => {
    try {
      return { hash: answer(request), ...facts(hasher), id: request.id };
    } catch (error) {
      return { id: request.id, error: describe(error) };
    }
  };
}

function describe(error: unknown): WorkerReply["error"] {
  if (error instanceof TensorityError) return { code: error.code, message: error.message };
  return { code: "worker-failed", message: String(error) };
}

function facts(hasher: Hasher | undefined): Omit<WorkerReply, "id"> {
  return { kernel: hasher?.kernel, memoryBytes: hasher?.memoryBytes };
}

function toFactory(kernel: WasmKernelSource | KernelName): KernelFactory {
  if (typeof kernel !== "string") return wasmKernel(kernel);
  return kernel === "scalar" ? scalarKernel : packedKernel;
}
