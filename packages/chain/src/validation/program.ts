import type { IssuanceEntry, MappedTransaction, ResultEntry, SpendEntry } from "@bystack/butxo";
import {
  type Context,
  checkOutputAmong,
  type Destination,
  execute,
  mainChain,
  type Verify,
} from "@bystack/bvm";
import { sha3Concat } from "@bystack/crypto";
import { ChainError } from "../error.ts";

/**
 * Runs the program that guards an input.
 *
 * @returns the gas that is left
 * @throws {@link ChainError} with the code of the fault
 */
export type ProgramRunner = (
  mapped: MappedTransaction,
  entry: SpendEntry | IssuanceEntry,
  blockHeight: bigint,
  gasLimit: bigint,
) => bigint;

/**
 * Runs programs in this thread.
 *
 * @param verify the signature check; the chain's own rule when left out
 * @see spec 10-ledger, section 7.6 "VM context"
 */
export function createProgramRunner(verify?: Verify): ProgramRunner {
  return (mapped, entry, blockHeight, gasLimit) => {
    const { code } = programOf(entry);
    const context = contextOf(mapped, entry, blockHeight);
    const run = execute(mainChain.convertProgram(code), entry.arguments, context, gasLimit, {
      instructionSet: mainChain.instructions,
      verify,
    });
    const { error, gasLeft, cause } = run;
    if (error !== undefined) throw new ChainError(error, { inputIndex: entry.ordinal, cause });
    return gasLeft;
  };
}

function programOf(entry: SpendEntry | IssuanceEntry): { vmVersion: bigint; code: Uint8Array } {
  return entry.type === "spend1" ? entry.spentOutput.program : entry.issuanceProgram;
}

function contextOf(
  mapped: MappedTransaction,
  entry: SpendEntry | IssuanceEntry,
  blockHeight: bigint,
): Context {
  const { assetId, amount } =
    entry.type === "spend1" ? entry.spentOutput.source.value : entry.value;
  return {
    vmVersion: programOf(entry).vmVersion,
    entryId: entry.id,
    txVersion: mapped.transaction.version,
    blockHeight,
    assetId,
    amount,
    destinationPosition: entry.destination.position,
    spentOutputId: entry.type === "spend1" ? entry.spentOutputId : undefined,
    // Not by the input's place: a coinbase that stands behind it claims that.
    signatureHash: () => sha3Concat(entry.id, mapped.id),
    // Few programs ask, so that the list is made when one does.
    checkOutput: (query) => checkOutputAmong(mapped.resultEntries.map(destinationOf))(query),
  };
}

function destinationOf(result: ResultEntry): Destination {
  const { assetId, amount } = result.source.value;
  if (result.type === "retirement1") return { type: "retirement", assetId, amount };
  if (result.type === "crosschainoutput1") return { type: "other" };
  const { vmVersion, code } = result.program;
  return { type: "output", assetId, amount, vmVersion, program: code };
}
