import type { Dialect } from "./dialect.ts";
import type { Input, Output, Transaction } from "./transaction.ts";
import { computeTransactionIds, type TransactionIds } from "./transaction-ids.ts";

/**
 * A transaction that this package made: frozen, so its ids can be kept. Transactions from elsewhere have the
 * same shape, but could change, so their ids are computed on every call.
 */
export class OwnTransaction implements Transaction {
  readonly dialect: Dialect;
  readonly version: bigint;
  readonly timeRange: bigint;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  readonly serializedSize: number;
  #ids: TransactionIds | undefined;

  constructor(fields: Transaction) {
    this.dialect = fields.dialect;
    this.version = fields.version;
    this.timeRange = fields.timeRange;
    this.inputs = fields.inputs;
    this.outputs = fields.outputs;
    this.serializedSize = fields.serializedSize;
    Object.freeze(this);
  }

  /** The ids of any transaction. */
  static idsOf(transaction: Transaction): TransactionIds {
    if (!(#ids in transaction)) return computeTransactionIds(transaction);
    transaction.#ids ??= computeTransactionIds(transaction);
    return transaction.#ids;
  }
}
