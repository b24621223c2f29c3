import {
  type Block,
  ButxoError,
  type BytomNetwork,
  blockHash,
  type MappedTransaction,
} from "@bystack/butxo";
import { judgedTransactions, loadOutputs, prepareAdvance } from "./advance.ts";
import type { BlockResult, Clock } from "./chain.ts";
import type { ConsensusEngine } from "./engine.ts";
import { ChainError } from "./error.ts";
import { idKey } from "./id-key.ts";
import type { MetricsRecorder } from "./metrics.ts";
import type { TransactionJudge } from "./pswv/judge.ts";
import { isUndecoded } from "./raw-block.ts";
import { type OutputChanges, outputChanges } from "./state/output-changes.ts";
import { type JudgedTransaction, UtxoView } from "./state/utxo-view.ts";
import type { Advance, ChainStore, StoredBlock } from "./store/chain-store.ts";
import { CommitGroup } from "./store/commit-group.ts";
import type { TipChange } from "./tip-events.ts";
import { ancestorAt } from "./tree/ancestry.ts";
import { type BlockNode, createNode } from "./tree/block-node.ts";
import type { BlockTree } from "./tree/block-tree.ts";
import { OrphanBlocks } from "./tree/orphan-blocks.ts";
import type { TrustedHeaders, Waiver } from "./trusted-headers.ts";
import {
  type BlockContext,
  type TransactionJudgment,
  validateBlockBody,
} from "./validation/block.ts";
import type { ProgramRunner } from "./validation/program.ts";
import type { SignatureCache } from "./validation/signature-cache.ts";

/** What a {@link BlockProcessor} works with. */
export interface ProcessorParts {
  readonly params: BytomNetwork;
  readonly engine: ConsensusEngine;
  readonly store: ChainStore;
  readonly tree: BlockTree;
  readonly clock: Clock;
  readonly runProgram: ProgramRunner;
  /** Judges transactions before their block's turn. */
  readonly judge: TransactionJudge | undefined;
  readonly trusted: TrustedHeaders;
  readonly signatures: SignatureCache;
  readonly metrics: MetricsRecorder;
}

/** A block, with the work on it that was begun before its turn. */
export interface IncomingBlock {
  readonly block: Block;
  /** Settles with the verdict on the seal; the seal is verified in turn when left out. */
  readonly seal?: Promise<void> | undefined;
  /** Its transactions as their entries, in order. */
  readonly mapped?: readonly MappedTransaction[] | undefined;
  /** Judgments of its transactions, in order; what is missing is judged in turn. */
  readonly judgments?: Promise<readonly (TransactionJudgment | undefined)[]> | undefined;
}

/** A block that passed validation and is not written yet. */
interface SavedBlock {
  readonly node: BlockNode;
  readonly block: Block;
  readonly transactions: readonly JudgedTransaction[];
}

/** Inputs from which on a block that comes alone is worth the way to the workers. */
const LARGE_BLOCK_INPUTS = 128;

/** Blocks in full that are kept in memory: whoever hears of a new tip asks for its block. */
const RECENT_BLOCKS = 8;

/**
 * What happens to a block, step by step. Knows nothing of who asked; its caller sees to it that only
 * one call is at work at a time.
 *
 * @see spec 10-ledger, section 10.2 "Processing a block"
 */
export class BlockProcessor {
  private readonly parts: ProcessorParts;
  private readonly announce: (change: TipChange) => void;
  private readonly orphans = new OrphanBlocks();
  private readonly recent = new Map<string, StoredBlock>();

  /** @param announce called when the tip has moved and the move is on disk; must not throw */
  constructor(parts: ProcessorParts, announce: (change: TipChange) => void) {
    this.parts = parts;
    this.announce = announce;
  }

  /** @throws {@link ChainError} as `Chain.processBlock` */
  async process(incoming: IncomingBlock): Promise<BlockResult> {
    const { tree, clock } = this.parts;
    const { block } = incoming;
    const hash = blockHash(block.header);
    this.sweep();
    if (tree.has(hash)) return { isOrphan: false };
    if (this.orphans.has(hash)) return { isOrphan: true };
    const parent = tree.get(block.header.previousBlockHash);
    if (parent === undefined) {
      checkDecodes(block, hash);
      this.orphans.add(hash, block, clock.now());
      return { isOrphan: true };
    }
    await this.accept(await this.save(incoming, hash, parent));
    return { isOrphan: false };
  }

