import { type Block, blockHash, idKey } from "@bystack/butxo";
import { judgedTransactions, loadOutputs, prepareAdvance } from "./advance.ts";
import {
  BlockVerifier,
  checkDecodes,
  type IncomingBlock,
  storedForm,
  type VerifiedBlock,
  type VerifierParts,
} from "./block-verifier.ts";
import { ChainError } from "./error.ts";
import type { MetricsRecorder } from "./metrics.ts";
import { haveSameBody } from "./raw-block.ts";
import { RecentBlocks } from "./recent-blocks.ts";
import { type OutputChanges, outputChanges } from "./state/output-changes.ts";
import { UtxoView } from "./state/utxo-view.ts";
import type { Advance, ChainStore, StoredBlock } from "./store/chain-store.ts";
import { CommitGroup } from "./store/commit-group.ts";
import type { TipChange } from "./tip-events.ts";
import { ancestorAt } from "./tree/ancestry.ts";
import type { BlockNode } from "./tree/block-node.ts";
import type { BlockTree } from "./tree/block-tree.ts";
import { OrphanBlocks } from "./tree/orphan-blocks.ts";

/** What a {@link BlockProcessor} works with. */
export interface ProcessorParts extends VerifierParts {
  readonly store: ChainStore;
  readonly tree: BlockTree;
  readonly metrics: MetricsRecorder;
}

/** What became of a block. */
export interface BlockResult {
  /** It waits for its parent. */
  readonly isOrphan: boolean;
}

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
  private readonly recent = new RecentBlocks();
  private readonly verifier: BlockVerifier;

  /** @param announce called when the tip has moved and the move is on disk; must not throw */
  constructor(parts: ProcessorParts, announce: (change: TipChange) => void) {
    this.parts = parts;
    this.verifier = new BlockVerifier(parts);
    this.announce = announce;
  }

  /** @throws {@link ChainError} as `Chain.processBlock` */
  async process(incoming: IncomingBlock): Promise<BlockResult> {
    const { tree, clock } = this.parts;
    const { block } = incoming;
    const hash = blockHash(block.header);
    this.sweep();
    if (tree.has(hash)) return { isOrphan: false };
    const parent = tree.get(block.header.previousBlockHash);
    const orphan = this.orphans.get(hash);
    if (orphan !== undefined) {
      if (parent === undefined) return { isOrphan: true };
      // It was found invalid when its parent came. Anybody can put a body of his own under a header.
      checkDecodes(block, hash);
      if (haveSameBody(orphan, block)) return { isOrphan: true };
    } else if (parent === undefined) {
      checkDecodes(block, hash);
      this.orphans.add(hash, block, clock.now());
      return { isOrphan: true };
    }
    await this.accept(await this.verifier.verify(incoming, hash, parent));
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
            this.verifier.verify(incoming, blockHash(incoming.block.header), below.tip),
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
    const known = this.recent.get(hash);
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
  private async extend(group: CommitGroup, saved: VerifiedBlock): Promise<boolean> {
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

  /** Takes a valid block and the orphans that waited for it; moves the tip when their branch wins. */
  private async accept(first: VerifiedBlock): Promise<void> {
    const saved = [first, ...(await this.saveDescendants(first))];
    const highest = saved.reduce((a, b) => (b.node.height > a.node.height ? b : a));
    await this.settle(saved, highest.node);
  }

  /** Orphans that waited for `root`, and those that waited for them. Invalid ones stay orphans. */
  private async saveDescendants(root: VerifiedBlock): Promise<VerifiedBlock[]> {
    const saved: VerifiedBlock[] = [];
    for (const { hash, block } of this.orphans.childrenOf(root.node.hash)) {
      try {
        const child = await this.verifier.verify({ block }, hash, root.node);
        saved.push(child, ...(await this.saveDescendants(child)));
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
      }
    }
    return saved;
  }

  /** Writes what was saved, together with the move of the tip when `candidate` wins. */
  private async settle(saved: readonly VerifiedBlock[], candidate: BlockNode): Promise<void> {
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
      this.recent.add(storedForm(block));
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

  private prepareAdvance(saved: readonly VerifiedBlock[], candidate: BlockNode): Promise<Advance> {
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
