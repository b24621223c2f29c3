import {
  bytom,
  decodeBlock,
  encodeBlock,
  encodeTransaction,
  equalBytes,
  mapTransaction,
  type Transaction,
} from "@bystack/butxo";
import { outputChanges } from "../state/output-changes.ts";
import { judgmentOf, type TransactionJudgment } from "../validation/block.ts";
import { createProgramRunner } from "../validation/program.ts";
import { type TransactionRules, validateTransaction } from "../validation/transaction.ts";
import { decodeJob, type Job } from "./job-codec.ts";
import type { JudgeBlockRequest } from "./messages.ts";
import { encodeResult } from "./result-codec.ts";

/** Judges jobs; each answer is a pure function of rules and bytes. */
export interface Service {
  judge(job: Uint8Array): Uint8Array<ArrayBuffer>;
  /** @throws ButxoError when the bytes are no block */
  judgeBlock(
    bytes: Uint8Array,
    request: Pick<JudgeBlockRequest, "block" | "part" | "parts">,
  ): Uint8Array<ArrayBuffer>;
}

/** Blocks that a worker holds decoded: it works on one, and the next may have begun. */
const DECODED_BLOCKS = 2;

interface DecodedBlock extends Omit<Job, "firstIndex"> {
  /** Where each transaction begins, and at last the end of the block. */
  readonly offsets: readonly number[];
  readonly hasCanonicalHead: boolean;
}

export function createService(params: TransactionRules): Service {
  const runProgram = createProgramRunner();
  const decoded = new Map<number, DecodedBlock>();

  const judgeAll = ({ blockVersion, blockHeight, firstIndex, transactions }: Job) =>
    transactions.map((transaction, i): TransactionJudgment | undefined => {
      const mapped = mapTransaction(transaction);
      const verdict = validateTransaction(mapped, {
        blockVersion,
        blockHeight,
        isFirstInBlock: firstIndex + i === 0,
        params,
        runProgram,
      });
      return verdict.gasValid ? judgmentOf(verdict, outputChanges(mapped)) : undefined;
    });

  const decodedBlock = (bytes: Uint8Array, key: number): DecodedBlock => {
    const known = decoded.get(key);
    if (known !== undefined) return known;
    const block = decode(bytes);
    decoded.set(key, block);
    const [oldest] = decoded.keys();
    if (decoded.size > DECODED_BLOCKS && oldest !== undefined) decoded.delete(oldest);
    return block;
  };

  return {
    judge: (job) => encodeResult(judgeAll(decodeJob(job))),
    judgeBlock(bytes, { block: key, part, parts }) {
      const block = decodedBlock(bytes, key);
      const { length } = block.transactions;
      const from = Math.floor((length * part) / parts);
      const to = Math.floor((length * (part + 1)) / parts);
      const transactions = block.transactions.slice(from, to);
      const result = encodeResult(judgeAll({ ...block, firstIndex: from, transactions }));
      const isCanonical =
        block.hasCanonicalHead &&
        transactions.every((transaction, i) => isWritten(transaction, bytes, block, from + i));
      const out = new Uint8Array(1 + result.length);
      out[0] = isCanonical ? 1 : 0;
      out.set(result, 1);
      return out;
    },
  };
}

function decode(bytes: Uint8Array): DecodedBlock {
  const { header, transactions } = decodeBlock(bytes, bytom);
  const offsets = [bytes.length];
  let at = bytes.length;
  for (const { serializedSize } of transactions.toReversed()) {
    at -= serializedSize;
    offsets.push(at);
  }
  offsets.reverse();
  return {
    blockVersion: header.version,
    blockHeight: header.height,
    transactions,
    offsets,
    hasCanonicalHead: startsWithHead(bytes, encodeBlock({ header, transactions: [] }), {
      headEnd: offsets[0] ?? 0,
      count: transactions.length,
    }),
  };
}

/** Is all before the first transaction as the network writes it? `written` is the block without any. */
function startsWithHead(
  bytes: Uint8Array,
  written: Uint8Array,
  { headEnd, count }: { headEnd: number; count: number },
): boolean {
  const header = written.length - 1;
  let countBytes = 1;
  for (let rest = count; rest >= 0x80; rest >>= 7) countBytes++;
  return (
    headEnd === header + countBytes &&
    equalBytes(bytes.subarray(0, header), written.subarray(0, header))
  );
}

/** Are the bytes of a transaction those that the network writes for it? */
function isWritten(
  transaction: Transaction,
  bytes: Uint8Array,
  { offsets }: DecodedBlock,
  index: number,
): boolean {
  const received = bytes.subarray(offsets[index], offsets[index + 1]);
  return equalBytes(encodeTransaction(transaction), received);
}
