import {
  type Block,
  type BytomNetwork,
  blockHash,
  btmAssetId,
  bytomSolonet,
  createTransaction,
  genesisBlock,
  type InputDraft,
  isBtm,
  mapTransaction,
  type OutputDraft,
  type Transaction,
  toHex,
} from "@bystack/butxo";
import { openMemory, type StorageEngine } from "@bystack/storage";
import {
  assembleBlock,
  type BlockNode,
  type Chain,
  type ChainOptions,
  createNode,
  createProgramRunner,
  soloEngine,
  validateTransaction,
} from "../src/index.ts";
import { openTunedChain } from "../src/open-chain.ts";

/** Solonet whose rewards can be spent after two blocks. */
export const params: BytomNetwork = { ...bytomSolonet, coinbaseMaturity: 2n };

/** The program that lets everybody spend. */
export const TRUE: Uint8Array = Uint8Array.of(0x51);
/** What a transaction of the kit pays, neu. */
export const FEE = 10_000_000n;

const START_SECONDS = params.genesisTimestamp;
/** A clock that is later than every block of the kit. */
export const lateClock: { now(): number } = {
  now: () => Number(START_SECONDS + 100_000_000n) * 1000,
};

export const engine = soloEngine();
const runProgram = createProgramRunner();

/** A chain in memory that needs no work. */
export async function soloChain(
  options: Partial<ChainOptions> & { storage?: StorageEngine } = {},
  tuning: Parameters<typeof openTunedChain>[1] = {},
): Promise<Chain> {
  const storage = options.storage ?? (await openMemory());
  return openTunedChain({ params, engine, clock: lateClock, ...options, storage }, tuning);
}

/** A storage engine of which some methods are other ones. */
export function wrapped(storage: StorageEngine, changes: Partial<StorageEngine>): StorageEngine {
  return {
    capabilities: storage.capabilities,
    open: () => storage.open(),
    close: () => storage.close(),
    get: (key) => storage.get(key),
    getMany: (keys) => storage.getMany(keys),
    iterate: (range) => storage.iterate(range),
    batch: (operations, options) => storage.batch(operations, options),
    snapshot: () => storage.snapshot(),
    ...changes,
  };
}

/** An output that can be spent by whoever finds it. */
export interface Coin {
  readonly id: string;
  readonly sourceId: Uint8Array;
  readonly position: bigint;
  readonly assetId: Uint8Array;
  readonly amount: bigint;
  readonly program: Uint8Array;
  /** First height at which it can be spent. */
  readonly matureAt: bigint;
}

/** A block with everything that can be spent on top of it. */
export interface Branch {
  readonly node: BlockNode;
  readonly block: Block;
  readonly coins: ReadonlyMap<string, Coin>;
}

export function spendOf(coin: Coin, args: readonly Uint8Array[] = []): InputDraft {
  return {
    type: "spend",
    sourceId: coin.sourceId,
    sourcePosition: coin.position,
    assetId: coin.assetId,
    amount: coin.amount,
    controlProgram: coin.program,
    arguments: args,
  };
}

export function btmOutput(amount: bigint, controlProgram: Uint8Array = TRUE): OutputDraft {
  return { type: "output", assetId: btmAssetId(), amount, controlProgram };
}

export function transactionOf(
  inputs: readonly InputDraft[],
  outputs: readonly OutputDraft[],
  timeRange = 0n,
): Transaction {
  return createTransaction({ inputs, outputs, timeRange }, params.dialect);
}

/** Spends coins of BTM into `parts` outputs; the fee comes off. */
export function split(coins: readonly Coin[], parts: number, fee: bigint = FEE): Transaction {
  const total = coins.reduce((sum, { amount }) => sum + amount, 0n) - fee;
  const share = total / BigInt(parts);
  const outputs = Array.from({ length: parts }, (_, i) =>
    btmOutput(i === 0 ? total - share * BigInt(parts - 1) : share),
  );
  return transactionOf(
    coins.map((coin) => spendOf(coin)),
    outputs,
  );
}

