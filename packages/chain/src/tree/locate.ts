import type { BlockNode } from "./block-node.ts";
import type { BlockTree } from "./block-tree.ts";

/** Headers that one request gets, at most. */
const MAX_HEADERS = 2048n;
/** Entries of a locator before its steps begin to double. */
const DENSE_ENTRIES = 9;

/**
 * Hashes of the best chain from the tip down to the genesis block: the last ten one by one, then in
 * doubling steps. Whoever has another branch finds in it the highest block that both have.
 *
 * @see spec 70-p2p, section 9.4 "Block locator"
 */
export function blockLocator(tree: BlockTree): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  let step = 1n;
  for (let at: BlockNode | undefined = tree.tip; at !== undefined; ) {
    hashes.push(at.hash);
    if (at.height === 0n) break;
    const next: bigint = at.height < step ? 0n : at.height - step;
    if (hashes.length >= DENSE_ENTRIES) step *= 2n;
    at = tree.at(next);
  }
  return hashes;
}

/**
 * The headers of the best chain that follow what a locator names, up to a block.
 *
 * @returns at most 2,048, the lowest first; none when `stop` is unknown or not above
 * @see spec 70-p2p, section 9.3 "Locating headers"
 */
export function locateHeaders(
  tree: BlockTree,
  locator: readonly Uint8Array[],
  stop: Uint8Array,
): BlockNode[] {
  const last = tree.get(stop);
  if (last === undefined) return [];
  const known = locator.map((hash) => tree.get(hash));
  const start = known.find((node) => node !== undefined && tree.isOnBestChain(node));
  const from = start?.height ?? 0n;
  // Unsigned, so that a stop below the start asks for more than there usually is.
  const wanted = BigInt.asUintN(64, last.height - from);
  const total = wanted > MAX_HEADERS ? MAX_HEADERS : wanted;
  if (from + total > tree.tip.height) return [];
  return Array.from({ length: Number(total) }, (_, i) => tree.at(from + 1n + BigInt(i))).filter(
    (node) => node !== undefined,
  );
}