  /**
   * Processes blocks in order, with the same outcome as `process` for each; as long as they just
   * lengthen the best chain they are written together.
   *
   * @param onBlock called for each block when its fate is on disk
   * @param signal stops the work between two blocks
   */
  async processGroup(
    blocks: readonly IncomingBlock[],
    onBlock: () => void,
    signal: { readonly aborted: boolean } | undefined,
  ): Promise<void> {
    this.sweep();
    const { store, tree, metrics } = this.parts;
    let group = new CommitGroup(store, tree.tip, metrics.outputs);
    const flush = async () => {
      const written = group;
      // Forgotten first: what could not be written is not tried again.
      group = new CommitGroup(store, tree.tip, metrics.outputs);
      if (written.nodes.length > 0) {
        await metrics.time("commits", () => written.write());
        metrics.countCommit();
      }
      const entered = written.nodes.map((node) => this.enter(node));
      for (const node of entered) this.moveTip(node);
      group = written.next(tree.tip);
      for (const _ of written.nodes) onBlock();
    };
    const changes = await metrics.time("judgments", () => Promise.all(blocks.map(knownChanges)));
    await metrics.time("prefetch", () => group.prefetch(changes.flat()));
    try {
      for (const incoming of blocks) {
        if (signal?.aborted) return;
        if (this.isPlainExtension(incoming.block, group.tip)) {
          const below = group;
          const saved = await metrics.time("blocks", () =>
            this.save(incoming, blockHash(incoming.block.header), below.tip),
          );
          if (await metrics.time("blocks", () => this.extend(below, saved))) {
            if (group.isDue(this.parts.clock.now())) await flush();
            continue;
          }
          await flush();
          await this.accept(saved);
        } else {
          await flush();
          await this.process(incoming);
        }
        group = new CommitGroup(store, tree.tip, metrics.outputs);
        onBlock();
      }
    } finally {
      await flush();
    }
  }

  /** Forgets the orphans whose time is over. */
  sweep(): void {
    this.orphans.expire(this.parts.clock.now());
  }

  /** A block with its statuses. @throws {@link ChainError} `store-damaged` */
  async load({ hash }: BlockNode): Promise<StoredBlock> {
    const known = this.recent.get(idKey(hash));
    if (known !== undefined) return known;
    const { store } = this.parts;
    const [block, statusFailed] = await Promise.all([store.block(hash), store.statuses(hash)]);
    return { hash, block, statusFailed };
  }

  /** Is it a new block on top of `tip` that no orphan waits for? */
  private isPlainExtension({ header }: Block, tip: BlockNode): boolean {
    const hash = blockHash(header);
    return (
      idKey(header.previousBlockHash) === idKey(tip.hash) &&
      !this.parts.tree.has(hash) &&
      !this.orphans.has(hash) &&
      this.orphans.childrenOf(hash).length === 0
    );
  }

  /** Adds a block to the group; false when it does not fit the outputs below it. */
  private async extend(group: CommitGroup, saved: SavedBlock): Promise<boolean> {
    const view = new UtxoView(this.parts.params);
    try {
      await loadOutputs(view, saved.transactions, group);
      view.applyBlock(saved.node.height, saved.transactions);
    } catch (error) {
      if (error instanceof ChainError) return false;
      throw error;
    }
    group.add(saved.node, storedForm(saved), view, this.parts.clock.now());
    return true;
  }

  /** @throws {@link ChainError} `invalid-block` */
  private async save(
    { block, seal, mapped, judgments }: IncomingBlock,
    hash: Uint8Array,
    parent: BlockNode,
  ): Promise<SavedBlock> {
    const { engine, clock, params, runProgram, trusted } = this.parts;
    const waiver = trusted.of(hash);
    const candidate = { header: block.header, hash, parent };
    try {
      engine.verifyHeader(candidate, clock.now());
      if (waiver !== "seal") await (seal ?? engine.verifySeal(candidate));
      const context = {
        params,
        runProgram,
        mapped,
        judgments: await (judgments ?? (waiver === undefined ? this.judgeLarge(block) : undefined)),
      };
      const transactions = validateBody(block, hash, context, waiver);
      return { node: createNode(candidate, engine.weight(block.header)), block, transactions };
    } catch (cause) {
      // A block that came as bytes may turn out to be none.
      if (!(cause instanceof ChainError || cause instanceof ButxoError)) throw cause;
      throw new ChainError("invalid-block", {
        height: block.header.height,
        blockHash: hash,
        cause,
      });
    }
  }

  /**
   * Spreads a large block that comes alone over the workers, unless a mempool has checked signatures:
   * then most of the block's are known.
   */
  private judgeLarge(block: Block): ReturnType<TransactionJudge["judge"]> | undefined {
    const { judge, signatures } = this.parts;
    if (judge === undefined || signatures.size > 0) return undefined;
    const inputs = block.transactions.reduce(
      (sum, transaction) => sum + transaction.inputs.length,
      0,
    );
    return inputs < LARGE_BLOCK_INPUTS ? undefined : judge.judge(block, { aborted: false });
  }

  /** Takes a valid block and the orphans that waited for it; moves the tip when their branch wins. */
  private async accept(first: SavedBlock): Promise<void> {
    const saved = [first, ...(await this.saveDescendants(first))];
    const highest = saved.reduce((a, b) => (b.node.height > a.node.height ? b : a));
    await this.settle(saved, highest.node);
  }

