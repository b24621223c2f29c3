import { sha3Concat } from "@bystack/crypto";
import type { MappedTransaction } from "./entry.ts";
import { OwnTransaction } from "./own-transaction.ts";
import type { Transaction } from "./transaction.ts";

/**
 * The id of a transaction, 32 bytes. Computed once for a transaction that was decoded or created here; the
 * bytes are a copy each time.
 *
 * @see spec 10-ledger, section 4.2
 */
export function transactionId(transaction: Transaction): Uint8Array {
  return OwnTransaction.idsOf(transaction).id();
}

/** The ids of a transaction's outputs (results), 32 bytes each, in order. Copies, as of {@link transactionId}. */
export function outputIds(transaction: Transaction): Uint8Array[] {
  return OwnTransaction.idsOf(transaction).resultIds();
}

/**
 * What the signatures of input `index` sign: SHA3(input id ++ transaction id), 32 bytes.
 *
 * @throws RangeError when there is no such input
 */
export function signatureHash(
  { inputIds, id }: Pick<MappedTransaction, "inputIds" | "id">,
  index: number,
): Uint8Array {
  const inputId = inputIds[index];
  if (inputId === undefined) throw new RangeError(`no input ${index}`);
  return sha3Concat(inputId, id);
}
