import { signatureBackend } from "@bystack/crypto";
import type { Logger } from "../logger.ts";
import type { JobCounts } from "../pswv/adaptive-size.ts";
import type { TransactionRules } from "../validation/transaction.ts";
import type {
  JudgeBlockRequest,
  JudgeRequest,
  StartWorker,
  WorkerPort,
  WorkerReply,
} from "./messages.ts";
import type { Place } from "./pages.ts";

declare function setTimeout(task: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** Jobs that a worker has at a time, so that it need not wait for the next. */
const JOBS_AHEAD = 2;
/** After that long without an answer a worker is replaced. */
const TIMEOUT_MS = 30_000;
/** Failures in a row after which the pool gives up and leaves everything to the chain. */
const MAX_FAILURES = 3;

/** What a {@link WorkerPool} works with. */
export interface WorkerPoolParts {
  readonly size: number;
  readonly rules: TransactionRules;
  readonly startWorker: StartWorker;
  readonly logger: Logger;
}

/** What is to be done with a job's bytes. */
export type Work =
  | Pick<JudgeRequest, "type">
  | Pick<JudgeBlockRequest, "type" | "block" | "part" | "parts">;

interface Job {
  readonly request: JudgeRequest | JudgeBlockRequest;
  readonly transfer: readonly ArrayBuffer[];
  readonly signal: { readonly aborted: boolean };
  /** @param result of the worker; undefined: it is left to the chain */
  settle(result: Uint8Array | undefined): void;
}

interface Slot {
  port: WorkerPort | undefined;
  readonly running: Map<number, Job>;
  timer: unknown;
}

/**
 * Worker threads and the jobs that wait for them. Knows nothing of what is in a job. A worker is
 * started when it is needed and replaced when it fails or does not answer.
 *
 * @see spec 94-parallel-validation, section 3 "Worker pool"
 */
export class WorkerPool {
  readonly size: number;
  restarts = 0;
  private readonly counts = { given: 0, discarded: 0 };
  private readonly parts: WorkerPoolParts;
  private readonly slots: Slot[];
  private waiting: Job[] = [];
  private nextId = 0;
  private failures = 0;
  private isOpen = true;

  constructor(parts: WorkerPoolParts) {
    this.parts = parts;
    this.size = parts.size;
    this.slots = Array.from({ length: parts.size }, () => ({
      port: undefined,
      running: new Map<number, Job>(),
      timer: undefined,
    }));
  }

  /** Does it make sense to give it a job? */
  get isUsable(): boolean {
    return this.size > 0 && this.isOpen && this.failures < MAX_FAILURES;
  }

  get jobs(): JobCounts {
    return this.counts;
  }

  /** Share of the workers that have nothing to do, 0 to 1. */
  get idleShare(): number {
    if (this.size === 0) return 0;
    return this.slots.filter(({ running }) => running.size === 0).length / this.size;
  }

  /**
   * Hands a job to the worker that has least to do, after the jobs that wait already.
   *
   * @param signal when aborted, a job that has not begun is dropped
   * @returns the worker's result; undefined when there is none
   */
  submit(
    work: Work,
    { buffer, offset, length, transfer }: Place,
    signal: { readonly aborted: boolean },
  ): Promise<Uint8Array | undefined> {
    return new Promise((settle) => {
      const request = { ...work, id: this.nextId++, buffer, offset, length };
      this.waiting.push({ request, transfer, signal, settle });
      this.dispatch();
    });
  }

  /** Stops all workers at once. What they had has no result. */
  async close(): Promise<void> {
    this.isOpen = false;
    for (const job of this.waiting.splice(0)) this.discard(job);
    await Promise.all(this.slots.map((slot) => this.clear(slot)));
  }

  private dispatch(): void {
    for (let isBusy = false; !isBusy; ) {
      const slot = this.slots.reduce((a, b) => (b.running.size < a.running.size ? b : a));
      const job = slot.running.size < JOBS_AHEAD ? this.waiting.shift() : undefined;
      if (job === undefined) isBusy = true;
      else if (job.signal.aborted) this.discard(job);
      else this.run(slot, job);
    }
  }

  private discard(job: Job): void {
    this.counts.discarded++;
    job.settle(undefined);
  }

  private run(slot: Slot, job: Job): void {
    this.counts.given++;
    slot.running.set(job.request.id, job);
    try {
      slot.port ??= this.open(slot);
      slot.port.post(job.request, job.transfer);
      if (slot.running.size === 1) this.watch(slot);
    } catch (error) {
      this.fail(slot, error);
    }
  }

  private open(slot: Slot): WorkerPort {
    const { startWorker, rules } = this.parts;
    const port = startWorker({
      onReply: (reply) => slot.port === port && this.take(slot, reply),
      onFailure: (cause) => slot.port === port && this.fail(slot, cause),
    });
    const signatureLibrary = signatureBackend().file;
    port.post({ type: "start", rules, signatureLibrary }, []);
    return port;
  }

  private take(slot: Slot, { id, result, error }: WorkerReply): void {
    const job = slot.running.get(id);
    if (job === undefined) return;
    slot.running.delete(id);
    this.watch(slot);
    if (result === undefined) this.parts.logger.error({ error }, "a worker could not do a job");
    else this.failures = 0;
    job.settle(result);
    this.dispatch();
  }

  /** Replaces a worker; what it had is left to the chain. */
  private fail(slot: Slot, error: unknown): void {
    if (!this.isOpen) return;
    this.restarts++;
    this.failures++;
    this.parts.logger.error({ error, restarts: this.restarts }, "a worker failed");
    void this.clear(slot);
    if (this.failures < MAX_FAILURES) this.dispatch();
    else for (const job of this.waiting.splice(0)) job.settle(undefined);
  }

  private async clear(slot: Slot): Promise<void> {
    const { port } = slot;
    const jobs = [...slot.running.values()];
    slot.port = undefined;
    slot.running.clear();
    this.watch(slot);
    for (const job of jobs) job.settle(undefined);
    await port?.close();
  }

  private watch(slot: Slot): void {
    clearTimeout(slot.timer);
    if (slot.running.size === 0) return;
    slot.timer = setTimeout(() => this.fail(slot, new Error("no answer in time")), TIMEOUT_MS);
  }
}
