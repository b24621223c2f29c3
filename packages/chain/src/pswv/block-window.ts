import { type Block, blockHash, type Dialect, idKey, mapTransaction } from "@bystack/butxo";
import type { IncomingBlock } from "../block-verifier.ts";
import type { ConsensusEngine, HeaderCandidate } from "../engine.ts";
import { ChainError } from "../error.ts";
import { bytesOf, isUndecoded, RawBlock } from "../raw-block.ts";
import { type BlockNode, createNode } from "../tree/block-node.ts";
import type { BlockTree } from "../tree/block-tree.ts";
import type { TrustedHeaders } from "../trusted-headers.ts";
import type { TransactionJudge } from "./judge.ts";

/** What a {@link BlockWindow} works with. */
export interface WindowParts {
  readonly params: { readonly dialect: Dialect };
  readonly engine: ConsensusEngine;
  readonly tree: BlockTree;
  readonly judge: TransactionJudge | undefined;
  readonly trusted: TrustedHeaders;
}

/** A node whose parent is replaced once the tree has it. */
interface WindowNode extends BlockNode {
  parent: BlockNode | undefined;
}

/**
 * The next blocks of an import, first in first out. A seal needs nothing but the headers below it,
 * and a transaction's scripts nothing but its bytes, so the expensive parts of many blocks run at
 * once, while the blocks themselves are processed one after the other.
 *
 * @see spec 94-parallel-validation, section 2 "Window"
 */
export class BlockWindow {
  private readonly parts: WindowParts;
  private readonly waiting: IncomingBlock[] = [];
  /** The nodes that the window's blocks will have if they turn out to be valid. */
  private readonly nodes = new Map<string, WindowNode>();
  private readonly signal = { aborted: false };
  private heldBytes = 0;
  private heldTransactions = 0;

  constructor(parts: WindowParts) {
    this.parts = parts;
  }

  /** Blocks that wait. */
  get size(): number {
    return this.waiting.length;
  }

  /** Serialized size of the transactions that wait. */
  get bytes(): number {
    return this.heldBytes;
  }

  get transactions(): number {
    return this.heldTransactions;
  }

  /**
   * Takes a block in and begins the work on it.
   *
   * @param nowMs the chain's clock
   * @throws ButxoError bytes that are found to be no block at once; the workers find it later
   */
  push(incoming: Block | Uint8Array, nowMs: number): void {
    const block =
      incoming instanceof Uint8Array ? new RawBlock(incoming, this.parts.params.dialect) : incoming;
    const work = this.begin(block, nowMs);
    // Nobody else will decode it.
    if (work.judgments === undefined && isUndecoded(block)) block.transactions;
    this.heldBytes += bytesOf(block);
    this.heldTransactions += transactionsOf(block);
    this.waiting.push({ block, ...work });
  }

  /** Takes the next blocks, at most `count`. Their children still find them until `release`. */
  take(count: number): IncomingBlock[] {
    const taken = this.waiting.splice(0, count);
    for (const { block } of taken) {
      this.heldBytes -= bytesOf(block);
      this.heldTransactions -= transactionsOf(block);
    }
    return taken;
  }

  /** The blocks have been processed: the tree has them, or nobody will. */
  release(blocks: readonly IncomingBlock[]): void {
    const { tree } = this.parts;
    for (const { block } of blocks) this.nodes.delete(idKey(blockHash(block.header)));
    // On the tree's own nodes from here on: else each node would hold all those before it.
    for (const node of this.nodes.values())
      if (node.parent !== undefined) node.parent = tree.get(node.parent.hash) ?? node.parent;
  }

  /** Nobody will take what is left: work that has not begun never will. */
  discard(): void {
    this.signal.aborted = true;
  }

  /** Begins the work on a block, unless it is known, without a parent here, or refused anyway. */
  private begin(block: Block, nowMs: number): Omit<IncomingBlock, "block"> {
    const { engine, tree, judge, trusted } = this.parts;
    const { header } = block;
    const hash = blockHash(header);
    const { previousBlockHash } = header;
    const parent = this.nodes.get(idKey(previousBlockHash)) ?? tree.get(previousBlockHash);
    if (parent === undefined || tree.has(hash)) return {};
    const candidate = { header, hash, parent };
    if (!this.passesHeaderRules(candidate, nowMs)) return {};
    this.nodes.set(idKey(hash), { ...createNode(candidate, engine.weight(header)) });
    const waiver = trusted.of(hash);
    const seal = waiver === "seal" ? undefined : engine.verifySeal(candidate);
    // Whoever takes the block awaits the seal; until then a rejection must not count as unhandled.
    seal?.catch(() => {});
    if (judge !== undefined && waiver !== "scripts")
      return { seal, judgments: judge.judge(block, this.signal) };
    return { seal, mapped: block.transactions.map(mapTransaction) };
  }

  /** The chain repeats these and reports them; here they only keep junk from costing work. */
  private passesHeaderRules(candidate: HeaderCandidate, nowMs: number): boolean {
    try {
      this.parts.engine.verifyHeader(candidate, nowMs);
      return true;
    } catch (error) {
      if (error instanceof ChainError) return false;
      throw error;
    }
  }
}

/** Bytes of a transaction, about: how many there are in bytes is not known before they are decoded. */
const TYPICAL_BYTES = 300;

/** Transactions of a block; about, when it came as bytes, and the same at every call. */
function transactionsOf(block: Block): number {
  if (block instanceof RawBlock) return Math.ceil(block.bytes.length / TYPICAL_BYTES);
  return block.transactions.length;
}
