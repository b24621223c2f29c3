import { type Block, blockHash } from "@bystack/butxo";
import type { ConsensusEngine, HeaderCandidate } from "./engine.ts";
import { ChainError } from "./error.ts";
import { idKey } from "./id-key.ts";
import { type BlockNode, createNode } from "./tree/block-node.ts";
import type { BlockTree } from "./tree/block-tree.ts";

/** A block whose seal is being verified while it waits for its turn. */
export interface WaitingBlock {
  readonly block: Block;
  /** Undefined when there is nothing to verify ahead: known, without parent, or refused anyway. */
  readonly seal: Promise<void> | undefined;
}

/**
 * The next blocks of an import, first in first out. A seal needs nothing but the headers below it,
 * so the expensive part of many blocks runs at once, in whatever pool the engine has.
 */
export class SealWindow {
  private readonly engine: ConsensusEngine;
  private readonly tree: BlockTree;
  private readonly waiting: WaitingBlock[] = [];
  /** The nodes that the window's blocks will have if they turn out to be valid. */
  private readonly nodes = new Map<string, BlockNode>();

  constructor(engine: ConsensusEngine, tree: BlockTree) {
    this.engine = engine;
    this.tree = tree;
  }

  get size(): number {
    return this.waiting.length;
  }

  /** @param nowMs the chain's clock */
  push(block: Block, nowMs: number): void {
    this.waiting.push({ block, seal: this.startSeal(block, nowMs) });
  }

  /** Takes the next blocks, at most `count`. Their children still find them until `release`. */
  take(count: number): WaitingBlock[] {
    return this.waiting.splice(0, count);
  }

  /** The blocks have been processed: the tree has them, or nobody will. */
  release(blocks: readonly WaitingBlock[]): void {
    for (const { block } of blocks) this.nodes.delete(idKey(blockHash(block.header)));
  }

  private startSeal({ header }: Block, nowMs: number): Promise<void> | undefined {
    const hash = blockHash(header);
    const { previousBlockHash } = header;
    const parent = this.nodes.get(idKey(previousBlockHash)) ?? this.tree.get(previousBlockHash);
    if (parent === undefined || this.tree.get(hash) !== undefined) return undefined;
    const candidate = { header, hash, parent };
    if (!this.passesHeaderRules(candidate, nowMs)) return undefined;
    this.nodes.set(idKey(hash), createNode(candidate, this.engine.weight(header)));
    const seal = this.engine.verifySeal(candidate);
    // Whoever takes the block awaits the seal; until then a rejection must not count as unhandled.
    seal.catch(() => {});
    return seal;
  }

  /** The chain repeats these and reports them; here they only keep junk from costing work. */
  private passesHeaderRules(candidate: HeaderCandidate, nowMs: number): boolean {
    try {
      this.engine.verifyHeader(candidate, nowMs);
      return true;
    } catch (error) {
      if (error instanceof ChainError) return false;
      throw error;
    }
  }
}