/** What a transaction makes spendable. */
export function coinsOf(transaction: Transaction, matureAt = 0n): Coin[] {
  return mapTransaction(transaction).resultEntries.flatMap((entry) => {
    if (entry.type !== "output1") return [];
    const { source, program, id } = entry;
    return [
      {
        id: toHex(id),
        sourceId: source.ref,
        position: source.position,
        ...source.value,
        program: program.code,
        matureAt,
      },
    ];
  });
}

/** Where all chains of the kit begin. */
export function genesisBranch(): Branch {
  const block = genesisBlock(params);
  const node = createNode(
    { hash: blockHash(block.header), header: block.header, parent: undefined },
    1n,
  );
  return { node, block, coins: new Map() };
}

/**
 * A block on top of a branch; transactions are judged as the chain will.
 *
 * @param bonus what the miner takes beyond his reward
 */
export function extend(
  branch: Branch,
  transactions: readonly Transaction[] = [],
  extra = "",
  bonus = 0n,
): Branch {
  const height = branch.node.height + 1n;
  const judged = transactions.map((transaction) => {
    const verdict = validateTransaction(mapTransaction(transaction), {
      blockVersion: 1n,
      blockHeight: height,
      isFirstInBlock: false,
      params,
      runProgram,
    });
    return { transaction, statusFailed: verdict.error !== undefined, fee: verdict.btmValue };
  });
  const block = assembleBlock({
    params,
    engine,
    parent: branch.node,
    timestampSeconds: branch.node.header.timestamp + 1n,
    program: TRUE,
    extra: new TextEncoder().encode(extra),
    transactions: judged,
    fees: judged.reduce((sum, { fee }) => sum + fee, bonus),
  });
  return branchOf(branch, block, block.statusFailed);
}

/** The branch with `block` on top. Of a status-failed transaction only the BTM side counts. */
function branchOf(branch: Branch, block: Block, statusFailed: readonly boolean[]): Branch {
  const { header, transactions } = block;
  const node = createNode({ hash: blockHash(header), header, parent: branch.node }, 1n);
  const coins = new Map(branch.coins);
  for (const [i, transaction] of transactions.entries()) {
    const counts = (assetId: Uint8Array) => statusFailed[i] !== true || isBtm(assetId);
    for (const id of mapTransaction(transaction).spentOutputIds) {
      const coin = coins.get(toHex(id));
      if (coin !== undefined && counts(coin.assetId)) coins.delete(coin.id);
    }
    const matureAt = i === 0 ? node.height + params.coinbaseMaturity : 0n;
    for (const coin of coinsOf(transaction, matureAt))
      if (counts(coin.assetId)) coins.set(coin.id, coin);
  }
  return { node, block, coins };
}

/** Coins that the next block may spend. */
export function spendable({ node, coins }: Branch): Coin[] {
  return [...coins.values()].filter(
    ({ matureAt, amount }) => matureAt <= node.height + 1n && amount > 10n * FEE,
  );
}

/** `count` blocks on top of a branch, none with a transaction; the new branches, lowest first. */
export function extendMany(branch: Branch, count: number, extra = ""): Branch[] {
  const branches: Branch[] = [];
  for (let at = branch; branches.length < count; branches.push(at)) at = extend(at, [], extra);
  return branches;
}

export async function feed(chain: Chain, branches: readonly Branch[]): Promise<void> {
  for (const { block } of branches) await chain.processBlock(block);
}

export async function* blocksOf(branches: readonly Branch[]): AsyncGenerator<Block> {
  for (const { block } of branches) yield block;
}

export function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error("nothing there");
  return item;
}

/** The first coin that the next block may spend. */
export function firstCoin(branch: Branch): Coin {
  const [coin] = spendable(branch);
  if (coin === undefined) throw new Error("no coin");
  return coin;
}

/** Two blocks on top of a branch: the transaction of the second spends what that of the first has spent. */
export function doubleSpend(branch: Branch): { first: Branch; second: Branch } {
  const coin = firstCoin(branch);
  const first = extend(branch, [split([coin], 1)]);
  const second = extend({ ...first, coins: branch.coins }, [split([coin], 2)]);
  return { first, second };
}
