import { toHex } from "@bystack/butxo";
import type { FaultCode } from "@bystack/bvm";

/** Why a transaction is invalid or status-failed, beside the errors of its programs. */
export type TransactionErrorCode =
  | "tx-version"
  | "wrong-transaction-size"
  | "bad-time-range"
  | "empty-input-ids"
  | "not-standard-tx"
  | "empty-results"
  | "overflow"
  | "no-source"
  | "unbalanced"
  | "gas-calculate"
  | "over-gas-credit"
  | "mismatched-asset-id"
  | "mismatched-reference"
  | "mismatched-position"
  | "mismatched-value"
  | "position"
  | "missing-entry"
  | "wrong-coinbase-transaction"
  | "wrong-coinbase-asset"
  | "coinbase-arbitrary-oversize"
  /** The original node crashes on these; we refuse them. */
  | "unsupported-asset-version"
  | "several-coinbase-inputs";

/** Why a block is invalid, beside the errors of its transactions. */
export type BlockErrorCode =
  | "version-regression"
  | "misordered-block-height"
  | "block-bits-is-invalid"
  | "mismatched-block"
  | "block-timestamp-is-not-in-the-valid-range"
  | "invalid-difficulty-proof-of-work"
  | "block-gas-is-over-the-limit"
  | "invalid-entry-type"
  | "mismatched-merkle-root";

/** Why a valid block does not fit the unspent outputs below it. */
export type UtxoErrorCode =
  | "fail-to-find-utxo-entry"
  | "utxo-has-been-spent"
  | "coinbase-utxo-is-not-ready-for-use"
  | "try-to-revert-an-unspent-utxo";

/** Why the mempool refuses a transaction, beside its own errors. */
export type MempoolErrorCode =
  | "input-script-have-been-banned"
  | "transaction-is-dust-tx"
  | "transaction-pool-reach-the-max-number"
  /** An output that it spends is spent by a transaction of the pool already. */
  | "conflicts-with-the-pool"
  | "insufficient-replacement-fee";

/** Why a store cannot be used as this chain's. */
export type StoreErrorCode =
  | "store-of-another-network"
  | "store-format"
  | "store-damaged"
  /** A change of more outputs than the storage engine writes at once. */
  | "commit-too-large";

export type ChainErrorCode =
  | TransactionErrorCode
  | BlockErrorCode
  | UtxoErrorCode
  | MempoolErrorCode
  | StoreErrorCode
  /** A block that did not pass validation; `cause` says why. */
  | "invalid-block"
  /** A program of the transaction failed. */
  | FaultCode
  /** Headers of which one does not name the one before as its parent. */
  | "headers-are-not-linked"
  /** Headers that do not end in a checkpoint of the network. */
  | "checkpoint-mismatch"
  /** The chain was closed. */
  | "chain-closed";

/** Where a rule was broken; each field is there when it is known. */
export interface ChainErrorFacts {
  readonly height?: bigint | undefined;
  readonly blockHash?: Uint8Array | undefined;
  /** Position of the transaction in its block. */
  readonly transactionIndex?: number | undefined;
  readonly transactionId?: Uint8Array | undefined;
  /** The input whose program failed or that was refused. */
  readonly inputIndex?: number | undefined;
  readonly outputId?: Uint8Array | undefined;
  /** What else there is to say, in words. */
  readonly detail?: string | undefined;
  readonly cause?: unknown;
}

/**
 * A block, transaction or store that breaks a rule. The code is the spec's own name of the error.
 *
 * @see spec 10-ledger, sections 7 to 10
 */
export class ChainError extends Error {
  override readonly name = "ChainError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: ChainErrorCode;
  readonly facts: ChainErrorFacts;

  constructor(code: ChainErrorCode, facts: ChainErrorFacts = {}) {
    super(describe(code, facts), facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = facts;
  }
}

function describe(code: ChainErrorCode, facts: ChainErrorFacts): string {
  const where: string[] = [];
  if (facts.height !== undefined) where.push(`block ${facts.height}`);
  if (facts.blockHash !== undefined) where.push(`hash ${toHex(facts.blockHash)}`);
  if (facts.transactionIndex !== undefined) where.push(`transaction ${facts.transactionIndex}`);
  if (facts.transactionId !== undefined) where.push(`id ${toHex(facts.transactionId)}`);
  if (facts.inputIndex !== undefined) where.push(`input ${facts.inputIndex}`);
  if (facts.outputId !== undefined) where.push(`output ${toHex(facts.outputId)}`);
  const parts = [code.replaceAll("-", " ")];
  if (facts.detail !== undefined) parts.push(facts.detail);
  if (where.length > 0) parts.push(where.join(", "));
  if (facts.cause instanceof Error) parts.push(facts.cause.message);
  return parts.join(": ");
}
