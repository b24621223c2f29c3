import type { Dialect } from "@bystack/butxo";
import type { BlockNode } from "./block-node.ts";
import { HashIndex } from "./hash-index.ts";
import { NO_PARENT, NodeRecords } from "./node-records.ts";
import { type Route, routeBetween } from "./route.ts";
import { TreeNode } from "./tree-node.ts";

/** Nodes that are kept as objects after their last use: those that the rules ask for again and again. */
const WARM_NODES = 256;

/**
 * Every block that passed validation, on the best chain or not. None is ever removed. Takes about
 * 160 bytes for a block; nodes are objects only while somebody holds them.
 *
 * @see spec 10-ledger, section 10.1 "Index"
 */
export class BlockTree {
  private readonly records = new NodeRecords();
  private readonly byHash = new HashIndex(this.records);
  /** The record at each height of the best chain. */
  private readonly best: number[] = [];
  /** The one object of each node that anybody holds. */
  private readonly held = new Map<number, WeakRef<TreeNode>>();
  private readonly released = new FinalizationRegistry((index: number) => {
    if (this.held.get(index)?.deref() === undefined) this.held.delete(index);
  });
  private readonly warm: TreeNode[] = [];
  private nextWarm = 0;

  get tip(): BlockNode {
    const tip = this.best.at(-1);
    if (tip === undefined) throw new RangeError("the tree has no genesis block");
    return this.node(tip);
  }

  get size(): number {
    return this.records.count;
  }

  get(hash: Uint8Array): BlockNode | undefined {
    const index = this.byHash.find(hash);
    return index === undefined ? undefined : this.node(index);
  }

  has(hash: Uint8Array): boolean {
    return this.byHash.find(hash) !== undefined;
  }

  /**
   * Takes over a block.
   *
   * @returns the tree's own node of it
   * @throws RangeError when its parent is not in the tree
   */
  add({ hash, header, parent, weight }: BlockNode): BlockNode {
    const known = this.byHash.find(hash);
    if (known !== undefined) return this.node(known);
    const below = parent === undefined ? NO_PARENT : this.byHash.find(parent.hash);
    if (below === undefined) throw new RangeError("the parent is not in the tree");
    const index = this.records.add(header, { hash, parent: below, weight });
    this.byHash.add(index);
    return this.node(index);
  }

  /** The node at a height of the best chain. */
  at(height: bigint): BlockNode | undefined {
    const index = this.best[Number(height)];
    return index === undefined ? undefined : this.node(index);
  }

  isOnBestChain({ hash, height }: BlockNode): boolean {
    const index = this.best[Number(height)];
    return index !== undefined && this.records.hasHash(index, hash);
  }

  /** The way from the tip to `target`, a node of this tree. */
  route(target: BlockNode): Route {
    return routeBetween(this.tip, target);
  }

  /** Makes a block of the tree the end of the best chain. */
  setTip({ hash }: BlockNode): void {
    const entered: number[] = [];
    let at = this.byHash.find(hash) ?? NO_PARENT;
    for (; at !== NO_PARENT && !this.isBest(at); at = this.records.parent(at)) entered.push(at);
    this.best.length = at === NO_PARENT ? 0 : this.records.height(at) + 1;
    for (const index of entered.reverse()) this.best.push(index);
  }

  /** Numbers of the records that are not on the best chain. */
  sides(): number[] {
    const sides: number[] = [];
    for (let index = 0; index < this.records.count; index++)
      if (!this.isBest(index)) sides.push(index);
    return sides;
  }

  /**
   * Numbers of the records between two heights of the best chain, both included: for each height one
   * list, by ascending hash.
   *
   * @param sides what {@link sides} gave
   */
  levels(from: number, through: number, sides: readonly number[]): number[][] {
    const levels = this.best.slice(Math.max(0, from), through + 1).map((index) => [index]);
    if (from < 0) levels.unshift([]);
    for (const index of sides) {
      const height = this.records.height(index);
      if (height >= from && height <= through) levels[height - from]?.push(index);
    }
    for (const level of levels)
      if (level.length > 1) level.sort((a, b) => this.records.compareHashes(a, b));
    return levels;
  }

  /** @returns undefined when the record does not say everything */
  exportRecord(index: number, parentRank: number): Uint8Array | undefined {
    return this.records.export(index, parentRank);
  }

  /** @internal takes over what `exportRecord` gave; the caller vouches for it */
  importRecord(record: Uint8Array, parent: number, dialect: Dialect): number {
    const index = this.records.import(record, parent, dialect);
    this.byHash.add(index);
    return index;
  }

  /** Number of the first of the last records, as far as they are of that height. */
  firstOfLast(height: number): number {
    let first = this.records.count;
    while (first > 0 && this.records.height(first - 1) === height) first--;
    return first;
  }

  /** Number of the parent's record. */
  parentIndex(index: number): number {
    return this.records.parent(index);
  }

  /** @internal of a node of this tree */
  parentOf({ index }: TreeNode): TreeNode | undefined {
    const parent = this.records.parent(index);
    return parent === NO_PARENT ? undefined : this.node(parent);
  }

  /** @internal of a node of this tree; itself at its own height */
  ancestorOf(node: TreeNode, height: bigint): TreeNode | undefined {
    if (height > node.height || height < 0n) return undefined;
    const wanted = Number(height);
    let at = node.index;
    while (at !== NO_PARENT && this.records.height(at) !== wanted)
      at = (this.isBest(at) ? this.best[wanted] : undefined) ?? this.records.parent(at);
    return at === NO_PARENT ? undefined : this.node(at);
  }

  private isBest(index: number): boolean {
    return this.best[this.records.height(index)] === index;
  }

  private node(index: number): TreeNode {
    const known = this.held.get(index)?.deref();
    if (known !== undefined) return known;
    const node = new TreeNode(this, this.records, index);
    this.held.set(index, new WeakRef(node));
    this.released.register(node, index);
    this.warm[this.nextWarm] = node;
    this.nextWarm = (this.nextWarm + 1) % WARM_NODES;
    return node;
  }
}
