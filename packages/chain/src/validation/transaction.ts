import {
  type BytomNetwork,
  type GasRules,
  isBtm,
  isStandardProgram,
  type MappedTransaction,
} from "@bystack/butxo";
import { ChainError } from "../error.ts";
import { EntryWalk } from "./entry-walk.ts";
import { type GasFigures, GasMeter } from "./gas.ts";
import type { ProgramRunner } from "./program.ts";

/** What of a network's rules a transaction is judged by. */
export type TransactionRules = GasRules & Pick<BytomNetwork, "emptyInputIdsHeight">;

/** These rules and nothing else of a network: plain values that go to a worker. */
export function rulesOf(rules: TransactionRules): TransactionRules {
  return {
    vmGasRate: rules.vmGasRate,
    storageGasRate: rules.storageGasRate,
    maxTransactionGas: rules.maxTransactionGas,
    maxBlockGas: rules.maxBlockGas,
    defaultGasCredit: rules.defaultGasCredit,
    maxCoinbaseArbitrary: rules.maxCoinbaseArbitrary,
    coinbaseMaturity: rules.coinbaseMaturity,
    emptyInputIdsHeight: rules.emptyInputIdsHeight,
  };
}

/** The block that a transaction is judged for. */
export interface TransactionContext {
  /** Block version; 0 for a block template, where the transaction version is not looked at. */
  readonly blockVersion: bigint;
  readonly blockHeight: bigint;
  /** Is it at index 0 of the block under validation? */
  readonly isFirstInBlock: boolean;
  readonly params: TransactionRules;
  readonly runProgram: ProgramRunner;
}

/**
 * What is to be thought of a transaction:
 *
 * | error | gasValid | meaning |
 * | --- | --- | --- |
 * | no | true | good |
 * | yes | true | status-failed: may be in a block, only its BTM side takes effect |
 * | any | false | invalid |
 */
export interface TransactionVerdict extends GasFigures {
  readonly error: ChainError | undefined;
}

/**
 * Judges a transaction by itself: structure, balance, gas, programs and signatures. Whether the
 * outputs that it spends exist is not looked at.
 *
 * @param mapped the transaction as its entries (`mapTransaction`)
 * @returns the verdict; a rule that is broken is its `error`, never an exception
 * @see spec 10-ledger, section 7 "Transaction validation"
 *
 * @example
 * const { gasValid, error } = validateTransaction(mapTransaction(tx), context);
 * const isStatusFailed = gasValid && error !== undefined;
 */
export function validateTransaction(
  mapped: MappedTransaction,
  context: TransactionContext,
): TransactionVerdict {
  const gas = new GasMeter(context.params);
  try {
    checkBefore(mapped, context);
    new EntryWalk(mapped, gas, context).checkTransaction();
    return { ...gas.figures(), error: undefined };
  } catch (error) {
    if (error instanceof ChainError) return { ...gas.figures(), error };
    throw error;
  }
}

/** @see spec 10-ledger, section 7.1 "Checks before the entry walk" */
function checkBefore(mapped: MappedTransaction, context: TransactionContext): void {
  const { transaction } = mapped;
  if (context.blockVersion === 1n && transaction.version !== 1n) throw new ChainError("tx-version");
  if (transaction.serializedSize === 0) throw new ChainError("wrong-transaction-size");
  if (transaction.timeRange !== 0n && transaction.timeRange < context.blockHeight)
    throw new ChainError("bad-time-range");
  checkStandard(mapped, context);
  checkKnownTypes(mapped, context);
}

function checkStandard(
  mapped: MappedTransaction,
  { blockHeight, params }: TransactionContext,
): void {
  if (blockHeight >= params.emptyInputIdsHeight) {
    const empty = mapped.inputIds.findIndex((id) => id.every((byte) => byte === 0));
    if (empty >= 0) throw new ChainError("empty-input-ids", { inputIndex: empty });
  }
  for (const entry of mapped.inputEntries) {
    if (entry?.type !== "spend1" || !isBtm(entry.spentOutput.source.value.assetId)) continue;
    if (!isStandardProgram(entry.spentOutput.program.code))
      throw new ChainError("not-standard-tx", { inputIndex: entry.ordinal });
  }
  for (const entry of mapped.resultEntries) {
    if (entry.type === "retirement1" || !isBtm(entry.source.value.assetId)) continue;
    if (!isStandardProgram(entry.program.code))
      throw new ChainError("not-standard-tx", { outputId: entry.id });
  }
}

/** The original node crashes, or decides by chance, on these. */
function checkKnownTypes(
  { transaction }: MappedTransaction,
  { isFirstInBlock }: TransactionContext,
): void {
  const { inputs, outputs } = transaction;
  if (
    outputs.some(({ type }) => type === "unknown") ||
    inputs.some(({ type }) => type === "unknown")
  )
    throw new ChainError("unsupported-asset-version");
  if (isFirstInBlock && inputs.filter(({ type }) => type === "coinbase").length > 1)
    throw new ChainError("several-coinbase-inputs");
}
