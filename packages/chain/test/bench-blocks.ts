import { type Block, blockHash, encodeBlock, type Transaction } from "@bystack/butxo";
import { assembleBlock, type BlockNode, createNode } from "../src/index.ts";
import {
  type Branch,
  type Coin,
  coinsOf,
  engine,
  extend,
  extendMany,
  FEE,
  genesisBranch,
  last,
  params,
  spendable,
  spendOf,
  TRUE,
  transactionOf,
} from "./kit.ts";
import { createKey, type Key, signedTransaction } from "./signed.ts";

/** Outputs of a funding transaction: what one coinbase can pay the gas for. */
const FANOUT = 2_000;

interface Locked {
  readonly coin: Coin;
  readonly key: Key;
}

/** Makes real blocks, really signed, for benches: as many transactions as asked, single keys. */
export class BenchBlocks {
  private readonly keys = Array.from({ length: 256 }, createKey);
  /** Blocks that every bench begins with: they give the coins. */
  private readonly base: readonly Branch[];
  private readonly coins: readonly Locked[];

  /** @param count transactions that a bench will ask for, at most */
  constructor(count: number) {
    const funds = Math.ceil((2 * count) / FANOUT);
    const branches = extendMany(genesisBranch(), funds + 2);
    const funding = spendable(last(branches))
      .slice(0, funds)
      .map((coin) => this.fund(coin));
    branches.push(extend(last(branches), funding));
    this.base = branches;
    this.coins = funding.flatMap((transaction) => this.locked(transaction));
  }

  /** Two coins of two keys into two outputs. */
  independent(count: number): Transaction[] {
    return Array.from({ length: count }, (_, i) =>
      signedTransaction(this.coins.slice(2 * i, 2 * i + 2), this.owners(i)),
    );
  }

  /** The same, but each spends an output of the one before. */
  dependent(count: number): Transaction[] {
    const transactions: Transaction[] = [];
    let carried: Locked[] = [];
    for (let i = 0; i < count; i++) {
      const inputs = [...carried, ...this.coins.slice(2 * i, 2 * i + 2)].slice(0, 2);
      const transaction = signedTransaction(inputs, this.owners(i));
      transactions.push(transaction);
      carried = this.locked(transaction, i).slice(0, 1);
    }
    return transactions;
  }

  /** Bytes of blocks with these transactions, all good and paying the kit's fee, on top of the base. */
  blocks(groups: readonly (readonly Transaction[])[]): Uint8Array[] {
    let tip: BlockNode = last(this.base).node;
    const made: Block[] = groups.map((transactions) => {
      const block = assembleBlock({
        params,
        engine,
        parent: tip,
        timestampSeconds: tip.header.timestamp + 1n,
        program: TRUE,
        transactions: transactions.map((transaction) => ({ transaction, statusFailed: false })),
        fees: FEE * BigInt(transactions.length),
      });
      tip = createNode({ header: block.header, hash: blockHash(block.header), parent: tip }, 1n);
      return block;
    });
    return [...this.base.map(({ block }) => block), ...made].map(encodeBlock);
  }

  private fund(coin: Coin): Transaction {
    const share = (coin.amount - 10n * FEE) / BigInt(FANOUT);
    return transactionOf(
      [spendOf(coin)],
      Array.from({ length: FANOUT }, (_, i) => ({
        type: "output",
        assetId: coin.assetId,
        amount: share,
        controlProgram: this.keyAt(i).program,
      })),
    );
  }

  private locked(transaction: Transaction, firstKey = 0): Locked[] {
    return coinsOf(transaction).map((coin, i) => ({ coin, key: this.keyAt(firstKey + i) }));
  }

  private owners(i: number): Key[] {
    return [this.keyAt(i), this.keyAt(i + 1)];
  }

  private keyAt(i: number): Key {
    const key = this.keys[i % this.keys.length];
    if (key === undefined) throw new Error("no keys");
    return key;
  }
}

/** Items in rows of the given lengths, which repeat, until none is left or `rows` are full. */
export function inRows<T>(items: readonly T[], lengths: readonly number[], rows: number): T[][] {
  let at = 0;
  return Array.from({ length: rows }, (_, i) => {
    const length = lengths[i % lengths.length] ?? 0;
    at += length;
    return items.slice(at - length, at);
  });
}
