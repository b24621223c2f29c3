import { encodeTransaction, type Transaction } from "@bystack/butxo";
import { sha3 } from "@bystack/crypto";
import type { ChainError } from "../error.ts";
import { idKey } from "../id-key.ts";

/**
 * The latest transactions that were refused, so that the same bytes are not judged again. Not by
 * their id: it leaves the signatures out, and anybody could have a good transaction refused by
 * sending it with a bad signature first.
 */
export class Refusals {
  private readonly limit: number;
  private readonly errors = new Map<string, ChainError>();

  constructor(limit: number) {
    this.limit = limit;
  }

  /** @throws {@link ChainError} what the transaction was refused for the last time */
  check(transaction: Transaction): void {
    if (this.errors.size === 0) return;
    const error = this.errors.get(keyOf(transaction));
    if (error !== undefined) throw error;
  }

  add(transaction: Transaction, error: ChainError): void {
    this.errors.set(keyOf(transaction), error);
    const [oldest] = this.errors.keys();
    if (this.errors.size > this.limit && oldest !== undefined) this.errors.delete(oldest);
  }

  /** The tip has moved: what was refused may be good now. */
  clear(): void {
    this.errors.clear();
  }
}

function keyOf(transaction: Transaction): string {
  return idKey(sha3(encodeTransaction(transaction)));
}
