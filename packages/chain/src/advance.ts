import { type GasRules, mapTransaction } from "@bystack/butxo";
import { outputChanges } from "./state/output-changes.ts";
import { type JudgedTransaction, UtxoView } from "./state/utxo-view.ts";
import type { Advance, ChainStore, StoredBlock } from "./store/chain-store.ts";
import type { BlockNode } from "./tree/block-node.ts";
import { routeBetween } from "./tree/route.ts";

/** Where outputs are read. */
export type OutputSource = Pick<ChainStore, "outputs">;

/** What {@link prepareAdvance} works with. */
export interface AdvanceParts {
  readonly store: OutputSource;
  readonly params: Pick<GasRules, "coinbaseMaturity">;
  transactionsOf(node: BlockNode): Promise<readonly JudgedTransaction[]>;
}

/**
 * What a move of the tip changes: all that leads down to the fork is reverted, then all that leads up
 * to the new tip applied, in one view.
 *
 * @throws ChainError a UTXO code: the branch does not fit the outputs below it
 * @see spec 10-ledger, section 10.2, "reorganize"
 */
export async function prepareAdvance(
  from: BlockNode,
  to: BlockNode,
  { store, params, transactionsOf }: AdvanceParts,
): Promise<Advance> {
  const { detach, attach } = routeBetween(from, to);
  const view = new UtxoView(params);
  for (const node of detach) {
    const transactions = await transactionsOf(node);
    await loadOutputs(view, transactions, store);
    view.revertBlock(transactions);
  }
  for (const node of attach) {
    const transactions = await transactionsOf(node);
    await loadOutputs(view, transactions, store);
    view.applyBlock(node.height, transactions);
  }
  return { from, to, outputs: view.operations() };
}

/** Loads what transactions spend and the view does not hold yet. */
export async function loadOutputs(
  view: UtxoView,
  transactions: readonly Pick<JudgedTransaction, "changes">[],
  source: OutputSource,
): Promise<void> {
  const ids = view.missing(transactions);
  if (ids.length === 0) return;
  const entries = await source.outputs(ids);
  for (const [i, id] of ids.entries()) {
    const entry = entries[i];
    if (entry !== undefined) view.load(id, entry);
  }
}

/** The transactions of a stored block with their statuses. */
export function judgedTransactions({ block, statusFailed }: StoredBlock): JudgedTransaction[] {
  return block.transactions.map((transaction, i) => ({
    changes: outputChanges(mapTransaction(transaction)),
    statusFailed: statusFailed[i] ?? false,
  }));
}
