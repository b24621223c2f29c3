import type { Block, BlockHeader, BytomNetwork } from "@bystack/butxo";
import { BlockProcessor, type BlockResult, type ProcessorParts } from "./block-processor.ts";
import { ChainError } from "./error.ts";
import type { Logger } from "./logger.ts";
import type { ChainMetrics } from "./metrics.ts";
import { proveTransactions, type TransactionProof } from "./proof.ts";
import { AdaptiveSize } from "./pswv/adaptive-size.ts";
import { importBlocks, type ProcessBlocksOptions } from "./pswv/import-blocks.ts";
import { SerialQueue } from "./serial-queue.ts";
import { type UtxoDigest, utxoDigest } from "./state/utxo-digest.ts";
import type { UtxoEntry } from "./state/utxo-entry.ts";
import type { TreeIndex } from "./store/tree-index.ts";
import { type Signal, type TipChange, TipEvents } from "./tip-events.ts";
import type { BlockNode } from "./tree/block-node.ts";
import { blockLocator, locateHeaders } from "./tree/locate.ts";
import type { TrustedBlock } from "./trusted-headers.ts";
import type { SignatureCache } from "./validation/signature-cache.ts";

/** A block and its statuses, as the chain knows it. */
export interface ChainBlock {
  readonly node: BlockNode;
  readonly block: Block;
  /** For each transaction: is it status-failed? */
  readonly statusFailed: readonly boolean[];
}

/** The chain while it stands still: no block is processed until the reader is done. */
export interface ChainState {
  readonly tip: BlockNode;
  /** What is remembered of outputs, in the order asked; undefined: never was, or spent. */
  outputs(ids: readonly Uint8Array[]): Promise<(UtxoEntry | undefined)[]>;
}

/** What a chain is made of; `openChain` puts it together. */
export interface ChainParts extends ProcessorParts {
  readonly logger: Logger;
  readonly treeIndex: TreeIndex;
  close(): Promise<void>;
}

/**
 * A chain of blocks: validates what it is given, keeps what is valid, follows the best branch.
 *
 * One block is processed at a time, in the order of the calls. Each step is one atomic write: a
 * crash at any moment leaves the chain as it was announced last, or one step further.
 *
 * @see spec 10-ledger, section 10 "Chain engine"
 */
export class Chain {
  /** The network whose rules hold. */
  readonly params: BytomNetwork;
  /** Signatures that a mempool has checked, so that blocks need not. */
  readonly signatures: SignatureCache;
  private readonly parts: ChainParts;
  private readonly events: TipEvents;
  private readonly processor: BlockProcessor;
  private readonly queue = new SerialQueue();
  private readonly windowSize = new AdaptiveSize();
  private isClosed = false;

  /** @internal use `openChain` */
  constructor(parts: ChainParts) {
    this.parts = parts;
    this.params = parts.params;
    this.signatures = parts.signatures;
    this.events = new TipEvents(parts.logger);
    this.processor = new BlockProcessor(parts, (change) => this.events.announce(change));
  }

  /** The last block of the best chain. */
  get tip(): BlockNode {
    return this.parts.tree.tip;
  }

  /** The block of the best chain at a height, undefined above the tip. */
  nodeAt(height: bigint): BlockNode | undefined {
    return this.parts.tree.at(height);
  }

  /** Any block that passed validation, on the best chain or not. */
  nodeByHash(hash: Uint8Array): BlockNode | undefined {
    return this.parts.tree.get(hash);
  }

  isOnBestChain(node: BlockNode): boolean {
    return this.parts.tree.isOnBestChain(node);
  }

  /** Up to which height the best chain can never change; 0n with proof of work. */
  get irreversibleHeight(): bigint {
    return this.parts.engine.irreversibleHeight(this.tip);
  }

  /** Will the block stay on the best chain for ever? With proof of work only the genesis block. */
  isFinal(node: BlockNode): boolean {
    return node.height <= this.irreversibleHeight && this.isOnBestChain(node);
  }

  /**
   * A block in full; undefined when this chain does not have it.
   *
   * @throws {@link ChainError} `store-damaged`
   */
  async block(hash: Uint8Array): Promise<ChainBlock | undefined> {
    const node = this.nodeByHash(hash);
    if (node === undefined) return undefined;
    const { block, statusFailed } = await this.processor.load(node);
    return { node, block, statusFailed };
  }

  /**
   * Trusts a checkpoint of the network: the seals of the blocks that lead to it are not verified.
   *
   * @param headers linked, the lowest first, the checkpoint last
   * @returns for how many blocks
   * @throws {@link ChainError} `headers-are-not-linked` | `checkpoint-mismatch`
   */
  trustCheckpoint(headers: readonly BlockHeader[]): number {
    return this.parts.trusted.addCheckpoint(headers, this.params.checkpoints);
  }

  /**
   * Trusts a block that the caller vouches for: the scripts of the blocks that lead to it are not
   * run, as far as two weeks of work lie above them. Everything else is checked, statuses too. It
   * forbids no other branch.
   *
   * @param headers linked, the lowest first, up to the best header that is known
   * @returns for how many blocks; none when the block is not among them
   * @throws {@link ChainError} `headers-are-not-linked`
   */
  assumeValid(trusted: TrustedBlock, headers: readonly BlockHeader[]): number {
    return this.parts.trusted.addAssumedValid(headers, trusted, this.parts.engine);
  }

