/**
 * Proofs that transactions, and their statuses, are in a block.
 *
 * A proof is a walk of the tree in pre-order: one flag a node that is visited, and the hashes that cannot be
 * computed from what is proven.
 *
 * @see spec 10-ledger, section 4.3 "Merkle roots"
 */
import { equalBytes, toHex } from "./bytes.ts";
import { emptyRoot, leafHash, leftLeaves, nodeHash, statusLeaf } from "./merkle.ts";

/** A node of the walk. */
export const PROOF_FLAG = {
  /** Nothing below is proven; its hash is listed. */
  assist: 0,
  /** Something below is proven; no hash. */
  parent: 1,
  /** A proven leaf; its leaf hash is listed. */
  leaf: 2,
} as const;

/** What proves that leaves are in a tree. */
export interface MerkleProof {
  /** 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
  /** See {@link PROOF_FLAG}. */
  readonly flags: readonly number[];
}

/** A subtree with what lies below it. */
interface Node {
  readonly hash: Uint8Array;
  readonly isRelated: boolean;
  readonly left?: Node;
  readonly right?: Node;
}

/**
 * Proves that `relatedIds` are among `ids`. A related id that is not there proves nothing and makes
 * the proof fail when it is verified.
 *
 * @param ids all transaction ids of the block, in order
 */
export function createTransactionProof(
  ids: readonly Uint8Array[],
  relatedIds: readonly Uint8Array[],
): MerkleProof {
  if (ids.length === 0) return { hashes: [], flags: [] };
  const related = new Set(relatedIds.map(toHex));
  const root = buildTree(ids, (id) => related.has(toHex(id)));
  const hashes: Uint8Array[] = [];
  const flags: number[] = [];
  if (root.isRelated) walk(root, hashes, flags);
  else {
    hashes.push(root.hash);
    flags.push(PROOF_FLAG.assist);
  }
  return { hashes, flags };
}

/**
 * Hashes that prove the statuses of the transactions that a transaction proof was made for. They go with the
 * same flags.
 *
 * @param statusFail of all transactions of the block, in order
 * @param flags of the transaction proof
 */
export function createStatusProof(
  statusFail: readonly boolean[],
  flags: readonly number[],
): MerkleProof {
  const hashes: Uint8Array[] = [];
  if (statusFail.length === 0) return { hashes, flags };
  const pending: (Node | undefined)[] = [buildTree(statusFail.map(statusLeaf), () => false)];
  for (const flag of flags) {
    const node = pending.pop();
    if (node === undefined) break;
    if (flag === PROOF_FLAG.parent) pending.push(node.right, node.left);
    else hashes.push(node.hash);
  }
  return { hashes, flags };
}

/**
 * Does the proof show that the ids are in the tree with this root?
 *
 * Flags and hashes that are left over at the end are no error, as in the reference.
 *
 * @param relatedIds in the order of the block
 * @param root transaction Merkle root of the block, 32 bytes
 */
export function verifyTransactionProof(
  proof: MerkleProof,
  relatedIds: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  return verify(proof, relatedIds, root);
}

/** Does the proof show these statuses in the tree with this root? @param statusFail in the order of the block */
export function verifyStatusProof(
  proof: MerkleProof,
  statusFail: readonly boolean[],
  root: Uint8Array,
): boolean {
  return verify(proof, statusFail.map(statusLeaf), root);
}

function buildTree<T extends Uint8Array>(
  leaves: readonly T[],
  isRelated: (leaf: T) => boolean,
): Node {
  const build = (from: number, to: number): Node => {
    const leaf = leaves[from];
    if (to - from === 1 && leaf !== undefined) {
      return { hash: leafHash(leaf), isRelated: isRelated(leaf) };
    }
    const middle = from + leftLeaves(to - from);
    const left = build(from, middle);
    const right = build(middle, to);
    const hash = nodeHash(left.hash, right.hash);
    return { hash, isRelated: left.isRelated || right.isRelated, left, right };
  };
  return build(0, leaves.length);
}

/** Recursion goes no deeper than the tree. */
function walk(node: Node, hashes: Uint8Array[], flags: number[]): void {
  const { left, right } = node;
  if (!node.isRelated) {
    hashes.push(node.hash);
    flags.push(PROOF_FLAG.assist);
  } else if (left === undefined || right === undefined) {
    hashes.push(node.hash);
    flags.push(PROOF_FLAG.leaf);
  } else {
    flags.push(PROOF_FLAG.parent);
    walk(left, hashes, flags);
    walk(right, hashes, flags);
  }
}

/**
 * Walks the flags with a stack of its own: a hostile proof may be one long chain of parents, which would be too
 * deep for recursion.
 */
function verify(
  { hashes, flags }: MerkleProof,
  relatedLeaves: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  const nothing = emptyRoot();
  /** The left part of each parent that waits for its right part; undefined while it waits for the left one. */
  const waiting: (Uint8Array | undefined)[] = [];
  let nextFlag = 0;
  let nextHash = 0;
  let nextRelated = 0;
  for (;;) {
    const flag = flags[nextFlag++];
    if (flag === PROOF_FLAG.parent) {
      waiting.push(undefined);
      continue;
    }
    let hash = nothing;
    if (flag === PROOF_FLAG.assist) {
      hash = hashes[nextHash++] ?? nothing;
    } else if (flag === PROOF_FLAG.leaf) {
      const leaf = relatedLeaves[nextRelated];
      const listed = hashes[nextHash];
      if (leaf !== undefined && listed !== undefined && equalBytes(listed, leafHash(leaf))) {
        hash = listed;
        nextHash++;
        nextRelated++;
      }
    }
    while (waiting.length > 0 && waiting[waiting.length - 1] !== undefined) {
      hash = nodeHash(waiting.pop() ?? nothing, hash);
    }
    if (waiting.length === 0) {
      return nextRelated === relatedLeaves.length && equalBytes(hash, root);
    }
    waiting[waiting.length - 1] = hash;
  }
}
