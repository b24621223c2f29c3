import { type Block, type BytomNetwork, blockHash, mapTransaction } from "@bystack/butxo";
import type { ConsensusEngine } from "./engine.ts";
import { ChainError } from "./error.ts";
import { idKey } from "./id-key.ts";
import { SealWindow } from "./seal-window.ts";
import { SerialQueue } from "./serial-queue.ts";
import { type UtxoDigest, utxoDigest } from "./state/utxo-digest.ts";
import type { UtxoEntry } from "./state/utxo-entry.ts";
import { type JudgedTransaction, UtxoView } from "./state/utxo-view.ts";
import type { Advance, ChainStore } from "./store/chain-store.ts";
import { type BlockNode, createNode } from "./tree/block-node.ts";
import type { BlockTree } from "./tree/block-tree.ts";
import { OrphanBlocks } from "./tree/orphan-blocks.ts";
import { validateBlockBody } from "./validation/block.ts";
import type { ProgramRunner } from "./validation/program.ts";

/** Tells the time; injected, so that recorded chains and simulations have theirs. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** What became of a block. */
export interface BlockResult {
  /** It waits for its parent. */
  readonly isOrphan: boolean;
}

/** A block and its statuses, as the chain knows it. */
export interface ChainBlock {
  readonly node: BlockNode;
  readonly block: Block;
  /** For each transaction: is it status-failed? */
  readonly statusFailed: readonly boolean[];
}

/** The tip moved. */
export interface TipChange {
  readonly tip: BlockNode;
  /** Blocks that left the best chain, tip first. */
  readonly detached: readonly BlockNode[];
  /** Blocks that joined it, lowest first. */
  readonly attached: readonly BlockNode[];
}

/** How many blocks {@link Chain.processBlocks} looks ahead for seals. */
const DEFAULT_LOOK_AHEAD = 16;

/** What a chain is made of; `openChain` puts it together. */
export interface ChainParts {
  readonly params: BytomNetwork;
  readonly engine: ConsensusEngine;
  readonly store: ChainStore;
  readonly tree: BlockTree;
  readonly clock: Clock;
  readonly runProgram: ProgramRunner;
  close(): Promise<void>;
}

/** A block that passed validation and is not written yet. */
interface SavedBlock {
  readonly node: BlockNode;
  readonly block: Block;
  readonly transactions: readonly JudgedTransaction[];
}

/**
 * A chain of blocks: validates what it is given, keeps what is valid, follows the best branch.
 *
 * One block is processed at a time, in the order of the calls. Each step is one atomic write: a
 * crash at any moment leaves the chain as it was announced last.
 *
 * @see spec 10-ledger, section 10 "Chain engine"
 */
export class Chain {
  /** The network whose rules hold. */
  readonly params: BytomNetwork;
  private readonly parts: ChainParts;
  private readonly orphans = new OrphanBlocks();
  private readonly queue = new SerialQueue();
  private readonly listeners = new Set<(change: TipChange) => void>();
  private isClosed = false;

