import {
  type Block,
  bytom,
  decodeTransaction,
  encodeTransaction,
  type Transaction,
} from "@bystack/butxo";

/**
 * Transactions of a decoded block on their way to a worker, as plain bytes:
 *
 *     block version u64, block height u64, index of the first transaction u32, count u32,
 *     then for each transaction: size as received u32, length u32, encoding
 *
 * All little-endian.
 *
 * @see spec 94-parallel-validation, section 3.2 "Crossing the thread border cheaply"
 */

const JOB_HEAD = 24;
const ITEM_HEAD = 8;

/** Transactions of one block, to be judged together. */
export interface Job {
  readonly blockVersion: bigint;
  readonly blockHeight: bigint;
  /** Index of the first one in its block. */
  readonly firstIndex: number;
  readonly transactions: readonly Transaction[];
}

/** A slice of a block as a job's bytes. */
export function encodeJob(
  { header, transactions }: Block,
  from: number,
  to: number,
): Uint8Array<ArrayBuffer> {
  const encoded = transactions.slice(from, to).map(encodeTransaction);
  const length = encoded.reduce((sum, bytes) => sum + ITEM_HEAD + bytes.length, JOB_HEAD);
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, header.version, true);
  view.setBigUint64(8, header.height, true);
  view.setUint32(16, from, true);
  view.setUint32(20, encoded.length, true);
  let at = JOB_HEAD;
  for (const [i, bytes] of encoded.entries()) {
    // Unknown bytes are not encoded as they were received, but the size as received counts.
    view.setUint32(at, transactions[from + i]?.serializedSize ?? 0, true);
    view.setUint32(at + 4, bytes.length, true);
    out.set(bytes, at + ITEM_HEAD);
    at += ITEM_HEAD + bytes.length;
  }
  return out;
}

export function decodeJob(bytes: Uint8Array): Job {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const transactions: Transaction[] = [];
  let at = JOB_HEAD;
  for (let left = view.getUint32(20, true); left > 0; left--) {
    const serializedSize = view.getUint32(at, true);
    const end = at + ITEM_HEAD + view.getUint32(at + 4, true);
    const transaction = decodeTransaction(bytes.subarray(at + ITEM_HEAD, end), bytom);
    transactions.push(
      transaction.serializedSize === serializedSize
        ? transaction
        : withSize(transaction, serializedSize),
    );
    at = end;
  }
  return {
    blockVersion: view.getBigUint64(0, true),
    blockHeight: view.getBigUint64(8, true),
    firstIndex: view.getUint32(16, true),
    transactions,
  };
}

function withSize(transaction: Transaction, serializedSize: number): Transaction {
  const { dialect, version, timeRange, inputs, outputs } = transaction;
  return { dialect, version, timeRange, inputs, outputs, serializedSize };
}
