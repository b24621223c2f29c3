import { encodeTransaction, idKey, type Transaction } from "@bystack/butxo";
import { sha3 } from "@bystack/crypto";
import { ChainError } from "../error.ts";

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

  /**
   * What `judge` gives, unless it has refused the transaction before.
   *
   * @throws {@link ChainError} what the transaction is, or was, refused for
   */
  judge<T>(transaction: Transaction, judge: () => T): T {
    let key = this.errors.size === 0 ? undefined : keyOf(transaction);
    const known = key === undefined ? undefined : this.errors.get(key);
    if (known !== undefined) throw known;
    try {
      return judge();
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
      key ??= keyOf(transaction);
      this.errors.set(key, error);
      const [oldest] = this.errors.keys();
      if (this.errors.size > this.limit && oldest !== undefined) this.errors.delete(oldest);
      throw error;
    }
  }

  /** The tip has moved: what was refused may be good now. */
  clear(): void {
    this.errors.clear();
  }
}

function keyOf(transaction: Transaction): string {
  return idKey(sha3(encodeTransaction(transaction)));
}
