/** A transaction as the window sees it: which outputs it spends and which it makes. */
export interface WindowTransaction {
  readonly id: string;
  /** In input order, each once. */
  readonly spends: readonly string[];
  readonly creates: readonly string[];
}

/** A block of the window. */
export interface WindowBlock {
  readonly height: bigint;
  readonly transactions: readonly WindowTransaction[];
}

/** The first spend of a window that cannot be. */
export interface WindowFailure {
  readonly height: bigint;
  readonly transaction: string;
  readonly output: string;
  /** `double-spend`: an earlier transaction of the window has it; `missing`: there is no such output. */
  readonly reason: "double-spend" | "missing";
}

/** What becomes of a window if every script in it is good. */
export interface WindowResolution {
  /** Who builds on whom, a pair for each spent output, up to the failure. */
  readonly edges: readonly (readonly [creator: string, spender: string])[];
  readonly failure: WindowFailure | undefined;
  /** The blocks before the failing one. */
  readonly good: readonly WindowBlock[];
  /** What is unspent after the good blocks, of what was asked for or made. */
  readonly unspent: ReadonlySet<string>;
}

/**
 * What a window needs from the database: every output that is spent and that no earlier transaction
 * of the window makes, each once. The scripts of a window need no more, because outputs made inside
 * it are known by their bytes.
 *
 * @see spec 94-parallel-validation, section 2.1, stage S3
 */
export function prefetchList(
  transactions: Iterable<Pick<WindowTransaction, "spends" | "creates">>,
): Set<string> {
  const created = new Set<string>();
  const wanted = new Set<string>();
  for (const { spends, creates } of transactions) {
    for (const id of spends) if (!created.has(id)) wanted.add(id);
    for (const id of creates) created.add(id);
  }
  return wanted;
}

/**
 * Walks a window in order and says who depends on whom and which spend fails first. Nothing but the
 * order decides: it is what serial validation finds, without the rules for single outputs.
 *
 * @param isUnspent what the database says of the outputs of {@link prefetchList}
 * @see spec 94-parallel-validation, section 2.1, stage S4
 */
export function resolveWindow(
  blocks: readonly WindowBlock[],
  isUnspent: (output: string) => boolean,
): WindowResolution {
  const creators = new Map<string, string>();
  const spent = new Set<string>();
  const edges: (readonly [string, string])[] = [];
  const good: WindowBlock[] = [];
  let unspent = new Set<string>();
  for (const id of prefetchList(blocks.flatMap(({ transactions }) => transactions)))
    if (isUnspent(id)) unspent.add(id);
  for (const block of blocks) {
    const layer = new Set(unspent);
    for (const { id, spends, creates } of block.transactions) {
      for (const output of spends) {
        if (!layer.delete(output)) {
          const reason = spent.has(output) ? "double-spend" : "missing";
          const failure = { height: block.height, transaction: id, output, reason } as const;
          return { edges, failure, good, unspent };
        }
        const creator = creators.get(output);
        if (creator !== undefined) edges.push([creator, id]);
        spent.add(output);
      }
      for (const output of creates) {
        creators.set(output, id);
        layer.add(output);
      }
    }
    unspent = layer;
    good.push(block);
  }
  return { edges, failure: undefined, good, unspent };
}
