import type { TransactionRules } from "../validation/transaction.ts";

/** What the pool tells a worker. `start` comes first, once. */
export type WorkerRequest =
  | {
      readonly type: "start";
      readonly rules: TransactionRules;
      /** Where the pool's thread has its library for signatures from; see `SignatureBackend.file`. */
      readonly signatureLibrary?: string | undefined;
    }
  | {
      readonly type: "judge";
      readonly id: number;
      /** A shared page, or a copy of the job where memory cannot be shared. */
      readonly buffer: ArrayBuffer | SharedArrayBuffer;
      readonly offset: number;
      readonly length: number;
    };

/** A worker's answer to the job of the same `id`. */
export interface WorkerReply {
  readonly id: number;
  /** See `job-codec.ts`; missing when the worker could not make sense of the job. */
  readonly result?: Uint8Array | undefined;
  readonly error?: string | undefined;
}

/** The pool's end of a worker. */
export interface WorkerPort {
  /** @param transfer buffers that go over for good */
  post(request: WorkerRequest, transfer: readonly ArrayBuffer[]): void;
  /** Stops the worker at once, whatever it is doing. */
  close(): void | Promise<void>;
}

/** What a worker tells the pool. */
export interface PortEvents {
  onReply(reply: WorkerReply): void;
  /** The worker is gone or cannot be understood; it gets no more jobs. */
  onFailure(cause: unknown): void;
}

/** Starts a worker. */
export type StartWorker = (events: PortEvents) => WorkerPort;