  /**
   * Proof for a light client that transactions are in a block; those that are not are left out.
   *
   * @returns undefined when this chain does not have the block
   * @throws {@link ChainError} `store-damaged`
   */
  async transactionProof(
    hash: Uint8Array,
    ids: readonly Uint8Array[],
  ): Promise<TransactionProof | undefined> {
    const node = this.nodeByHash(hash);
    return node && proveTransactions(await this.processor.load(node), ids);
  }

  /** Hashes of the best chain by which a peer finds what both have, the tip first. */
  locator(): Uint8Array[] {
    return blockLocator(this.parts.tree);
  }

  /** The headers of the best chain after what a locator names, up to a block: at most 2,048. */
  headersAfter(locator: readonly Uint8Array[], stop: Uint8Array): BlockNode[] {
    return locateHeaders(this.parts.tree, locator, stop);
  }

  /** What the chain remembers of an output; undefined when it never was or was spent. */
  async output(id: Uint8Array): Promise<UtxoEntry | undefined> {
    this.checkOpen();
    const [entry] = await this.parts.store.outputs([id]);
    return entry;
  }

  /** A digest over all unspent outputs, to compare two chains by. */
  utxoDigest(): Promise<UtxoDigest> {
    this.checkOpen();
    return this.queue.run(() => utxoDigest(this.parts.store.allOutputs()));
  }

  /**
   * Calls `listener` after each move of the tip; the result ends it. The chain goes on whatever the
   * listener does: what it throws is logged.
   */
  onTip(listener: (change: TipChange) => void): () => void {
    return this.events.listen(listener);
  }

  /**
   * Each move of the tip from now on, until `signal` is aborted or the chain closed. A reader that
   * is slower than the chain gets several moves as one and misses no block.
   *
   * @example
   * for await (const { tip } of chain.tipChanges({ signal })) console.log(tip.height);
   */
  tipChanges({ signal }: { readonly signal?: Signal | undefined } = {}): AsyncGenerator<TipChange> {
    return this.events.follow(() => this.tip, signal);
  }

  /**
   * Runs `task` between two blocks: tip and outputs do not change while it runs. The task must not
   * wait for blocks to be processed, which wait for it.
   */
  atTip<T>(task: (state: ChainState) => Promise<T>): Promise<T> {
    this.checkOpen();
    const { store } = this.parts;
    return this.queue.run(() => task({ tip: this.tip, outputs: (ids) => store.outputs(ids) }));
  }

  /**
   * Takes a block from anywhere: validates it, stores it, and moves the tip when its branch wins.
   *
   * A block that is known already does nothing, also when it failed to join the chain before. A
   * block whose parent is unknown waits for it.
   *
   * @throws {@link ChainError} `invalid-block` (the cause says which rule) when nothing was kept;
   *   a UTXO code or `commit-too-large` when the block is valid by itself, and kept, but cannot join
   *   the best chain
   */
  processBlock(block: Block): Promise<BlockResult> {
    this.checkOpen();
    return this.step(() => this.processor.process({ block }));
  }

  /**
   * Takes blocks in order, as {@link processBlock} does, while seals and scripts of the
   * next ones are already being verified, and writes several of them at once. Stops at the first block that is
   * refused.
   *
   * @param blocks decoded, or better the bytes as they came (a full block each, not changed while the
   *   work goes on): then the worker threads decode them, and this thread need not
   * @returns the number of blocks processed
   * @throws what `processBlock` throws; bytes that are no block are an `invalid-block` with a
   *   `ButxoError` as cause; blocks before the failing one are kept
   */
  processBlocks(
    blocks: AsyncIterable<Block | Uint8Array>,
    options: ProcessBlocksOptions = {},
  ): Promise<number> {
    return this.parts.metrics.timeImport(() =>
      importBlocks(blocks, options, {
        ...this.parts,
        size: this.windowSize,
        process: (group, onBlock, signal) => {
          this.checkOpen();
          return this.step(() => this.processor.processGroup(group, onBlock, signal));
        },
      }),
    );
  }

  /**
   * What {@link processBlocks} has done since the chain was opened, and how: a snapshot of counters,
   * cheap enough for every block.
   *
   * @see spec 94-parallel-validation, section 4
   *
   * @example
   * const { windowBlocks, poolUtilization, stageMs } = chain.metrics();
   */
  metrics(): ChainMetrics {
    const { judge, metrics, signatures } = this.parts;
    return metrics.snapshot({
      windowBlocks: this.windowSize.blocks,
      hasWorkers: judge !== undefined,
      signatures: signatures.lookups,
      jobs: judge?.jobs?.given ?? 0,
      discardedJobs: judge?.jobs?.discarded ?? 0,
    });
  }

  /**
   * Forgets the orphan blocks whose time is over. Each block that comes does it too; this frees their
   * memory in a node that hears of none.
   */
  sweep(): void {
    this.processor.sweep();
  }

  /** Waits for the block in work and closes the store. Whatever is called later is `chain-closed`. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.queue.idle();
    this.events.close();
    await this.parts.close();
  }

  /** Runs a step after those before it; then there may be more of the tree to put aside. */
  private step<T>(task: () => Promise<T>): Promise<T> {
    return this.queue.run(async () => {
      const result = await task();
      await this.parts.treeIndex.seal(this.parts.tree);
      return result;
    });
  }

  private checkOpen(): void {
    if (this.isClosed) throw new ChainError("chain-closed");
  }
}
