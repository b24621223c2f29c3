import {
  type Block,
  type BytomNetwork,
  blockHash,
  equalBytes,
  genesisBlock,
  mapTransaction,
  toHex,
} from "@bystack/butxo";
import type { StorageEngine } from "@bystack/storage";
import { Chain } from "./chain.ts";
import type { Clock } from "./clock.ts";
import type { ConsensusEngine } from "./engine.ts";
import { ChainError } from "./error.ts";
import { type Logger, silentLogger } from "./logger.ts";
import { MetricsRecorder } from "./metrics.ts";
import type { TransactionJudge } from "./pswv/judge.ts";
import { outputChanges } from "./state/output-changes.ts";
import { UtxoView } from "./state/utxo-view.ts";
import { ChainStore } from "./store/chain-store.ts";
import { checkVersion, migrate } from "./store/migrations.ts";
import { type ChainStatus, FORMAT_VERSION, type StoreFormat } from "./store/status.ts";
import { TreeIndex } from "./store/tree-index.ts";
import { createNode } from "./tree/block-node.ts";
import { BlockTree } from "./tree/block-tree.ts";
import { TrustedHeaders } from "./trusted-headers.ts";
import type { ProgramRunner } from "./validation/program.ts";
import { SignatureCache } from "./validation/signature-cache.ts";

/** What {@link openChain} puts together. */
export interface ChainOptions {
  /** The network whose rules hold, for example `bytomSolonet` of `@bystack/butxo`. */
  readonly params: BytomNetwork;
  /** The first block; the one of `params` when left out. */
  readonly genesis?: Block | undefined;
  readonly engine: ConsensusEngine;
  /** Opened, and from now on the chain's: closing the chain closes it. */
  readonly storage: StorageEngine;
  readonly clock: Clock;
  /** Runs programs and checks signatures; in this thread when left out. */
  readonly runProgram?: ProgramRunner | undefined;
  /**
   * Judges the transactions of `processBlocks` ahead, and those of large blocks in parallel: `createValidatorPool(…)` of
   * `@bystack/chain/pool`. Closing it is the caller's.
   */
  readonly judge?: TransactionJudge | undefined;
  /** Hears of moves of the tip and of listeners that fail; nobody does when left out. */
  readonly logger?: Logger | undefined;
}

/**
 * Opens the chain in a store. An empty store gets the genesis block; any other is taken up where
 * it was left.
 *
 * @throws {@link ChainError} `store-of-another-network` | `store-format` | `store-damaged`
 * @see spec 10-ledger, section 10.1 "Index"
 *
 * @example
 * const chain = await openChain({ params: bytomSolonet, engine, storage: await openMemory(), clock: Date });
 * await chain.processBlock(block);
 * console.log(chain.tip.height);
 */
export function openChain(options: ChainOptions): Promise<Chain> {
  return openTunedChain(options, {});
}

/** {@link openChain} with rows of the tree of another length, so that tests fill many. */
export async function openTunedChain(
  options: ChainOptions,
  { segmentBlocks }: { readonly segmentBlocks?: number },
): Promise<Chain> {
  const { params, engine, storage, clock, genesis = genesisBlock(params) } = options;
  const { logger = silentLogger } = options;
  const treeIndex = new TreeIndex({
    storage,
    dialect: params.dialect,
    engine: engine.name,
    logger,
    segmentBlocks,
  });
  const store = new ChainStore(storage, params.dialect, treeIndex);
  const signatures = new SignatureCache();
  const first = { params, genesis };
  if (await store.isUnderRepair())
    throw new ChainError("store-damaged", { detail: "a repair was cut off; repair it again" });
  const format = await formatOf(store, first);
  if (format !== undefined && format.version < FORMAT_VERSION) {
    logger.info({ from: format.version, to: FORMAT_VERSION }, "the store is brought up to date");
    await migrate(storage, format);
  }
  const status = (await store.status()) ?? (await writeGenesis(store, first));
  const tree = await loadTree({ store, treeIndex, engine }, status);
  const chain = new Chain({
    params,
    engine,
    store,
    tree,
    treeIndex,
    clock,
    runProgram: options.runProgram ?? signatures.readingRunner(),
    signatures,
    judge: options.judge,
    trusted: new TrustedHeaders(),
    metrics: new MetricsRecorder(clock),
    logger,
    close: () => storage.close(),
  });
  await treeIndex.seal(tree);
  return chain;
}

interface FirstBlock {
  readonly params: BytomNetwork;
  readonly genesis: Block;
}

/** @returns undefined for an empty store */
async function formatOf(
  store: ChainStore,
  { params, genesis }: FirstBlock,
): Promise<StoreFormat | undefined> {
  const format = (await store.format()) ?? (await originalFormat(store, params));
  if (format === undefined) return undefined;
  checkVersion(format);
  if (equalBytes(format.genesisHash, blockHash(genesis.header))) return format;
  throw new ChainError("store-of-another-network", {
    detail: `it holds ${format.network} (genesis ${toHex(format.genesisHash)}), not ${params.chainId}`,
  });
}

/** The original node says nothing of its layout; its directory is taken as version 0. */
async function originalFormat(
  store: ChainStore,
  { chainId }: BytomNetwork,
): Promise<StoreFormat | undefined> {
  if ((await store.status()) === undefined) return undefined;
  for await (const { hash } of store.headers(0n, 0n))
    return { version: 0, network: chainId, genesisHash: hash };
  throw new ChainError("store-damaged", { height: 0n, detail: "the genesis block is missing" });
}

/** The genesis block is never validated. */
async function writeGenesis(
  store: ChainStore,
  { genesis, params }: FirstBlock,
): Promise<ChainStatus> {
  const hash = blockHash(genesis.header);
  const status = { height: genesis.header.height, hash };
  const transactions = genesis.transactions.map((transaction) => ({
    changes: outputChanges(mapTransaction(transaction)),
    statusFailed: false,
  }));
  const view = new UtxoView(params);
  view.applyBlock(status.height, transactions);
  await store.commit({
    blocks: [{ hash, block: genesis, statusFailed: transactions.map(() => false) }],
    advance: { from: undefined, to: status, outputs: view.operations() },
    format: { version: FORMAT_VERSION, network: params.chainId, genesisHash: hash },
  });
  return status;
}

interface TreeSource {
  readonly store: ChainStore;
  readonly treeIndex: TreeIndex;
  readonly engine: ConsensusEngine;
}

/** Headers above the tip are of branches that did not win; they come again if they matter. */
async function loadTree(
  { store, treeIndex, engine }: TreeSource,
  status: ChainStatus,
): Promise<BlockTree> {
  const tree = new BlockTree();
  await treeIndex.load(tree, status.height, async ({ from, through }) => {
    for await (const { hash, header } of store.headers(from, through)) {
      const parent = tree.get(header.previousBlockHash);
      if (parent === undefined && header.height > 0n)
        throw new ChainError("store-damaged", { blockHash: hash, detail: "its parent is missing" });
      tree.add(createNode({ hash, header, parent }, engine.weight(header)));
    }
  });
  const tip = tree.get(status.hash);
  if (tip === undefined)
    throw new ChainError("store-damaged", { blockHash: status.hash, detail: "the tip is missing" });
  tree.setTip(tip);
  return tree;
}
