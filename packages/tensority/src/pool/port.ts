import type { WorkerReply, WorkerRequest } from "./messages.ts";

/** The pool's end of a worker. */
export interface WorkerPort {
  post(request: WorkerRequest): void;
  /** Stops the worker at once, whatever it is doing. */
  close(): void | Promise<void>;
}

/** What a worker tells the pool. */
export interface PortEvents {
  onReply(reply: WorkerReply): void;
  /** The worker is gone or cannot be understood; it gets no more requests. */
  onFailure(cause: unknown): void;
}

/** Starts a worker. Its events come after this has returned. */
export type StartWorker = (events: PortEvents) => WorkerPort;
