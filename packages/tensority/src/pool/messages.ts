import type { KernelName } from "../kernel.ts";

/** A kernel as it travels to a worker. */
export interface KernelDescription {
  readonly name: KernelName;
  /** Compiled kernel in base64; the scalar forms have none. */
  readonly wasm?: string | undefined;
}

/** What the pool asks a worker for. The first request is always `start`. */
export type WorkerRequest =
  | {
      readonly type: "start";
      readonly id: number;
      readonly kernels: readonly KernelDescription[];
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
  readonly error?: string | undefined;
}
