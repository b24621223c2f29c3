import { mapTransaction } from "@bystack/butxo";
import type { TransactionJudgment } from "../validation/block.ts";
import { createProgramRunner } from "../validation/program.ts";
import { type TransactionRules, validateTransaction } from "../validation/transaction.ts";
import { decodeJob, encodeResult } from "./job-codec.ts";

/** Judges a job's transactions; a pure function of rules and bytes. */
export function createService(
  params: TransactionRules,
): (job: Uint8Array) => Uint8Array<ArrayBuffer> {
  const runProgram = createProgramRunner();
  return (bytes) => {
    const { blockVersion, blockHeight, firstIndex, transactions } = decodeJob(bytes);
    const judgments = transactions.map((transaction, i): TransactionJudgment | undefined => {
      const { gasValid, btmValue, gasUsed, error } = validateTransaction(
        mapTransaction(transaction),
        {
          blockVersion,
          blockHeight,
          isFirstInBlock: firstIndex + i === 0,
          params,
          runProgram,
        },
      );
      return gasValid ? { btmValue, gasUsed, statusFailed: error !== undefined } : undefined;
    });
    return encodeResult(judgments);
  };
}
