import type { TensorityErrorCode } from "../error.ts";
import type { KernelName, WasmKernelSource } from "../kernel.ts";

/** What the pool asks a worker for. The first request is always `start`. */
export type WorkerRequest =
  | {
      readonly type: "start";
      readonly id: number;
      /** Kernels to choose from, best first; the scalar forms by name alone. */
      readonly kernels: readonly (WasmKernelSource | KernelName)[];
      readonly maxSeeds: number;
    }
  | { readonly type: "prepare"; readonly id: number; readonly seed: Uint8Array }
  | {
      readonly type: "hash";
      readonly id: number;
      readonly headerHash: Uint8Array;
      readonly seed: Uint8Array;
      /** Only a kernel that means the same on every engine will do. */
      readonly isPortable: boolean;
    };

/** A worker's answer to the request of the same `id`. */
export interface WorkerReply {
  readonly id: number;
  /** Kernel in use. */
  readonly kernel?: KernelName | undefined;
  /** Bytes that the worker holds for its seeds. */
  readonly memoryBytes?: number | undefined;
  /** The answer to `hash`: 32 bytes. */
  readonly hash?: Uint8Array | undefined;
  /** Why there is no answer. */
  readonly error?: { readonly code: TensorityErrorCode; readonly message: string } | undefined;
}
