import { ChainError } from "../error.ts";
import { type MempoolEntry, paysLess, sizeOf, spentOutputs } from "./entry.ts";
import type { ConflictPolicy, FullPolicy, MempoolLimits } from "./policy.ts";
import type { PoolIndex } from "./pool-index.ts";

/** Transactions that a replacement may drive out at most, what builds on them included. */
const MAX_REPLACED = 100;

/**
 * What must leave the pool because it spends the same outputs as a newcomer.
 *
 * @throws {@link ChainError} `conflicts-with-the-pool` | `insufficient-replacement-fee`: it stays, and
 *   the newcomer is refused
 */
export function findReplaced(
  index: PoolIndex,
  entry: MempoolEntry,
  policy: ConflictPolicy,
): Set<MempoolEntry> {
  if (policy === "accept") return new Set();
  const conflicts = index.spendersOf(spentOutputs(entry));
  if (conflicts.size === 0) return conflicts;
  const transactionId = entry.mapped.id;
  if (policy === "first-seen") throw new ChainError("conflicts-with-the-pool", { transactionId });
  const replaced = index.withDescendants(conflicts);
  const fees = [...replaced].reduce((sum, { fee }) => sum + fee, 0n);
  const buildsOnReplaced = entry.mapped.spentOutputIds.some((id) => {
    const creator = index.creatorOf(id);
    return creator !== undefined && replaced.has(creator);
  });
  if (buildsOnReplaced || replaced.size > MAX_REPLACED)
    throw new ChainError("conflicts-with-the-pool", { transactionId });
  if (entry.fee <= fees || [...conflicts].some((old) => !paysLess(old, entry)))
    throw new ChainError("insufficient-replacement-fee", {
      transactionId,
      detail: `it pays ${entry.fee} neu; what it would replace pays ${fees}`,
    });
  return replaced;
}

/**
 * What must leave the pool to make room for a newcomer.
 *
 * @param leaving what leaves anyway
 * @throws {@link ChainError} `transaction-pool-reach-the-max-number`: nothing that may go pays less
 */
export function findEvicted(
  index: PoolIndex,
  entry: MempoolEntry,
  leaving: ReadonlySet<MempoolEntry>,
  limits: MempoolLimits & { readonly whenFull: FullPolicy },
): Set<MempoolEntry> {
  const evicted = new Set<MempoolEntry>();
  let count = index.size - leaving.size + 1;
  let bytes = index.bytes + sizeOf(entry);
  for (const old of leaving) bytes -= sizeOf(old);
  const fits = () => count <= limits.transactions && bytes <= limits.bytes;
  if (fits()) return evicted;
  const needed = ancestorsOf(index, entry);
  for (const candidate of limits.whenFull === "evict" ? cheapestFirst(index) : []) {
    if (fits() || !paysLess(candidate, entry)) break;
    if (needed.has(candidate)) continue;
    for (const old of index.withDescendants([candidate])) {
      if (evicted.has(old) || leaving.has(old)) continue;
      evicted.add(old);
      count--;
      bytes -= sizeOf(old);
    }
  }
  if (fits()) return evicted;
  throw new ChainError("transaction-pool-reach-the-max-number", {
    transactionId: entry.mapped.id,
  });
}

function cheapestFirst(index: PoolIndex): MempoolEntry[] {
  return index.entries().sort((a, b) => (paysLess(a, b) ? -1 : paysLess(b, a) ? 1 : 0));
}

/** A transaction and those of the pool that it builds on. */
function ancestorsOf(index: PoolIndex, entry: MempoolEntry): Set<MempoolEntry> {
  const found = new Set([entry]);
  // A set goes on with what is added while it is walked.
  for (const { mapped } of found)
    for (const id of mapped.spentOutputIds) {
      const creator = index.creatorOf(id);
      if (creator !== undefined) found.add(creator);
    }
  return found;
}
