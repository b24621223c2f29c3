import type { Block } from "@bystack/butxo";
import type { TransactionJudgment } from "../validation/block.ts";
import type { JobCounts } from "./adaptive-size.ts";

/** Judges the transactions of a block by themselves, before the block's turn. */
export interface TransactionJudge {
  /**
   * For each transaction of the block, in order, a judgment, or undefined where the chain has to
   * judge by itself: because the transaction is invalid, and the chain will say why, or because
   * nobody had the time. An empty list leaves the whole block to the chain. Must not reject.
   *
   * @param signal when aborted, what has not begun is left undefined
   */
  judge(
    block: Block,
    signal: { readonly aborted: boolean },
  ): Promise<readonly (TransactionJudgment | undefined)[]>;
  /** Jobs since it was made; those discarded were dropped before a worker had begun them. */
  readonly jobs?: JobCounts | undefined;
  /** Share of the workers that have nothing to do, 0 to 1. */
  readonly idleShare: number;
}
