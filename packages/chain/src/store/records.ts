import type { BatchOperation } from "@bystack/storage";
import { ChainError } from "../error.ts";
import type { UtxoEntry } from "../state/utxo-entry.ts";
import { outputKey } from "./layout.ts";
import { decodeFields, encodeFields } from "./protobuf.ts";

/** The version of a transaction status list; it is stored, never hashed. */
const STATUS_VERSION = 1n;

/** The stored form of an output's state. @see spec 10-ledger, section 10.5 */
export function encodeUtxoEntry(entry: UtxoEntry): Uint8Array {
  return encodeFields([
    [1, BigInt(entry.isCoinbase)],
    [2, entry.blockHeight],
    [3, BigInt(entry.isSpent)],
  ]);
}

/** What makes the store remember `entry` of an output, or nothing of it. */
export function outputOperation(id: Uint8Array, entry: UtxoEntry | undefined): BatchOperation {
  const key = outputKey(id);
  if (entry === undefined) return { type: "del", key };
  return { type: "put", key, value: encodeUtxoEntry(entry) };
}

/** @throws {@link ChainError} `store-damaged` */
export function decodeUtxoEntry(bytes: Uint8Array): UtxoEntry {
  const fields = read(bytes, "output record");
  const varint = (number: number): bigint => {
    const value = fields.findLast(([n]) => n === number)?.[1];
    return typeof value === "bigint" ? value : 0n;
  };
  return { isCoinbase: varint(1) !== 0n, blockHeight: varint(2), isSpent: varint(3) !== 0n };
}

/** The stored form of a block's status list: for each transaction, is it status-failed? */
export function encodeStatuses(statusFailed: readonly boolean[]): Uint8Array {
  return encodeFields([
    [1, STATUS_VERSION],
    ...statusFailed.map((failed) => [2, encodeFields([[1, BigInt(failed)]])] as const),
  ]);
}

/** @throws {@link ChainError} `store-damaged` */
export function decodeStatuses(bytes: Uint8Array): boolean[] {
  return read(bytes, "status record").flatMap(([number, value]) => {
    if (number !== 2 || !(value instanceof Uint8Array)) return [];
    return [read(value, "status record").some(([n, failed]) => n === 1 && failed === 1n)];
  });
}

function read(bytes: Uint8Array, what: string): ReturnType<typeof decodeFields> & object {
  const fields = decodeFields(bytes);
  if (fields === undefined)
    throw new ChainError("store-damaged", { detail: `an unreadable ${what}` });
  return fields;
}
