import type { BlockNode } from "./block-node.ts";

/** The way from one block of a tree to another. */
export interface Route {
  /** What to leave, the highest first. */
  readonly detach: BlockNode[];
  /** What to enter, the lowest first. */
  readonly attach: BlockNode[];
}

/** The shortest way between two blocks with a common ancestor. */
export function routeBetween(from: BlockNode, to: BlockNode): Route {
  const detach: BlockNode[] = [];
  const attach: BlockNode[] = [];
  let left: BlockNode | undefined = from;
  let entered: BlockNode | undefined = to;
  while (left !== entered && left !== undefined && entered !== undefined) {
    if (left.height >= entered.height) {
      detach.push(left);
      left = left.parent;
    } else {
      attach.push(entered);
      entered = entered.parent;
    }
  }
  return { detach, attach: attach.reverse() };
}
