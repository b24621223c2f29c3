import {
  type BytomNetwork,
  blockHash,
  btmAssetId,
  bytomSolonet,
  createTransaction,
  type Input,
  mapTransaction,
  type Output,
  type Transaction,
  toHex,
} from "@bystack/butxo";
import {
  assembleBlock,
  type BlockNode,
  type BlockTemplate,
  type Chain,
  ChainError,
  createNode,
  openChain,
  soloEngine,
  type TransactionJudge,
} from "@bystack/chain";
import { openMemory } from "@bystack/storage";
import type { SymbolicTransaction, SymbolicWindow } from "./symbols.ts";

/** Rewards can be spent by the next block. */
const params: BytomNetwork = { ...bytomSolonet, coinbaseMaturity: 1n };
const engine = soloEngine();
const OPEN = Uint8Array.of(0x51);
const FEE = 200_000n;

interface Coin {
  readonly sourceId: Uint8Array;
  readonly position: bigint;
  readonly amount: bigint;
}

/** What a chain made of a window. */
export interface Outcome {
  /** Height of the last good block, in the vector's count. */
  readonly commitUpTo: bigint;
  readonly error: { height: bigint; tx: string; output: string } | undefined;
  /** Symbols of the outputs that are unspent, sorted. */
  readonly unspent: readonly string[];
}

/** A symbolic window as real blocks on top of a real chain. */
export class RealWindow {
  private readonly window: SymbolicWindow;
  private readonly coins = new Map<string, Coin>();
  private readonly outputIds = new Map<string, string>();
  private readonly built = new Map<string, Transaction>();
  private readonly creators = new Map<string, SymbolicTransaction>();
  private readonly base: BlockTemplate[] = [];
  private readonly blocks: BlockTemplate[] = [];

  constructor(window: SymbolicWindow, genesis: BlockNode) {
    this.window = window;
    for (const { transactions } of window.blocks)
      for (const transaction of transactions)
        for (const symbol of transaction.creates) this.creators.set(symbol, transaction);
    let tip = genesis;
    const extend = (transactions: readonly Transaction[], into: BlockTemplate[]) => {
      const block = assemble(tip, transactions);
      into.push(block);
      const { header } = block;
      tip = createNode({ header, hash: blockHash(header), parent: tip }, 1n);
      return block;
    };
    const [reward] = extend([], this.base).transactions;
    if (reward === undefined) throw new Error("no reward");
    const funding = this.spend([coinsOf(reward)[0] ?? MISSING], window.database.length);
    extend([funding], this.base);
    this.name(funding, window.database);
    for (const { transactions } of window.blocks)
      extend(
        transactions.map((transaction) => this.build(transaction)),
        this.blocks,
      );
  }

  /** Runs the window through a chain. */
  async run(judge: TransactionJudge | undefined): Promise<Outcome> {
    const chain = await emptyChain(judge);
    for (const block of this.base) await chain.processBlock(block);
    const offset = (this.window.blocks[0]?.height ?? 0n) - chain.tip.height - 1n;
    let error: Outcome["error"];
    try {
      await chain.processBlocks(each(this.blocks));
    } catch (thrown) {
      if (!(thrown instanceof ChainError)) throw thrown;
      error = this.describe(thrown, offset);
    }
    const unspent: string[] = [];
    for (const [symbol, id] of this.outputIds) {
      const entry = await chain.output(Uint8Array.from(Buffer.from(id, "hex")));
      if (entry?.isSpent === false) unspent.push(symbol);
    }
    await chain.close();
    return { commitUpTo: chain.tip.height + offset, error, unspent: unspent.sort() };
  }

  private describe({ facts }: ChainError, offset: bigint): Outcome["error"] {
    const { height = 0n, transactionIndex = 0, outputId = new Uint8Array(0) } = facts;
    const block = this.window.blocks.find((candidate) => candidate.height === height + offset);
    const id = toHex(outputId);
    const output = [...this.outputIds].find(([, known]) => known === id)?.[0];
    return {
      height: height + offset,
      // The coinbase is the first.
      tx: block?.transactions[transactionIndex - 1]?.id ?? "",
      output: output ?? "zz",
    };
  }

  private build(symbolic: SymbolicTransaction): Transaction {
    const known = this.built.get(symbolic.id);
    if (known !== undefined) return known;
    const coins = symbolic.spends.map((symbol) => {
      const creator = this.creators.get(symbol);
      if (creator !== undefined) this.build(creator);
      return this.coins.get(symbol) ?? MISSING;
    });
    const transaction = this.spend(coins, symbolic.creates.length);
    this.built.set(symbolic.id, transaction);
    this.name(transaction, symbolic.creates);
    return transaction;
  }

  private spend(coins: readonly Coin[], outputs: number): Transaction {
    const total = coins.reduce((sum, { amount }) => sum + amount, 0n) - FEE;
    const share = total / BigInt(outputs);
    return createTransaction(
      {
        inputs: coins.map(({ sourceId, position, amount }) => ({
          type: "spend",
          sourceId,
          sourcePosition: position,
          assetId: btmAssetId(),
          amount,
          controlProgram: OPEN,
        })),
        outputs: Array.from({ length: outputs }, () => ({
          type: "output",
          assetId: btmAssetId(),
          amount: share,
          controlProgram: OPEN,
        })),
      },
      params.dialect,
    );
  }

  private name(transaction: Transaction, symbols: readonly string[]): void {
    const ids = mapTransaction(transaction).resultIds;
    for (const [i, coin] of coinsOf(transaction).entries()) {
      const symbol = symbols[i] ?? "";
      this.coins.set(symbol, coin);
      this.outputIds.set(symbol, toHex(ids[i] ?? new Uint8Array(0)));
    }
  }
}

/** An output that nobody made. */
const MISSING: Coin = {
  sourceId: new Uint8Array(32).fill(1),
  position: 0n,
  amount: 1_000_000_000n,
};

/** The genesis block's place in the tree. */
export async function genesisNode(): Promise<BlockNode> {
  return (await emptyChain(undefined)).tip;
}

async function emptyChain(judge: TransactionJudge | undefined): Promise<Chain> {
  const storage = await openMemory();
  return openChain({ params, engine, storage, clock: Date, judge });
}

function assemble(parent: BlockNode, transactions: readonly Transaction[]): BlockTemplate {
  const fees = transactions.reduce(
    (sum, { inputs, outputs }) => sum + amountOf(inputs) - amountOf(outputs),
    0n,
  );
  return assembleBlock({
    params,
    engine,
    parent,
    timestampSeconds: parent.header.timestamp + 1n,
    program: OPEN,
    transactions: transactions.map((transaction) => ({ transaction, statusFailed: false })),
    fees,
  });
}

/** Sum of the amounts; what a share loses to rounding is a fee too. */
function amountOf(items: readonly (Input | Output)[]): bigint {
  return items.reduce((sum, item) => sum + ("amount" in item ? item.amount : 0n), 0n);
}

function coinsOf(transaction: Transaction): Coin[] {
  const { muxId } = mapTransaction(transaction);
  return transaction.outputs.map((output, i) => ({
    sourceId: muxId,
    position: BigInt(i),
    amount: output.type === "unknown" ? 0n : output.amount,
  }));
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
