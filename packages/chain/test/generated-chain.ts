import { type Block, blockHash, type Transaction } from "@bystack/butxo";
import { assembleBlock, type BlockNode, createNode } from "../src/index.ts";
import { type Coin, coinsOf, engine, FEE, genesisBranch, params } from "./kit.ts";
import { type Key, keyFromSeed, signedTransaction } from "./signed.ts";

/** Keys that the coins of a generated chain go around between. */
const KEYS = 16;
/** Coins at hand, at most: what the generator holds does not grow with the chain. */
const MAX_COINS = 64;

/**
 * Blocks of up to five transactions each, really signed, made as they are asked for. Each merges two
 * coins into two or splits one; the keys come from their numbers, so that every run makes the very
 * same chain.
 */
export async function* generatedBlocks(count: number, perBlock: number): AsyncGenerator<Block> {
  const keys = Array.from({ length: KEYS }, (_, i) => keyFromSeed(i));
  const keyAt = (i: number): Key => {
    const key = keys[i % KEYS];
    if (key === undefined) throw new Error("no key");
    return key;
  };
  const owners = new Map(keys.map((key) => [String(key.program), key]));
  const ownerOf = (coin: Coin): Key => owners.get(String(coin.program)) ?? keyAt(0);
  const young: Coin[] = [];
  let coins: Coin[] = [];
  let tip: BlockNode = genesisBranch().node;
  let made = 0;
  for (let height = 1; height <= count; height++) {
    const transactions: Transaction[] = [];
    while (transactions.length < perBlock && coins.length > 0) {
      const taken = coins.splice(0, 2).map((coin) => ({ coin, key: ownerOf(coin) }));
      const transaction = signedTransaction(taken, [keyAt(made), keyAt(made + 5)]);
      made++;
      transactions.push(transaction);
      coins.push(...coinsOf(transaction));
    }
    coins = coins.filter(({ amount }) => amount > 100n * FEE).slice(0, MAX_COINS);
    const block = assembleBlock({
      params,
      engine,
      parent: tip,
      timestampSeconds: tip.header.timestamp + 1n,
      program: keyAt(height).program,
      transactions: transactions.map((transaction) => ({ transaction, statusFailed: false })),
      fees: FEE * BigInt(transactions.length),
    });
    // Without its parent: what is behind is not needed any more.
    const { header } = block;
    tip = createNode({ header, hash: blockHash(header), parent: undefined }, 1n);
    const [reward] = block.transactions;
    if (reward !== undefined) young.push(...coinsOf(reward));
    if (young.length > Number(params.coinbaseMaturity)) coins.push(...young.splice(0, 1));
    yield block;
  }
}
