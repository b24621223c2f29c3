import type { MappedTransaction } from "@bystack/butxo";
import type { Clock } from "../clock.ts";
import { ChainError } from "../error.ts";
import type { BlockNode } from "../tree/block-node.ts";
import type { ProgramRunner } from "../validation/program.ts";
import { type TransactionRules, validateTransaction } from "../validation/transaction.ts";
import type { MempoolEntry } from "./entry.ts";

/** What a pool judges transactions by. */
export interface AcceptanceParts {
  readonly params: TransactionRules;
  readonly runProgram: ProgramRunner;
  readonly clock: Clock;
}

/**
 * Judges a transaction as it stands, whatever the pool and the unspent outputs are, in the context of
 * the tip itself, not of the block after it.
 *
 * @throws {@link ChainError} why it is refused
 * @see spec 10-ledger, section 11 "Transaction pool", step 4
 */
export function checkAcceptance(
  mapped: MappedTransaction,
  { header, height }: BlockNode,
  { params, runProgram, clock }: AcceptanceParts,
): MempoolEntry {
  const { gasValid, error, btmValue, gasUsed } = validateTransaction(mapped, {
    blockVersion: header.version,
    blockHeight: height,
    isFirstInBlock: false,
    params,
    runProgram,
  });
  if (!gasValid) throw error ?? new ChainError("empty-results", { transactionId: mapped.id });
  return {
    mapped,
    statusFailed: error !== undefined,
    fee: btmValue,
    gasUsed,
    height,
    arrivedAtMs: clock.now(),
  };
}
