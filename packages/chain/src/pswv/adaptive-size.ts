/** How far a window may reach. */
export interface WindowLimits {
  /** Blocks to start with. */
  readonly startBlocks: number;
  readonly maxBlocks: number;
  /** Serialized sizes of the transactions in the window. */
  readonly maxBytes: number;
  readonly maxTransactions: number;
}

export const WINDOW_LIMITS: WindowLimits = {
  startBlocks: 16,
  maxBlocks: 512,
  maxBytes: 32 * 2 ** 20,
  maxTransactions: 50_000,
};

/** Blocks between two decisions, and blocks of caution after a failure. */
const PERIOD = 8;
const IDLE_LIMIT = 0.2;
const DISCARD_LIMIT = 0.1;

/** Jobs since the workers began. */
export interface JobCounts {
  readonly given: number;
  readonly discarded: number;
}

/**
 * How many blocks the window takes: more when workers wait for work, fewer when memory is short or
 * when much of the work was begun in vain.
 *
 * @see spec 94-parallel-validation, section 2.4 "Sliding and adaptation"
 */
export class AdaptiveSize {
  private readonly maxBlocks: number;
  private size: number;
  private commits = 0;
  private idle = 0;
  private hitLimit = false;
  private caution = 0;
  /** As of the last decision. */
  private jobs: JobCounts = { given: 0, discarded: 0 };

  constructor({ startBlocks, maxBlocks }: WindowLimits = WINDOW_LIMITS) {
    this.maxBlocks = maxBlocks;
    this.size = Math.min(startBlocks, maxBlocks);
  }

  /** Blocks that the window takes now. */
  get blocks(): number {
    return this.caution > 0 ? 1 : this.size;
  }

  /** The window could not be filled: bytes or transactions are at their limit. */
  noteLimit(): void {
    this.hitLimit = true;
  }

  /** @param idleShare of the workers, 0 to 1, when the block was taken up */
  noteCommit(idleShare: number, jobs: JobCounts = this.jobs): void {
    if (this.caution > 0) {
      this.caution--;
      return;
    }
    this.idle += idleShare;
    if (++this.commits < PERIOD) return;
    const given = jobs.given - this.jobs.given;
    const discarded = jobs.discarded - this.jobs.discarded;
    const isWasteful = discarded > DISCARD_LIMIT * (given + discarded);
    if (this.hitLimit || isWasteful) this.size = Math.max(1, Math.floor(this.size / 2));
    else if (this.idle / PERIOD > IDLE_LIMIT)
      this.size = Math.min(this.maxBlocks, Math.ceil((this.size * 3) / 2));
    this.commits = 0;
    this.idle = 0;
    this.hitLimit = false;
    this.jobs = { given: jobs.given, discarded: jobs.discarded };
  }

  /** A block was refused: what follows it is taken one by one for a while. */
  noteFailure(): void {
    this.caution = PERIOD;
  }
}
