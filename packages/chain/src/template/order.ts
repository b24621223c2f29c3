import { type MempoolEntry, paysLess } from "../mempool/entry.ts";

/** In which order transactions are tried for a block. */
export type TemplateOrder = "arrival" | "fee-rate";

/** A transaction on the way down to what it builds on, and which of its inputs are to be looked at. */
interface Visit {
  readonly entry: MempoolEntry;
  readonly unseen: Iterator<Uint8Array>;
}

/**
 * What pays most for a byte first, but each after the transactions of the pool that it builds on.
 *
 * @param creatorOf the transaction of the pool that makes an output
 */
export function orderByFeeRate(
  entries: readonly MempoolEntry[],
  creatorOf: (outputId: Uint8Array) => MempoolEntry | undefined,
): MempoolEntry[] {
  const ordered: MempoolEntry[] = [];
  const entered = new Set<MempoolEntry>();
  const enter = (entry: MempoolEntry): Visit[] => {
    if (entered.has(entry)) return [];
    entered.add(entry);
    return [{ entry, unseen: entry.mapped.spentOutputIds.values() }];
  };
  const byRate = entries.toSorted((a, b) => (paysLess(b, a) ? -1 : paysLess(a, b) ? 1 : 0));
  for (const dearest of byRate) {
    const path = enter(dearest);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const next = at.unseen.next();
      if (next.done) {
        ordered.push(at.entry);
        path.pop();
        continue;
      }
      const parent = creatorOf(next.value);
      if (parent !== undefined) path.push(...enter(parent));
    }
  }
  return ordered;
}
