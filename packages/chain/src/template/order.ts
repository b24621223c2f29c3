import { type MempoolEntry, paysLess } from "../mempool/entry.ts";

/** In which order transactions are tried for a block. */
export type TemplateOrder = "arrival" | "fee-rate";

/**
 * What pays most for a byte first, but each after the transactions of the pool that it builds on.
 *
 * @param creatorOf the transaction of the pool that makes an output
 */
export function orderByFeeRate(
  entries: readonly MempoolEntry[],
  creatorOf: (outputId: Uint8Array) => MempoolEntry | undefined,
): MempoolEntry[] {
  const ordered = new Set<MempoolEntry>();
  const byRate = entries.toSorted((a, b) => (paysLess(b, a) ? -1 : paysLess(a, b) ? 1 : 0));
  for (const entry of byRate) {
    const path = [entry];
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const parent = at.mapped.spentOutputIds
        .map(creatorOf)
        .find((creator) => creator !== undefined && !ordered.has(creator));
      if (parent !== undefined && !path.includes(parent)) {
        path.push(parent);
        continue;
      }
      ordered.add(at);
      path.pop();
    }
  }
  return [...ordered];
}
