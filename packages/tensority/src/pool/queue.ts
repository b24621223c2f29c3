/**
 * Jobs on workers: one at a time on each, in the order they came, a bounded number waiting.
 * A worker that fails is replaced, and its job gets one more chance.
 */
import { TensorityError } from "../error.ts";
import type { WorkerReply, WorkerRequest } from "./messages.ts";
import type { StartWorker, WorkerPort } from "./port.ts";

/** A request before the queue numbers it. */
type Job = Unnumbered<WorkerRequest>;
type Unnumbered<T> = T extends WorkerRequest ? Omit<T, "id"> : never;

/** The part of the platform's `AbortSignal` that is used. */
export interface Signal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What {@link createQueue} works with. */
export interface QueueOptions {
  readonly startWorker: StartWorker;
  readonly workers: number;
  /** Jobs that may wait for a worker. */
  readonly limit: number;
  /** First job of every worker, its replacements included. */
  readonly greeting: Job;
}

/** Where a job may run. */
interface SubmitOptions {
  readonly signal?: Signal | undefined;
  /** Runs on this worker only. */
  readonly worker?: number | undefined;
}

/** Bounded queue in front of a fixed number of workers. */
export interface Queue {
  /** Jobs that no worker has begun. */
  readonly waiting: number;
  /** Workers replaced so far. */
  readonly restarts: number;
  /** Bytes that the workers said they hold. */
  readonly memoryBytes: number;
  submit(job: Job, options?: SubmitOptions): Promise<WorkerReply>;
  close(): Promise<void>;
}

interface Entry {
  readonly job: Job;
  readonly worker: number | undefined;
  attempts: number;
  settle(reply: WorkerReply | undefined, error?: unknown): void;
}

interface Slot {
  port: WorkerPort | undefined;
  running: Entry | undefined;
  requestId: number;
  memoryBytes: number;
}

const ATTEMPTS = 2;
/** Jobs are numbered from 1. */
const GREETING_ID = 0;

/** A queue whose workers start with their first job. */
export function createQueue(options: QueueOptions): Queue {
  const { startWorker, workers, limit, greeting } = options;
  const slots = Array.from({ length: workers }, (): Slot => {
    return { port: undefined, running: undefined, requestId: 0, memoryBytes: 0 };
  });
  let waiting: Entry[] = [];
  let restarts = 0;
  let isOpen = true;

  const dispatch = () => {
    for (const [index, slot] of slots.entries()) {
      if (slot.running !== undefined) continue;
      const at = waiting.findIndex(({ worker }) => worker === undefined || worker === index);
      if (at < 0) continue;
      const [entry] = waiting.splice(at, 1);
      if (entry !== undefined) run(slot, entry);
    }
  };

  const run = (slot: Slot, entry: Entry) => {
    slot.running = entry;
    entry.attempts++;
    try {
      slot.requestId++;
      slot.port ??= open(slot);
      slot.port.post({ ...entry.job, id: slot.requestId } as WorkerRequest);
    } catch (cause) {
      fail(slot, slot.port, cause);
    }
  };

  const open = (slot: Slot): WorkerPort => {
    const port = startWorker({
      onReply(reply) {
        if (slot.port !== port || reply.id !== slot.requestId || slot.running === undefined) return;
        const { settle } = slot.running;
        slot.running = undefined;
        slot.memoryBytes = reply.memoryBytes ?? slot.memoryBytes;
        settle(reply);
        dispatch();
      },
      onFailure: (cause) => fail(slot, port, cause),
    });
    port.post({ ...greeting, id: GREETING_ID } as WorkerRequest);
    return port;
  };

  const fail = (slot: Slot, port: WorkerPort | undefined, cause: unknown) => {
    if (!isOpen || slot.port !== port) return;
    void port?.close();
    slot.port = undefined;
    slot.memoryBytes = 0;
    const entry = slot.running;
    slot.running = undefined;
    restarts++;
    if (entry === undefined) return;
    if (entry.attempts < ATTEMPTS) waiting.unshift(entry);
    else entry.settle(undefined, new TensorityError("worker-failed", { cause }));
    dispatch();
  };

  return {
    get waiting() {
      return waiting.length;
    },
    get restarts() {
      return restarts;
    },
    get memoryBytes() {
      return slots.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
    },
    submit(job, { signal, worker } = {}) {
      return new Promise((resolve, reject) => {
        if (!isOpen) return reject(new TensorityError("pool-closed"));
        if (signal?.aborted === true) return reject(signal.reason);
        if (waiting.length >= limit) return reject(new TensorityError("queue-full", { limit }));
        const onAbort = () => {
          waiting = waiting.filter((other) => other !== entry);
          entry.settle(undefined, signal?.reason);
        };
        const entry: Entry = {
          job,
          worker,
          attempts: 0,
          settle(reply, error) {
            signal?.removeEventListener("abort", onAbort);
            if (reply === undefined) reject(error);
            else resolve(reply);
          },
        };
        signal?.addEventListener("abort", onAbort);
        waiting.push(entry);
        dispatch();
      });
    },
    async close() {
      isOpen = false;
      const open = [...waiting, ...slots.flatMap(({ running }) => running ?? [])];
      waiting = [];
      for (const { settle } of open) settle(undefined, new TensorityError("pool-closed"));
      await Promise.all(slots.map(({ port }) => port?.close()));
      for (const slot of slots) {
        slot.port = undefined;
        slot.memoryBytes = 0;
      }
    },
  };
}
