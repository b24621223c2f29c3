import type { BlockHeader } from "@bystack/butxo";

/**
 * A block that passed validation, in its place in the tree. As long as anybody holds the node of a
 * block, the chain gives that very object for it.
 */
export interface BlockNode {
  readonly hash: Uint8Array;
  readonly height: bigint;
  readonly header: BlockHeader;
  /** Missing for the genesis block only. */
  readonly parent: BlockNode | undefined;
  /** The engine's measure of the branch up to here; for proof of work the sum of work. */
  readonly weight: bigint;
}

/**
 * @param parent the block that the header names as its parent
 * @param weight what the header adds to its branch
 */
export function createNode(
  { header, hash, parent }: Pick<BlockNode, "header" | "hash" | "parent">,
  weight: bigint,
): BlockNode {
  return { hash, height: header.height, header, parent, weight: (parent?.weight ?? 0n) + weight };
}
