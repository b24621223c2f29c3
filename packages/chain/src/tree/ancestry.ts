import type { BlockNode } from "./block-node.ts";
import { TreeNode } from "./tree-node.ts";

/** The node and its ancestors, downwards, the genesis block last. */
export function* ancestry(node: BlockNode): Generator<BlockNode, void, undefined> {
  for (let at: BlockNode | undefined = node; at !== undefined; at = at.parent) yield at;
}

/**
 * The ancestor at a height, or the node itself. On the best chain it costs the same at any depth.
 *
 * @throws RangeError when the height is above the node or the branch does not reach down to it
 */
export function ancestorAt(node: BlockNode, height: bigint): BlockNode {
  for (const at of ancestry(node)) {
    if (at.height === height) return at;
    if (!(at instanceof TreeNode)) continue;
    const found = at.ancestorAt(height);
    if (found === undefined) break;
    return found;
  }
  throw new RangeError(`no ancestor at height ${height}`);
}
