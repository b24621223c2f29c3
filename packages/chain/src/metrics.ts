import type { Clock } from "./clock.ts";

/** Where the time of imports went, milliseconds by the chain's clock. */
export interface StageTimes {
  /** Header rules, and beginning the work on blocks ahead of their turn. */
  readonly headers: number;
  /** Waiting for the workers' judgments. */
  readonly judgments: number;
  /** Reading the outputs that a group of blocks spends. */
  readonly prefetch: number;
  /** A block's turn: its seal, what workers left over, roots, outputs. */
  readonly blocks: number;
  /** Writing. */
  readonly commits: number;
}

/**
 * What `processBlocks` has done since the chain was opened, and is doing.
 *
 * @see spec 94-parallel-validation, section 4
 */
export interface ChainMetrics {
  /** Blocks that the window takes, as it has adapted by now. */
  readonly windowBlocks: number;
  /** Blocks processed. */
  readonly blocks: number;
  /** Atomic writes of groups of blocks. */
  readonly commits: number;
  /** Writes per second of importing; 0 before the first. */
  readonly commitsPerSecond: number;
  readonly stageMs: StageTimes;
  /** Share of the workers at work when blocks were processed, 0 to 1; undefined without workers. */
  readonly poolUtilization: number | undefined;
  /** Share of the outputs asked for that had been read ahead or made in the group; undefined: none asked. */
  readonly prefetchHitRatio: number | undefined;
  /** Share of the signature checks of blocks that the cache answered; undefined: it was never asked. */
  readonly signatureCacheHitRatio: number | undefined;
  /** Jobs that workers were given. */
  readonly jobs: number;
  /** Jobs that nobody needed any more. */
  readonly discardedJobs: number;
}

/** Questions, and how many of them had a quick answer. */
export interface HitCounter {
  asked: number;
  hits: number;
}

/** Counts what {@link ChainMetrics} tells. */
export class MetricsRecorder {
  readonly outputs: HitCounter = { asked: 0, hits: 0 };
  private readonly clock: Clock;
  private readonly stages: { -readonly [K in keyof StageTimes]: number } = {
    headers: 0,
    judgments: 0,
    prefetch: 0,
    blocks: 0,
    commits: 0,
  };
  private blocks = 0;
  private commits = 0;
  private importMs = 0;
  private idle = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Runs a stage's task and adds its time. */
  async time<T>(stage: keyof StageTimes, task: () => T | Promise<T>): Promise<T> {
    const start = this.clock.now();
    try {
      return await task();
    } finally {
      this.stages[stage] += this.clock.now() - start;
    }
  }

  /** Runs an import and adds its time. */
  async timeImport<T>(task: () => Promise<T>): Promise<T> {
    const start = this.clock.now();
    try {
      return await task();
    } finally {
      this.importMs += this.clock.now() - start;
    }
  }

  /** @param idleShare of the workers, 0 to 1 */
  countBlock(idleShare: number): void {
    this.blocks++;
    this.idle += idleShare;
  }

  countCommit(): void {
    this.commits++;
  }

  snapshot(
    parts: Pick<ChainMetrics, "windowBlocks" | "jobs" | "discardedJobs"> & {
      readonly hasWorkers: boolean;
      readonly signatures: HitCounter;
    },
  ): ChainMetrics {
    const { blocks, commits, importMs, idle } = this;
    const { windowBlocks, jobs, discardedJobs, hasWorkers, signatures } = parts;
    return {
      windowBlocks,
      blocks,
      commits,
      commitsPerSecond: importMs === 0 ? 0 : (1000 * commits) / importMs,
      stageMs: { ...this.stages },
      poolUtilization: hasWorkers && blocks > 0 ? 1 - idle / blocks : undefined,
      prefetchHitRatio: ratio(this.outputs),
      signatureCacheHitRatio: ratio(signatures),
      jobs,
      discardedJobs,
    };
  }
}

function ratio({ asked, hits }: HitCounter): number | undefined {
  return asked === 0 ? undefined : hits / asked;
}