  /** @internal use `openChain` */
  constructor(parts: ChainParts) {
    this.parts = parts;
    this.params = parts.params;
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

  /** A block in full; undefined when this chain does not have it. */
  async block(hash: Uint8Array): Promise<ChainBlock | undefined> {
    const node = this.nodeByHash(hash);
    return node && (await this.load(node));
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

  /** Calls `listener` after each move of the tip; the result ends it. */
  onTip(listener: (change: TipChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Takes a block from anywhere: validates it, stores it, and moves the tip when its branch wins.
   *
   * A block that is known already does nothing, also when it failed to join the chain before. A
   * block whose parent is unknown waits for it.
   *
   * @throws {@link ChainError} `invalid-block` (the cause says which rule) when nothing was kept;
   *   a UTXO code when the block is valid by itself, and kept, but cannot join the best chain
   */
  processBlock(block: Block): Promise<BlockResult> {
    this.checkOpen();
    return this.queue.run(() => this.process(block, undefined));
  }

  /**
   * Takes blocks in order, as {@link processBlock} does, while the seals of the next ones are
   * already being verified. Stops at the first block that is refused.
   *
   * @param onBlock called after each block with the number processed so far
   * @returns the number of blocks processed
   * @throws what `processBlock` throws; blocks before the failing one are kept
   */
  async processBlocks(
    blocks: AsyncIterable<Block>,
    options: {
      readonly lookAhead?: number | undefined;
      /** An `AbortSignal`: the block in work is finished, then the work stops. */
      readonly signal?: { readonly aborted: boolean } | undefined;
      readonly onBlock?: ((processed: number) => void) | undefined;
    } = {},
  ): Promise<number> {
    const window = new SealWindow(this.parts.engine, this.parts.tree);
    const lookAhead = options.lookAhead ?? DEFAULT_LOOK_AHEAD;
    const source = blocks[Symbol.asyncIterator]();
    let processed = 0;
    let isDone = false;
    try {
      while (!options.signal?.aborted) {
        while (!isDone && window.size < lookAhead) {
          const next = await source.next();
          if (next.done) isDone = true;
          else window.push(next.value, this.parts.clock.now());
        }
        const first = window.shift();
        if (first === undefined) break;
        this.checkOpen();
        await this.queue.run(() => this.process(first.block, first.seal));
        options.onBlock?.(++processed);
      }
    } finally {
      await source.return?.();
    }
    return processed;
  }

  /** Waits for the block in work and closes the store. Whatever is called later is `chain-closed`. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    await this.queue.idle();
    this.listeners.clear();
    await this.parts.close();
  }

  private async process(block: Block, seal: Promise<void> | undefined): Promise<BlockResult> {
    const { tree, clock } = this.parts;
    const hash = blockHash(block.header);
    if (tree.get(hash) !== undefined) return { isOrphan: false };
    if (this.orphans.has(hash)) return { isOrphan: true };
    const parent = tree.get(block.header.previousBlockHash);
    if (parent === undefined) {
      this.orphans.add(hash, block, clock.now());
      return { isOrphan: true };
    }
    const first = await this.save(block, hash, parent, seal);
    const saved = [first, ...(await this.saveDescendants(first))];
    const highest = saved.reduce((a, b) => (b.node.height > a.node.height ? b : a));
    await this.settle(saved, highest.node);
    return { isOrphan: false };
  }

  /** @throws {@link ChainError} `invalid-block` */
  private async save(
    block: Block,
    hash: Uint8Array,
    parent: BlockNode,
    seal: Promise<void> | undefined,
  ): Promise<SavedBlock> {
    const { engine, clock, params, runProgram } = this.parts;
    const candidate = { header: block.header, hash, parent };
    try {
      engine.verifyHeader(candidate, clock.now());
      await (seal ?? engine.verifySeal(candidate));
      const transactions = validateBlockBody(block, hash, { params, runProgram });
      return { node: createNode(candidate, engine.weight(block.header)), block, transactions };
    } catch (cause) {
      if (!(cause instanceof ChainError)) throw cause;
      throw new ChainError("invalid-block", {
        height: block.header.height,
        blockHash: hash,
        cause,
      });
    }
  }

  /** Orphans that waited for `root`, and those that waited for them. Invalid ones stay orphans. */
  private async saveDescendants(root: SavedBlock): Promise<SavedBlock[]> {
    const saved: SavedBlock[] = [];
    for (const { hash, block } of this.orphans.childrenOf(root.node.hash)) {
      try {
        const child = await this.save(block, hash, root.node, undefined);
        saved.push(child, ...(await this.saveDescendants(child)));
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
      }
    }
    return saved;
  }

  /** Writes what was saved, together with the move of the tip when `candidate` wins. */
  private async settle(saved: readonly SavedBlock[], candidate: BlockNode): Promise<void> {
    const { engine, store, tree } = this.parts;
    const { tip } = tree;
    const wins = candidate.parent === tip || engine.prefers(candidate, tip);
    let advance: Advance | undefined;
    let failure: unknown;
    try {
      if (wins) advance = await this.prepareAdvance(saved, candidate);
    } catch (error) {
      // The block is valid by itself and stays in the tree, though its branch leads nowhere.
      if (!(error instanceof ChainError)) throw error;
      failure = error;
    }
    await store.commit({
      blocks: saved.map(({ node, block, transactions }) => ({
        hash: node.hash,
        block,
        statusFailed: transactions.map(({ statusFailed }) => statusFailed),
      })),
      advance,
    });
    for (const { node } of saved) {
      this.orphans.delete(node.hash);
      tree.add(node);
    }
    if (failure !== undefined) throw failure;
    if (advance !== undefined) this.moveTip(candidate);
  }

  private async prepareAdvance(
    saved: readonly SavedBlock[],
    candidate: BlockNode,
  ): Promise<Advance> {
    const { tip } = this.parts.tree;
    const inHand = new Map(saved.map((block) => [idKey(block.node.hash), block]));
    const { detach, attach } = this.parts.tree.route(candidate);
    const view = new UtxoView(this.params);
    for (const node of detach) {
      const transactions = await this.transactionsOf(node);
      await this.loadOutputs(view, transactions);
      view.revertBlock(transactions);
    }
    for (const node of attach) {
      const transactions =
        inHand.get(idKey(node.hash))?.transactions ?? (await this.transactionsOf(node));
      await this.loadOutputs(view, transactions);
      view.applyBlock(node.height, transactions);
    }
    return { from: tip, to: candidate, outputs: view.operations() };
  }

  private async loadOutputs(
    view: UtxoView,
    transactions: readonly JudgedTransaction[],
  ): Promise<void> {
    const ids = view.missing(transactions);
    const entries = await this.parts.store.outputs(ids);
    for (const [i, id] of ids.entries()) {
      const entry = entries[i];
      if (entry !== undefined) view.load(id, entry);
    }
  }

  private async transactionsOf(node: BlockNode): Promise<JudgedTransaction[]> {
    const { block, statusFailed } = await this.load(node);
    return block.transactions.map((transaction, i) => ({
      mapped: mapTransaction(transaction),
      statusFailed: statusFailed[i] ?? false,
    }));
  }

  private async load(node: BlockNode): Promise<ChainBlock> {
    const { store } = this.parts;
    const [block, statusFailed] = await Promise.all([
      store.block(node.hash),
      store.statuses(node.hash),
    ]);
    return { node, block, statusFailed };
  }

  private moveTip(tip: BlockNode): void {
    const { detach, attach } = this.parts.tree.route(tip);
    this.parts.tree.setTip(tip);
    const change = { tip, detached: detach, attached: attach };
    for (const listener of this.listeners) listener(change);
  }

  private checkOpen(): void {
    if (this.isClosed) throw new ChainError("chain-closed");
  }
}
