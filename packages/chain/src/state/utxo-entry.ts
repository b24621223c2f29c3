/**
 * What the chain remembers of an output.
 *
 * @see spec 10-ledger, section 10.3 "UTXO view"
 */
export interface UtxoEntry {
  /** Created by the first transaction of its block, so it matures after 100 blocks. */
  readonly isCoinbase: boolean;
  /** Height of the creating block; reliable for coinbase outputs only. */
  readonly blockHeight: bigint;
  readonly isSpent: boolean;
}
