import type { BlockHeader } from "@bystack/butxo";

/** A block that passed validation, in its place in the tree. */
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
  return {
    hash,
    height: header.height,
    // Headers stay in memory: the same hash is not kept in two places.
    header: parent === undefined ? header : { ...header, previousBlockHash: parent.hash },
    parent,
    weight: (parent?.weight ?? 0n) + weight,
  };
}

/** The node and its ancestors, downwards, the genesis block last. */
export function* ancestry(node: BlockNode): Generator<BlockNode, void, undefined> {
  for (let at: BlockNode | undefined = node; at !== undefined; at = at.parent) yield at;
}

/**
 * The ancestor at a height, or the node itself.
 *
 * @throws RangeError when the height is above the node or the branch does not reach down to it
 */
export function ancestorAt(node: BlockNode, height: bigint): BlockNode {
  for (const at of ancestry(node)) if (at.height === height) return at;
  throw new RangeError(`no ancestor at height ${height}`);
}
