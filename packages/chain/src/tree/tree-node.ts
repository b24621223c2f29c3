import type { BlockHeader } from "@bystack/butxo";
import type { BlockNode } from "./block-node.ts";
import type { BlockTree } from "./block-tree.ts";
import type { NodeRecords } from "./node-records.ts";

/** A node of a {@link BlockTree}: a view of its record, made when somebody asks for it. */
export class TreeNode implements BlockNode {
  readonly hash: Uint8Array;
  readonly height: bigint;
  readonly weight: bigint;
  /** Of its record. */
  readonly index: number;
  readonly #tree: BlockTree;
  readonly #records: NodeRecords;
  #header: BlockHeader | undefined;

  constructor(tree: BlockTree, records: NodeRecords, index: number) {
    this.hash = records.hash(index);
    this.height = BigInt(records.height(index));
    this.weight = records.weight(index);
    this.index = index;
    this.#tree = tree;
    this.#records = records;
  }

  get header(): BlockHeader {
    this.#header ??= this.#records.header(this.index);
    return this.#header;
  }

  /** Looked up each time: a node must not keep all those below it in memory. */
  get parent(): TreeNode | undefined {
    return this.#tree.parentOf(this);
  }

  /** @returns undefined when the branch does not reach that height */
  ancestorAt(height: bigint): TreeNode | undefined {
    return this.#tree.ancestorOf(this, height);
  }
}
