import type { TransactionRules } from "../validation/transaction.ts";

/** What the pool tells a worker. `start` comes first, once. */
export type WorkerRequest =
  | {
      readonly type: "start";
      readonly rules: TransactionRules;
      /** Where the pool's thread has its library for signatures from; see `SignatureBackend.file`. */
      readonly signatureLibrary?: string | undefined;
    }
  | JudgeRequest
  | JudgeBlockRequest;

/** Where the bytes of a job are. */
export interface JobBytes {
  /** A shared page, or a copy where memory cannot be shared. */
  readonly buffer: ArrayBuffer | SharedArrayBuffer;
  readonly offset: number;
  readonly length: number;
}

/** Transactions to be judged; see `job-codec.ts`. */
export interface JudgeRequest extends JobBytes {
  readonly type: "judge";
  readonly id: number;
}

/**
 * A part of a block to be judged: the block's bytes as they came, which do not change until the last
 * part is answered.
 */
export interface JudgeBlockRequest extends JobBytes {
  readonly type: "judge-block";
  readonly id: number;
  /** Tells blocks apart: a worker that gets several parts of one decodes it once. */
  readonly block: number;
  /** Which of `parts` parts of about the same number of transactions, from 0. */
  readonly part: number;
  readonly parts: number;
}

/** A worker's answer to the job of the same `id`. */
export interface WorkerReply {
  readonly id: number;
  /** See `result-codec.ts`, for a block with a byte before it: is it canonical? Missing when the worker could not make sense of the job. */
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
