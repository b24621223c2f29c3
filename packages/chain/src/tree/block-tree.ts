import { idKey } from "../id-key.ts";
import type { BlockNode } from "./block-node.ts";
import { type Route, routeBetween } from "./route.ts";

/**
 * Every block that passed validation, on the best chain or not. A node is never removed.
 *
 * @see spec 10-ledger, section 10.1 "Index"
 */
export class BlockTree {
  private readonly nodes = new Map<string, BlockNode>();
  /** The node at each height of the best chain. */
  private best: BlockNode[] = [];

  get tip(): BlockNode {
    const tip = this.best.at(-1);
    if (tip === undefined) throw new RangeError("the tree has no genesis block");
    return tip;
  }

  get size(): number {
    return this.nodes.size;
  }

  get(hash: Uint8Array): BlockNode | undefined {
    return this.nodes.get(idKey(hash));
  }

  add(node: BlockNode): void {
    this.nodes.set(idKey(node.hash), node);
  }

  /** The node at a height of the best chain. */
  at(height: bigint): BlockNode | undefined {
    return this.best[Number(height)];
  }

  isOnBestChain(node: BlockNode): boolean {
    return this.at(node.height) === node;
  }

  /** The way from the tip to `target`. */
  route(target: BlockNode): Route {
    return routeBetween(this.tip, target);
  }

  /** Makes `tip` the end of the best chain. */
  setTip(tip: BlockNode): void {
    const entered: BlockNode[] = [];
    let at: BlockNode | undefined = tip;
    for (; at !== undefined && !this.isOnBestChain(at); at = at.parent) entered.push(at);
    this.best.length = at === undefined ? 0 : Number(at.height) + 1;
    this.best.push(...entered.reverse());
  }
}
