import { equalBytes, type GasRules, idKey } from "@bystack/butxo";
import type { BatchOperation } from "@bystack/storage";
import { ChainError } from "../error.ts";
import { outputOperation } from "../store/records.ts";
import type { OutputChanges, SpentOutput, TransactionResult } from "./output-changes.ts";
import type { UtxoEntry } from "./utxo-entry.ts";

/** A transaction together with its verdict in its block. */
export interface JudgedTransaction {
  readonly changes: OutputChanges;
  /** Then only its BTM inputs and outputs take effect. */
  readonly statusFailed: boolean;
}

/** An output and what is remembered of it. */
export interface OutputRow {
  readonly id: Uint8Array;
  readonly entry: UtxoEntry;
}

/** Is there a record of the output? Spent coinbase outputs stay, so that a detach restores maturity. */
export function isKept({ isSpent, isCoinbase }: UtxoEntry): boolean {
  return !isSpent || isCoinbase;
}

/** The block of a transaction, and where in it. */
interface Place {
  readonly height: bigint;
  readonly transactionIndex?: number;
}

interface Application extends Place {
  /** Is it the first transaction of its block? */
  readonly isCoinbase: boolean;
}

/**
 * Outputs as they will be after some blocks were applied or reverted. The view starts empty; what
 * it does not hold is loaded from the store before a block is looked at.
 *
 * @see spec 10-ledger, section 10.3 "UTXO view"
 */
export class UtxoView {
  private readonly rows = new Map<string, OutputRow>();
  private readonly coinbaseMaturity: bigint;

  /** @param rules of the network: how many blocks a coinbase output waits */
  constructor({ coinbaseMaturity }: Pick<GasRules, "coinbaseMaturity">) {
    this.coinbaseMaturity = coinbaseMaturity;
  }

  /** Ids that the block touches and the view does not hold yet. */
  missing(transactions: readonly Pick<JudgedTransaction, "changes">[]): Uint8Array[] {
    const ids = new Map<string, Uint8Array>();
    for (const { changes } of transactions)
      for (const { id } of changes.spends) {
        const key = idKey(id);
        if (!this.rows.has(key)) ids.set(key, id);
      }
    return [...ids.values()];
  }

  /** Takes over what the store holds; an entry that the view has already wins. */
  load(id: Uint8Array, entry: UtxoEntry): void {
    const key = idKey(id);
    if (!this.rows.has(key)) this.rows.set(key, { id, entry });
  }

  get(id: Uint8Array): UtxoEntry | undefined {
    return this.rows.get(idKey(id))?.entry;
  }

  /**
   * Applies a block's transactions in order.
   *
   * @throws {@link ChainError} `fail-to-find-utxo-entry` | `utxo-has-been-spent` |
   *   `coinbase-utxo-is-not-ready-for-use`; the view is then of no further use
   */
  applyBlock(height: bigint, transactions: readonly JudgedTransaction[]): void {
    const first = transactions[0]?.changes.id;
    for (const [index, transaction] of transactions.entries()) {
      const isCoinbase = first !== undefined && equalBytes(transaction.changes.id, first);
      this.apply(transaction, { height, transactionIndex: index, isCoinbase });
    }
  }

  /**
   * Applies one transaction that is not the first of its block.
   *
   * @returns false when it does not fit; the view is then as before
   */
  tryApply(height: bigint, transaction: JudgedTransaction): boolean {
    const before = transaction.changes.spends.map(({ id }) => this.rows.get(idKey(id)));
    try {
      this.apply(transaction, { height, isCoinbase: false });
      return true;
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      // Outputs are made after the last spend, so that only these can have changed.
      for (const row of before) if (row !== undefined) this.rows.set(idKey(row.id), row);
      return false;
    }
  }

  private apply(transaction: JudgedTransaction, { isCoinbase, ...place }: Application): void {
    for (const { id } of effectiveSpends(transaction)) this.spend(id, place);
    for (const { id } of effectiveOutputs(transaction))
      this.set(id, { isCoinbase, blockHeight: place.height, isSpent: false });
  }

  /**
   * Takes a block's transactions back, the last one first.
   *
   * @throws {@link ChainError} `try-to-revert-an-unspent-utxo`
   */
  revertBlock(transactions: readonly JudgedTransaction[]): void {
    for (const transaction of transactions.toReversed()) {
      for (const { id } of effectiveSpends(transaction)) this.unspend(id);
      for (const { id } of effectiveOutputs(transaction))
        this.set(id, { isCoinbase: false, blockHeight: 0n, isSpent: true });
    }
  }

  /** What has to be written. */
  operations(): BatchOperation[] {
    return this.entries().map(({ id, entry }) =>
      outputOperation(id, isKept(entry) ? entry : undefined),
    );
  }

  /** Every output that the view holds. */
  entries(): OutputRow[] {
    return [...this.rows.values()];
  }

  private spend(id: Uint8Array, place: Place): void {
    const entry = this.get(id);
    const facts = { ...place, outputId: id };
    if (entry === undefined) throw new ChainError("fail-to-find-utxo-entry", facts);
    if (entry.isSpent) throw new ChainError("utxo-has-been-spent", facts);
    if (entry.isCoinbase && entry.blockHeight + this.coinbaseMaturity > place.height)
      throw new ChainError("coinbase-utxo-is-not-ready-for-use", facts);
    this.set(id, { ...entry, isSpent: true });
  }

  private unspend(id: Uint8Array): void {
    const entry = this.get(id);
    if (entry?.isSpent === false)
      throw new ChainError("try-to-revert-an-unspent-utxo", { outputId: id });
    const { isCoinbase, blockHeight } = entry ?? { isCoinbase: false, blockHeight: 0n };
    this.set(id, { isCoinbase, blockHeight, isSpent: false });
  }

  private set(id: Uint8Array, entry: UtxoEntry): void {
    this.rows.set(idKey(id), { id, entry });
  }
}

/** The spends that take effect, in input order. */
function effectiveSpends({ changes, statusFailed }: JudgedTransaction): readonly SpentOutput[] {
  return statusFailed ? changes.spends.filter(({ isBtm }) => isBtm) : changes.spends;
}

/** The outputs that take effect; a retirement is none. */
function effectiveOutputs({ changes, statusFailed }: JudgedTransaction): TransactionResult[] {
  return changes.results.filter(
    ({ isRetirement, isBtm }) => !isRetirement && (!statusFailed || isBtm),
  );
}
