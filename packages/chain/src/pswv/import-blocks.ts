import { type Block, ButxoError } from "@bystack/butxo";
import type { IncomingBlock } from "../block-verifier.ts";
import type { Clock } from "../clock.ts";
import { ChainError } from "../error.ts";
import type { MetricsRecorder } from "../metrics.ts";
import { type AdaptiveSize, WINDOW_LIMITS } from "./adaptive-size.ts";
import { BlockWindow, type WindowParts } from "./block-window.ts";

/** How `Chain.processBlocks` works. */
export interface ProcessBlocksOptions {
  /**
   * Blocks whose work is begun ahead of their turn; when left out 16 to begin with, and then as many
   * as keep the workers busy, up to 512.
   */
  readonly lookAhead?: number | undefined;
  /**
   * Blocks written in one atomic batch, at most; 16 when left out. The batch also ends 50 ms after it
   * began, and a block of the last hour has its own. A crash takes the chain back to the last batch,
   * and the tip is announced when its batch is on disk.
   */
  readonly commitGroup?: number | undefined;
  /** An `AbortSignal`: the block in work is finished and written, then the work stops. */
  readonly signal?: { readonly aborted: boolean } | undefined;
  /** Called after each block with the number processed so far. */
  readonly onBlock?: ((processed: number) => void) | undefined;
}

const DEFAULT_COMMIT_GROUP = 16;

/** What {@link importBlocks} works with. */
export interface ImportParts extends WindowParts {
  readonly clock: Clock;
  readonly size: AdaptiveSize;
  readonly metrics: MetricsRecorder;
  /** Processes blocks in order and calls `onBlock` for each when its fate is on disk. */
  process(
    group: readonly IncomingBlock[],
    onBlock: () => void,
    signal: { readonly aborted: boolean } | undefined,
  ): Promise<void>;
}

/**
 * Slides a window over a source of blocks: begins the work on what is in it, and hands the lowest
 * blocks on in groups.
 *
 * @returns the number of blocks processed
 * @throws what `process` and the source throw
 * @see spec 94-parallel-validation, section 2
 */
export async function importBlocks(
  blocks: AsyncIterable<Block | Uint8Array>,
  options: ProcessBlocksOptions,
  parts: ImportParts,
): Promise<number> {
  const { commitGroup = DEFAULT_COMMIT_GROUP, lookAhead, signal, onBlock } = options;
  const { clock, judge, size, metrics } = parts;
  const window = new BlockWindow(parts);
  const source = blocks[Symbol.asyncIterator]();
  let processed = 0;
  let isDone = false;
  let failure: ChainError | undefined;
  const count = () => {
    processed++;
    size.noteCommit(judge?.idleShare ?? 0, judge?.jobs);
    metrics.countBlock(judge?.idleShare ?? 0);
    onBlock?.(processed);
  };
  const fill = async () => {
    while (!isDone && window.size < (lookAhead ?? size.blocks)) {
      const { maxBytes, maxTransactions } = WINDOW_LIMITS;
      if (window.bytes > maxBytes || window.transactions > maxTransactions) return size.noteLimit();
      const next = await source.next();
      if (next.done) isDone = true;
      else await metrics.time("headers", () => push(next.value));
    }
  };
  const push = (block: Block | Uint8Array) => {
    try {
      window.push(block, clock.now());
    } catch (cause) {
      if (!(cause instanceof ButxoError)) throw cause;
      // Its turn comes after all that wait.
      failure = new ChainError("invalid-block", { cause });
      isDone = true;
    }
  };
  try {
    await fill();
    while (!signal?.aborted) {
      const group = window.take(commitGroup);
      if (group.length === 0) break;
      const work = parts.process(group, count, signal);
      // The window fills while the group is at work; an error of the work comes first.
      const filling = fill();
      await work
        .catch((error: unknown) => {
          size.noteFailure();
          throw error;
        })
        .finally(() => filling.catch(() => {}));
      await filling;
      window.release(group);
    }
    if (failure !== undefined && !signal?.aborted) throw failure;
  } finally {
    window.discard();
    await source.return?.();
  }
  return processed;
}