  /** Orphans that waited for `root`, and those that waited for them. Invalid ones stay orphans. */
  private async saveDescendants(root: SavedBlock): Promise<SavedBlock[]> {
    const saved: SavedBlock[] = [];
    for (const { hash, block } of this.orphans.childrenOf(root.node.hash)) {
      try {
        const child = await this.save({ block }, hash, root.node);
        saved.push(child, ...(await this.saveDescendants(child)));
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
      }
    }
    return saved;
  }

  /** Writes what was saved, together with the move of the tip when `candidate` wins. */
  private async settle(saved: readonly SavedBlock[], candidate: BlockNode): Promise<void> {
    const { store, tree } = this.parts;
    const { tip } = tree;
    const wins = candidate.parent === tip || this.overtakes(candidate, tip);
    let advance: Advance | undefined;
    let failure: unknown;
    try {
      if (wins) advance = await this.prepareAdvance(saved, candidate);
    } catch (error) {
      // The block is valid by itself and stays in the tree, though its branch leads nowhere.
      if (!(error instanceof ChainError)) throw error;
      failure = error;
    }
    try {
      await store.commit({ blocks: saved.map(storedForm), advance });
    } catch (error) {
      // The blocks are written all the same.
      if (!(error instanceof ChainError && error.code === "commit-too-large")) throw error;
      failure = error;
    }
    for (const block of saved) {
      this.enter(block.node);
      this.remember(storedForm(block));
    }
    if (failure !== undefined) throw failure;
    if (advance !== undefined) this.moveTip(tree.add(candidate));
  }

  /** Does the engine prefer the candidate's branch, and does that leave no final block? */
  private overtakes(candidate: BlockNode, tip: BlockNode): boolean {
    const { engine, tree } = this.parts;
    if (!engine.prefers(candidate, tip)) return false;
    const height = engine.irreversibleHeight(tip);
    return height <= candidate.height && tree.isOnBestChain(ancestorAt(candidate, height));
  }

  private prepareAdvance(saved: readonly SavedBlock[], candidate: BlockNode): Promise<Advance> {
    const inHand = new Map(saved.map(({ node, transactions }) => [idKey(node.hash), transactions]));
    const { store, tree, params } = this.parts;
    return prepareAdvance(tree.tip, candidate, {
      store,
      params,
      transactionsOf: async (node) =>
        inHand.get(idKey(node.hash)) ?? judgedTransactions(await this.load(node)),
    });
  }

  /** @returns the tree's own node */
  private enter(node: BlockNode): BlockNode {
    this.orphans.delete(node.hash);
    this.parts.trusted.delete(node.hash);
    return this.parts.tree.add(node);
  }

  private remember(stored: StoredBlock): void {
    this.recent.set(idKey(stored.hash), stored);
    if (this.recent.size <= RECENT_BLOCKS) return;
    const [oldest] = this.recent.keys();
    if (oldest !== undefined) this.recent.delete(oldest);
  }

  private moveTip(tip: BlockNode): void {
    const { detach, attach } = this.parts.tree.route(tip);
    this.parts.tree.setTip(tip);
    this.announce({ tip, detached: detach, attached: attach });
  }
}

/** What a block does to the outputs, as far as somebody has found out before its turn. */
async function knownChanges({ judgments, mapped }: IncomingBlock): Promise<OutputChanges[]> {
  if (judgments === undefined) return mapped?.map(outputChanges) ?? [];
  return (await judgments).flatMap((judgment) => judgment?.changes ?? []);
}

/** @throws {@link ChainError} `invalid-block`: the block came as bytes that are none */
function checkDecodes(block: Block, hash: Uint8Array): void {
  if (!isUndecoded(block)) return;
  try {
    block.transactions;
  } catch (cause) {
    if (!(cause instanceof ButxoError)) throw cause;
    throw new ChainError("invalid-block", {
      height: block.header.height,
      blockHash: hash,
      cause,
    });
  }
}

/**
 * Validates a block's body, without its scripts where those are waived. What a script decides beside
 * good and bad is the status of its transaction; the header tells whether all are good, and if not
 * the scripts are run after all.
 */
function validateBody(
  block: Block,
  hash: Uint8Array,
  context: BlockContext,
  waiver: Waiver | undefined,
): JudgedTransaction[] {
  if (waiver === "scripts") {
    const runNothing: ProgramRunner = (_mapped, _entry, _height, gasLimit) => gasLimit;
    try {
      return validateBlockBody(block, hash, { ...context, runProgram: runNothing });
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
    }
  }
  return validateBlockBody(block, hash, context);
}

function storedForm({ node, block, transactions }: SavedBlock): StoredBlock {
  return {
    hash: node.hash,
    block,
    statusFailed: transactions.map(({ statusFailed }) => statusFailed),
  };
}
