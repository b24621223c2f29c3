import { type Block, ButxoError } from "@bystack/butxo";
import { type Logger, silentLogger } from "../logger.ts";
import type { JobCounts } from "../pswv/adaptive-size.ts";
import type { TransactionJudge } from "../pswv/judge.ts";
import { isUndecoded, type RawBlock } from "../raw-block.ts";
import type { TransactionJudgment } from "../validation/block.ts";
import { rulesOf, type TransactionRules } from "../validation/transaction.ts";
import { encodeJob } from "./job-codec.ts";
import type { StartWorker } from "./messages.ts";
import { Pages, type Place } from "./pages.ts";
import { decodeResult } from "./result-codec.ts";
import { startPlatformWorker, startWith, type WebWorker } from "./start-worker.ts";
import { WorkerPool } from "./worker-pool.ts";

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

type Judgments = readonly (TransactionJudgment | undefined)[];
type Signal = { readonly aborted: boolean };

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

/** Cuts blocks into jobs, and puts what comes of them together. */
class Pool implements ValidatorPool {
  private readonly workers: WorkerPool;
  private readonly pages = new Pages();
  private nextBlock = 0;

  constructor({ params, size, createWorker, startWorker, logger }: ValidatorPoolOptions) {
    this.workers = new WorkerPool({
      size,
      rules: rulesOf(params),
      startWorker:
        startWorker ?? (createWorker === undefined ? startPlatformWorker : startWith(createWorker)),
      logger: logger ?? silentLogger,
    });
  }

  get size(): number {
    return this.workers.size;
  }

  get jobs(): JobCounts {
    return this.workers.jobs;
  }

  get restarts(): number {
    return this.workers.restarts;
  }

  get idleShare(): number {
    return this.workers.idleShare;
  }

  async judge(block: Block, signal: Signal): Promise<Judgments> {
    if (!this.workers.isUsable) return [];
    if (isUndecoded(block)) {
      if (this.pages.canShare(block.bytes)) return this.judgeBytes(block, signal);
      if (!decodes(block)) return [];
    }
    const parts = await Promise.all(
      slicesOf(block).map(([from, to]) => this.judgeSlice(block, from, to, signal)),
    );
    return parts.flat();
  }

  close(): Promise<void> {
    return this.workers.close();
  }

  /** The block's bytes are written once; each part of the work names only their place. */
  private async judgeBytes(block: RawBlock, signal: Signal): Promise<Judgments> {
    const place = this.pages.share(block.bytes);
    if (place === undefined) return [];
    const parts = Math.ceil(block.bytes.length / PART_BYTES);
    const key = this.nextBlock++;
    const results = await Promise.all(
      Array.from({ length: parts }, (_, part) =>
        this.workers.submit({ type: "judge-block", block: key, part, parts }, place, signal),
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
    const result = place && (await this.workers.submit({ type: "judge" }, place, signal));
    place?.free();
    const judgments = result && readResult(result);
    if (judgments?.length === to - from) return judgments;
    return Array.from({ length: to - from }, () => undefined);
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
