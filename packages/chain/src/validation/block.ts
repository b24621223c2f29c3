import {
  type Block,
  type BytomNetwork,
  blockSubsidy,
  equalBytes,
  type MappedTransaction,
  mapTransaction,
  statusMerkleRoot,
  transactionMerkleRoot,
} from "@bystack/butxo";
import { ChainError, type ChainErrorFacts } from "../error.ts";
import { isUndecoded } from "../raw-block.ts";
import { type OutputChanges, outputChanges } from "../state/output-changes.ts";
import type { JudgedTransaction } from "../state/utxo-view.ts";
import type { ProgramRunner } from "./program.ts";
import { type TransactionVerdict, validateTransaction } from "./transaction.ts";

/** As much of the verdict on a valid transaction as its block needs. */
export interface TransactionJudgment extends Pick<TransactionVerdict, "btmValue" | "gasUsed"> {
  readonly statusFailed: boolean;
  readonly changes: OutputChanges;
}

/** What a block's body is judged by. */
export interface BlockContext {
  readonly params: BytomNetwork;
  readonly runProgram: ProgramRunner;
  /** The transactions as their entries, when somebody has mapped them already. */
  readonly mapped?: readonly MappedTransaction[] | undefined;
  /**
   * Judgments of all transactions, in order, that were made elsewhere by the same rules and for this
   * block. Those that are undefined are made here, and so every error is.
   */
  readonly judgments?: readonly (TransactionJudgment | undefined)[] | undefined;
}

/**
 * Judges everything of a block that its header alone does not show: transactions, gas, reward,
 * Merkle roots. Unspent outputs are not looked at: that happens when the block joins the best chain.
 *
 * @returns the transactions with their statuses, in block order
 * @throws {@link ChainError} the first rule that is broken
 * @see spec 10-ledger, section 8 "Block validation", checks 8 to 12
 */
export function validateBlockBody(
  block: Block,
  hash: Uint8Array,
  context: BlockContext,
): JudgedTransaction[] {
  const facts = { height: block.header.height, blockHash: hash };
  const judged = judgeTransactions(block, context, facts);
  checkReward(block, judged, context.params, facts);
  checkRoots(block, judged, facts);
  return judged;
}

function judgeTransactions(
  block: Block,
  { params, runProgram, mapped: inHand, judgments }: BlockContext,
  facts: ChainErrorFacts,
): TransactionJudgment[] {
  const { version, height } = block.header;
  let gasUsed = 0n;
  const count = (judgment: TransactionJudgment, transactionIndex: number) => {
    gasUsed += judgment.gasUsed;
    if (gasUsed > params.maxBlockGas)
      throw new ChainError("block-gas-is-over-the-limit", { ...facts, transactionIndex });
    return judgment;
  };
  // Then a block that came as bytes need not even be decoded.
  if (judgments !== undefined && areComplete(judgments, block)) return judgments.map(count);
  return block.transactions.map((transaction, transactionIndex) => {
    const known = judgments?.[transactionIndex];
    if (known !== undefined) return count(known, transactionIndex);
    const mapped = inHand?.[transactionIndex] ?? mapTransaction(transaction);
    const verdict = validateTransaction(mapped, {
      blockVersion: version,
      blockHeight: height,
      isFirstInBlock: transactionIndex === 0,
      params,
      runProgram,
    });
    checkVerdict(verdict, { ...facts, transactionIndex, transactionId: mapped.id });
    return count(judgmentOf(verdict, outputChanges(mapped)), transactionIndex);
  });
}

/** What a block needs to know of a transaction that may be in it. */
export function judgmentOf(
  { error, btmValue, gasUsed }: TransactionVerdict,
  changes: OutputChanges,
): TransactionJudgment {
  return { btmValue, gasUsed, statusFailed: error !== undefined, changes };
}

function areComplete(
  judgments: readonly (TransactionJudgment | undefined)[],
  block: Block,
): judgments is readonly TransactionJudgment[] {
  if (judgments.length === 0 || judgments.includes(undefined)) return false;
  return isUndecoded(block) || judgments.length === block.transactions.length;
}

/** @throws {@link ChainError} when the transaction must not be in a block */
function checkVerdict({ error, gasValid }: TransactionVerdict, facts: ChainErrorFacts): void {
  if (gasValid) return;
  throw new ChainError(error?.code ?? "empty-results", {
    ...facts,
    ...error?.facts,
    cause: error,
  });
}

/** The first transaction pays the subsidy and all fees to its only output. */
function checkReward(
  block: Block,
  judged: readonly TransactionJudgment[],
  params: BytomNetwork,
  facts: ChainErrorFacts,
): void {
  const first = judged[0]?.changes.results;
  const [reward] = first ?? [];
  if (reward === undefined || first?.length !== 1)
    throw new ChainError("wrong-coinbase-transaction", {
      ...facts,
      detail: "the first transaction must have one output",
    });
  if (reward.isRetirement)
    throw new ChainError("invalid-entry-type", { ...facts, transactionIndex: 0 });
  const fees = judged.reduce((sum, { btmValue }) => sum + btmValue, 0n);
  // Fees of transactions that spend what nobody has may come to more than 64 bits; then they wrap.
  const expected = BigInt.asUintN(64, blockSubsidy(params, block.header.height) + fees);
  const { amount } = reward;
  if (amount !== expected)
    throw new ChainError("wrong-coinbase-transaction", {
      ...facts,
      detail: `the reward is ${amount} neu, subsidy and fees are ${expected}`,
    });
}

function checkRoots(
  block: Block,
  judged: readonly TransactionJudgment[],
  facts: ChainErrorFacts,
): void {
  const { transactionMerkleRoot: claimed, transactionStatusHash } = block.header;
  const root = transactionMerkleRoot(judged.map(({ changes }) => changes.id));
  if (!equalBytes(root, claimed))
    throw new ChainError("mismatched-merkle-root", { ...facts, detail: "of the transactions" });
  const statusRoot = statusMerkleRoot(judged.map(({ statusFailed }) => statusFailed));
  if (!equalBytes(statusRoot, transactionStatusHash))
    throw new ChainError("mismatched-merkle-root", { ...facts, detail: "of the statuses" });
}
