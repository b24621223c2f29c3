/**
 * A B+ tree over byte keys whose versions share structure: taking a version costs nothing, and
 * writing after it copies only the nodes on the way to what changes. Between two versions nodes
 * are changed in place, so that a store without readers pays nothing for them.
 */
import { compareBytes } from "./bytes.ts";
import type { Entry } from "./engine.ts";
import { type Bound, type Bounds, isEmptyRange } from "./range.ts";

/** Most entries of a leaf, most children of a branch. */
const MAX_WIDTH = 64;
/** A node below this is joined with a neighbor where both fit into one with room to spare. */
const MIN_WIDTH = 16;
const JOINED_WIDTH = 48;

interface Leaf {
  readonly keys: Uint8Array[];
  readonly values: Uint8Array[];
  readonly children: undefined;
  readonly epoch: number;
}

/**
 * `keys[i]` is not above any key of `children[i]` and above every key of `children[i - 1]`;
 * `keys[0]` is never looked at.
 */
interface Branch {
  readonly keys: Uint8Array[];
  readonly values: undefined;
  readonly children: TreeNode[];
  readonly epoch: number;
}

/** A node of a {@link Tree}; a root stands for a whole version. */
export type TreeNode = Leaf | Branch;

/** The writable end of the versions. */
export class Tree {
  #root: TreeNode = { keys: [], values: [], children: undefined, epoch: 0 };
  /** Nodes of this epoch belong to no version and may be changed in place. */
  #epoch = 0;

  /** The tree as it is now; later writes leave it alone. */
  version(): TreeNode {
    this.#epoch++;
    return this.#root;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return find(this.#root, key);
  }

