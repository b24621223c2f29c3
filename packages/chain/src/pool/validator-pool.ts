import { type Block, ButxoError } from "@bystack/butxo";
import { signatureBackend } from "@bystack/crypto";
import { type Logger, silentLogger } from "../logger.ts";
import type { JobCounts } from "../pswv/adaptive-size.ts";
import type { TransactionJudge } from "../pswv/judge.ts";
import { isUndecoded, type RawBlock } from "../raw-block.ts";
import type { TransactionJudgment } from "../validation/block.ts";
import { rulesOf, type TransactionRules } from "../validation/transaction.ts";
import { encodeJob } from "./job-codec.ts";
import type {
  JudgeBlockRequest,
  JudgeRequest,
  StartWorker,
  WorkerPort,
  WorkerReply,
} from "./messages.ts";
import { Pages, type Place } from "./pages.ts";
import { decodeResult } from "./result-codec.ts";
import { startPlatformWorker, startWith, type WebWorker } from "./start-worker.ts";

declare function setTimeout(task: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;

/** What {@link createValidatorPool} works with. */
export interface ValidatorPoolOptions {
  /** The network whose rules hold. */
  readonly params: TransactionRules;
  /** Workers; 0: the chain judges everything itself, in its own thread. */
  readonly size: number;
  /** Makes the workers in place of the platform's own way; each must run `@bystack/chain/worker`. */
  readonly createWorker?: (() => WebWorker) | undefined;
  /** Starts workers of any kind. For tests. */
  readonly startWorker?: StartWorker | undefined;
  readonly logger?: Logger | undefined;
}

/** Worker threads that judge transactions; hand it to `openChain` as `judge`. */
export interface ValidatorPool extends TransactionJudge {
  readonly size: number;
  readonly jobs: JobCounts;
  /** Workers that were replaced after a failure. */
  readonly restarts: number;
  /** Stops all workers at once. What they had is left to the chain. */
  close(): Promise<void>;
}

/** Inputs in a job: about as many signatures, 2 to 10 milliseconds. */
const JOB_INPUTS = 64;
/** Bytes in a job. */
const JOB_BYTES = 256 * 1024;
/** Bytes of a block that are a job: about {@link JOB_INPUTS} inputs with their outputs. */
const PART_BYTES = 12 * 1024;
/** Jobs that a worker has at a time, so that it need not wait for the next. */
const JOBS_AHEAD = 2;
/** After that long without an answer a worker is replaced. */
const TIMEOUT_MS = 30_000;
/** Failures in a row after which the pool gives up and leaves everything to the chain. */
const MAX_FAILURES = 3;

type Judgments = readonly (TransactionJudgment | undefined)[];
type Signal = { readonly aborted: boolean };

interface Job {
  readonly request: JudgeRequest | JudgeBlockRequest;
  readonly transfer: readonly ArrayBuffer[];
  readonly signal: Signal;
  /** @param result of the worker; undefined: it is left to the chain */
  settle(result: Uint8Array | undefined): void;
}

interface Slot {
  port: WorkerPort | undefined;
  readonly running: Map<number, Job>;
  timer: unknown;
}

/**
 * A pool of workers that judge transactions ahead of their block's turn. The results are those of
 * the chain itself in every case: whatever a worker does not find valid, or does not answer, the
 * chain judges again. Workers check signatures by the library that this thread has chosen
 * (`useSignatureBackend`) when they start.
 *
 * @see spec 94-parallel-validation, section 3 "Worker pool"
 *
 * @example
 * const judge = createValidatorPool({ params: bytomSolonet, size: 2 });
 * const chain = await openChain({ params: bytomSolonet, engine, storage, clock: Date, judge });
 * await chain.processBlocks(blocks);
 * await judge.close();
 */
export function createValidatorPool(options: ValidatorPoolOptions): ValidatorPool {
  return new Pool(options);
}

class Pool implements ValidatorPool {
  readonly size: number;
  restarts = 0;
  readonly jobs = { given: 0, discarded: 0 };
  private readonly rules: TransactionRules;
  private readonly startWorker: StartWorker;
  private readonly logger: Logger;
  private readonly pages = new Pages();
  private readonly slots: Slot[];
  private waiting: Job[] = [];
  private nextId = 0;
  private nextBlock = 0;
  private failures = 0;
  private isOpen = true;

  constructor({ params, size, createWorker, startWorker, logger }: ValidatorPoolOptions) {
    this.size = size;
    this.rules = rulesOf(params);
    this.startWorker =
      startWorker ?? (createWorker === undefined ? startPlatformWorker : startWith(createWorker));
    this.logger = logger ?? silentLogger;
    this.slots = Array.from({ length: size }, () => ({
      port: undefined,
      running: new Map<number, Job>(),
      timer: undefined,
    }));
  }

  get idleShare(): number {
    if (this.size === 0) return 0;
    return this.slots.filter(({ running }) => running.size === 0).length / this.size;
  }

  async judge(block: Block, signal: Signal): Promise<Judgments> {
    if (this.size === 0 || !this.isOpen || this.failures >= MAX_FAILURES) return [];
    if (isUndecoded(block)) {
      if (this.pages.canShare(block.bytes)) return this.judgeBytes(block, signal);
      if (!decodes(block)) return [];
    }
    const parts = await Promise.all(
      slicesOf(block).map(([from, to]) => this.judgeSlice(block, from, to, signal)),
    );
    return parts.flat();
  }

  async close(): Promise<void> {
    this.isOpen = false;
    for (const job of this.waiting.splice(0)) this.discard(job);
    await Promise.all(this.slots.map((slot) => this.clear(slot)));
  }

  /** The block's bytes are written once; each part of the work names only their place. */
  private async judgeBytes(block: RawBlock, signal: Signal): Promise<Judgments> {
    const place = this.pages.share(block.bytes);
    if (place === undefined) return [];
    const parts = Math.ceil(block.bytes.length / PART_BYTES);
    const key = this.nextBlock++;
    const results = await Promise.all(
      Array.from({ length: parts }, (_, part) =>
        this.submit({ type: "judge-block", block: key, part, parts }, place, signal),
      ),
    );
    place.free();
    const judgments: (TransactionJudgment | undefined)[] = [];
    let isCanonical = true;
    for (const result of results) {
      const judged = result && readResult(result.subarray(1));
      // How many there are in a part that is missing, only the worker knew.
      if (result === undefined || judged === undefined) return [];
      for (const judgment of judged) judgments.push(judgment);
      isCanonical &&= result[0] === 1;
    }
    block.isCanonical = isCanonical;
    return judgments;
  }

  private async judgeSlice(
    block: Block,
    from: number,
    to: number,
    signal: Signal,
  ): Promise<Judgments> {
    const place = this.place(block, from, to);
    const result = place && (await this.submit({ type: "judge" }, place, signal));
    place?.free();
    const judgments = result && readResult(result);
    if (judgments?.length === to - from) return judgments;
    return Array.from({ length: to - from }, () => undefined);
  }

  private submit(
    work: Pick<JudgeRequest, "type"> | Pick<JudgeBlockRequest, "type" | "block" | "part" | "parts">,
    { buffer, offset, length, transfer }: Place,
    signal: Signal,
  ): Promise<Uint8Array | undefined> {
    return new Promise((settle) => {
      const request = { ...work, id: this.nextId++, buffer, offset, length };
      this.waiting.push({ request, transfer, signal, settle });
      this.dispatch();
    });
  }

  /** Undefined when there is no room, or when a transaction of the caller's own cannot be encoded. */
  private place(block: Block, from: number, to: number): Place | undefined {
    try {
      return this.pages.place(encodeJob(block, from, to));
    } catch (error) {
      if (error instanceof ButxoError) return undefined;
      throw error;
    }
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
    this.jobs.discarded++;
    job.settle(undefined);
  }

  private run(slot: Slot, job: Job): void {
    this.jobs.given++;
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
    const port = this.startWorker({
      onReply: (reply) => slot.port === port && this.take(slot, reply),
      onFailure: (cause) => slot.port === port && this.fail(slot, cause),
    });
    const signatureLibrary = signatureBackend().file;
    port.post({ type: "start", rules: this.rules, signatureLibrary }, []);
    return port;
  }

  private take(slot: Slot, { id, result, error }: WorkerReply): void {
    const job = slot.running.get(id);
    if (job === undefined) return;
    slot.running.delete(id);
    this.watch(slot);
    if (result === undefined) this.logger.error({ error }, "a worker could not do a job");
    else this.failures = 0;
    job.settle(result);
    this.dispatch();
  }

  /** Replaces a worker; what it had is left to the chain. */
  private fail(slot: Slot, error: unknown): void {
    if (!this.isOpen) return;
    this.restarts++;
    this.failures++;
    this.logger.error({ error, restarts: this.restarts }, "a worker failed");
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

/** Can it be decoded here? The chain will say why not. */
function decodes(block: Block): boolean {
  try {
    block.transactions;
    return true;
  } catch (error) {
    if (error instanceof ButxoError) return false;
    throw error;
  }
}

/** Undefined when it makes no sense: then the chain judges by itself. */
function readResult(result: Uint8Array): Judgments | undefined {
  try {
    return decodeResult(result);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The block's transactions in slices of a job's size. */
function slicesOf({ transactions }: Block): [from: number, to: number][] {
  const slices: [number, number][] = [];
  let from = 0;
  let inputs = 0;
  let bytes = 0;
  for (const [i, transaction] of transactions.entries()) {
    inputs += transaction.inputs.length;
    bytes += transaction.serializedSize;
    if (inputs < JOB_INPUTS && bytes < JOB_BYTES) continue;
    slices.push([from, i + 1]);
    from = i + 1;
    inputs = 0;
    bytes = 0;
  }
  if (from < transactions.length) slices.push([from, transactions.length]);
  return slices;
}
