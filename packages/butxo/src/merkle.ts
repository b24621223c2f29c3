/**
 * Merkle roots over transaction ids and transaction statuses.
 *
 * @see spec 10-ledger, section 4.3 "Merkle roots"
 */
import { sha3, sha3Concat } from "@bystack/crypto";
import { EMPTY } from "./bytes.ts";

const LEAF: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x00);
const NODE: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x01);

/** SHA3 of nothing: the root of an empty tree. */
export function emptyRoot(): Uint8Array {
  return sha3(EMPTY);
}

/** The hash of a leaf. */
export function leafHash(data: Uint8Array): Uint8Array {
  return sha3Concat(LEAF, data);
}

/** The hash of an inner node. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha3Concat(NODE, left, right);
}

/** How many of `count` > 1 leaves the left part has: the largest power of two below it. */
export function leftLeaves(count: number): number {
  return 2 ** (31 - Math.clz32(count - 1));
}

/** The Merkle root of transaction ids, 32 bytes. */
export function transactionMerkleRoot(ids: readonly Uint8Array[]): Uint8Array {
  return merkleRoot(ids);
}

/** The Merkle root of transaction statuses, 32 bytes. @param statusFail did each transaction fail? */
export function statusMerkleRoot(statusFail: readonly boolean[]): Uint8Array {
  return merkleRoot(statusFail.map(statusLeaf));
}

/** What a transaction's status contributes to the tree: its JSON text. */
export function statusLeaf(statusFail: boolean): Uint8Array {
  const text = statusFail ? '{"status_fail":true}' : "{}";
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array {
  return leaves.length === 0 ? emptyRoot() : rootOf(leaves, 0, leaves.length);
}

/** Recursion goes no deeper than the logarithm of the number of leaves. */
function rootOf(leaves: readonly Uint8Array[], from: number, to: number): Uint8Array {
  if (to - from === 1) return leafHash(leaves[from] ?? EMPTY);
  const middle = from + leftLeaves(to - from);
  return nodeHash(rootOf(leaves, from, middle), rootOf(leaves, middle, to));
}