  /** Keeps both arrays: the caller hands over copies. */
  put(key: Uint8Array, value: Uint8Array): void {
    const root = this.#writable(this.#root);
    const right = this.#put(root, key, value);
    this.#root = root;
    if (right === undefined) return;
    this.#root = {
      keys: [firstKey(root), firstKey(right)],
      values: undefined,
      children: [root, right],
      epoch: this.#epoch,
    };
  }

  delete(key: Uint8Array): void {
    if (find(this.#root, key) === undefined) return;
    const root = this.#writable(this.#root);
    this.#delete(root, key);
    this.#root = root;
    const only = root.children?.length === 1 ? root.children[0] : undefined;
    if (only !== undefined) this.#root = only;
  }

  #writable(node: TreeNode): TreeNode {
    if (node.epoch === this.#epoch) return node;
    const keys = node.keys.slice();
    return node.children === undefined
      ? { keys, values: node.values.slice(), children: undefined, epoch: this.#epoch }
      : { keys, values: undefined, children: node.children.slice(), epoch: this.#epoch };
  }

  /** @returns the new right half when the node had to be split */
  #put(node: TreeNode, key: Uint8Array, value: Uint8Array): TreeNode | undefined {
    if (node.children === undefined) {
      const at = lowerBound(node.keys, key);
      const present = node.keys[at];
      if (present !== undefined && compareBytes(present, key) === 0) {
        node.values[at] = value;
        return undefined;
      }
      node.keys.splice(at, 0, key);
      node.values.splice(at, 0, value);
      return node.keys.length > MAX_WIDTH ? this.#split(node, at) : undefined;
    }
    const at = childIndex(node.keys, key);
    const child = this.#child(node, at);
    const right = this.#put(child, key, value);
    if (right === undefined) return undefined;
    node.keys.splice(at + 1, 0, firstKey(right));
    node.children.splice(at + 1, 0, right);
    return node.keys.length > MAX_WIDTH ? this.#split(node, at + 1) : undefined;
  }

  /** Splits in the middle, or at the end where keys arrive in order: full nodes then, not half full. */
  #split(node: TreeNode, inserted: number): TreeNode {
    const length = node.keys.length;
    const at = inserted === length - 1 ? length - 1 : length >> 1;
    const keys = node.keys.splice(at);
    return node.children === undefined
      ? { keys, values: node.values.splice(at), children: undefined, epoch: this.#epoch }
      : { keys, values: undefined, children: node.children.splice(at), epoch: this.#epoch };
  }

  /** The key is there. */
  #delete(node: TreeNode, key: Uint8Array): void {
    if (node.children === undefined) {
      const at = lowerBound(node.keys, key);
      node.keys.splice(at, 1);
      node.values.splice(at, 1);
      return;
    }
    const at = childIndex(node.keys, key);
    const child = this.#child(node, at);
    this.#delete(child, key);
    if (child.keys.length === 0) {
      node.keys.splice(at, 1);
      node.children.splice(at, 1);
    } else if (child.keys.length < MIN_WIDTH) {
      if (!this.#join(node, at)) this.#join(node, at - 1);
    }
  }

  /** Moves the entries of child `at + 1` into child `at`, where both exist and fit. */
  #join(node: Branch, at: number): boolean {
    const left = node.children[at];
    const right = node.children[at + 1];
    const separator = node.keys[at + 1];
    if (left === undefined || right === undefined || separator === undefined) return false;
    if (left.keys.length + right.keys.length > JOINED_WIDTH) return false;
    const into = this.#child(node, at);
    if (into.children === undefined && right.children === undefined) {
      into.keys.push(...right.keys);
      into.values.push(...right.values);
    } else if (into.children !== undefined && right.children !== undefined) {
      into.keys.push(separator, ...right.keys.slice(1));
      into.children.push(...right.children);
    }
    node.keys.splice(at + 1, 1);
    node.children.splice(at + 1, 1);
    return true;
  }

  /** Child `at`, made writable. */
  #child(node: Branch, at: number): TreeNode {
    const child = this.#writable(childAt(node, at));
    node.children[at] = child;
    return child;
  }
}

/** The value under `key` in the version of this root. */
export function find(root: TreeNode, key: Uint8Array): Uint8Array | undefined {
  let node = root;
  while (node.children !== undefined) node = childAt(node, childIndex(node.keys, key));
  const at = lowerBound(node.keys, key);
  const present = node.keys[at];
  return present !== undefined && compareBytes(present, key) === 0 ? node.values[at] : undefined;
}

/** The entries of a range in the version of this root, the stored arrays themselves. */
export function* entries(root: TreeNode, bounds: Bounds): Generator<Entry, void, undefined> {
  if (isEmptyRange(bounds)) return;
  let left = bounds.limit;
  for (const entry of bounds.reverse ? descend(root, bounds) : ascend(root, bounds)) {
    yield entry;
    if (--left <= 0) return;
  }
}

function* ascend(node: TreeNode, bounds: Bounds): Generator<Entry, void, undefined> {
  const { lower, upper } = bounds;
  if (node.children !== undefined) {
    const from = lower === undefined ? 0 : childIndex(node.keys, lower.key);
    const to = upper === undefined ? node.keys.length - 1 : childIndex(node.keys, upper.key);
    for (let i = from; i <= to; i++) yield* ascend(childAt(node, i), bounds);
    return;
  }
  for (let i = start(node.keys, lower), to = end(node.keys, upper); i < to; i++) {
    const key = node.keys[i];
    const value = node.values[i];
    if (key !== undefined && value !== undefined) yield [key, value];
  }
}

function* descend(node: TreeNode, bounds: Bounds): Generator<Entry, void, undefined> {
  const { lower, upper } = bounds;
  if (node.children !== undefined) {
    const to = lower === undefined ? 0 : childIndex(node.keys, lower.key);
    const from = upper === undefined ? node.keys.length - 1 : childIndex(node.keys, upper.key);
    for (let i = from; i >= to; i--) yield* descend(childAt(node, i), bounds);
    return;
  }
  for (let i = end(node.keys, upper) - 1, to = start(node.keys, lower); i >= to; i--) {
    const key = node.keys[i];
    const value = node.values[i];
    if (key !== undefined && value !== undefined) yield [key, value];
  }
}

function start(keys: readonly Uint8Array[], lower: Bound | undefined): number {
  if (lower === undefined) return 0;
  return lower.inclusive ? lowerBound(keys, lower.key) : upperBound(keys, lower.key);
}

function end(keys: readonly Uint8Array[], upper: Bound | undefined): number {
  if (upper === undefined) return keys.length;
  return upper.inclusive ? upperBound(keys, upper.key) : lowerBound(keys, upper.key);
}

/** Index of the first key that is not below `key`. */
function lowerBound(keys: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(keys[middle] ?? key, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first key that is above `key`. */
function upperBound(keys: readonly Uint8Array[], key: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareBytes(keys[middle] ?? key, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the child under which `key` belongs. */
function childIndex(keys: readonly Uint8Array[], key: Uint8Array): number {
  return Math.max(0, upperBound(keys, key) - 1);
}

function childAt(node: Branch, at: number): TreeNode {
  const child = node.children[at];
  if (child === undefined) throw new RangeError(`a branch has no child ${at}`);
  return child;
}

function firstKey(node: TreeNode): Uint8Array {
  const key = node.keys[0];
  if (key === undefined) throw new RangeError("a split never leaves an empty node");
  return key;
}
