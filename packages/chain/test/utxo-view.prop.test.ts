import { mapTransaction } from "@bystack/butxo";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JudgedTransaction, outputChanges, UtxoView } from "../src/index.ts";
import {
  type Branch,
  extend,
  extendMany,
  firstCoin,
  genesisBranch,
  last,
  params,
  split,
} from "./kit.ts";
import { randomTransactions } from "./random-transactions.ts";

const base = extendMany(genesisBranch(), 6);

function judged({ block }: Branch, statusFailed: readonly boolean[] = []): JudgedTransaction[] {
  return block.transactions.map((transaction, i) => ({
    changes: outputChanges(mapTransaction(transaction)),
    statusFailed: statusFailed[i] ?? false,
  }));
}

function viewOf(branches: readonly Branch[]): UtxoView {
  const view = new UtxoView(params);
  for (const branch of branches) view.applyBlock(branch.node.height, judged(branch));
  return view;
}

/** What a store would hold after the view was written; heights of other than coinbases do not count. */
function rowsOf(view: UtxoView): unknown {
  return view
    .operations()
    .map((operation) => JSON.stringify([...operation.key, operation.type]))
    .sort();
}

describe("UtxoView", () => {
  it("is as before after a block was applied and reverted", () => {
    fc.assert(
      fc.property(fc.nat(5), fc.nat(1_000), (busy, pick) => {
        const tip = last(base);
        const next = extend(tip, randomTransactions(tip, busy, pick));
        const untouched = viewOf(base);
        const view = viewOf(base);
        view.applyBlock(next.node.height, judged(next));
        view.revertBlock(judged(next));
        for (const { changes } of judged(next)) {
          for (const { id } of changes.spends) {
            const before = untouched.get(id);
            if (before?.isCoinbase) expect(view.get(id)).toEqual(before);
            else if (before !== undefined) expect(view.get(id)?.isSpent).toBe(before.isSpent);
          }
          for (const { id } of changes.results) expect(view.get(id)?.isSpent ?? true).toBe(true);
        }
        const reapplied = viewOf(base);
        view.applyBlock(next.node.height, judged(next));
        reapplied.applyBlock(next.node.height, judged(next));
        expect(rowsOf(view)).toEqual(rowsOf(reapplied));
      }),
      { numRuns: 40 },
    );
  });

  it("says why a spend does not fit, and leaves nothing of a tried one", () => {
    const tip = last(base);
    const coin = firstCoin(tip);
    const young = [...tip.coins.values()].find(({ matureAt }) => matureAt > 7n);
    if (young === undefined) throw new Error("no young coin");
    const view = viewOf(base);
    const spend = (coins: Parameters<typeof split>[0]) => ({
      changes: outputChanges(mapTransaction(split(coins, 1))),
      statusFailed: false,
    });
    expect(view.tryApply(7n, spend([coin, young]))).toBe(false);
    expect(view.tryApply(7n, spend([coin]))).toBe(true);
    expect(view.tryApply(7n, spend([coin]))).toBe(false);
    const coinbase = judged(tip).slice(0, 1);
    const failing = (transaction: JudgedTransaction) =>
      expect(() => view.applyBlock(7n, [...coinbase, transaction]));
    failing(spend([coin])).toThrow(expect.objectContaining({ code: "utxo-has-been-spent" }));
    failing(spend([young])).toThrow(
      expect.objectContaining({ code: "coinbase-utxo-is-not-ready-for-use" }),
    );
    const unknown = { ...coin, position: 7n };
    failing(spend([unknown])).toThrow(
      expect.objectContaining({
        code: "fail-to-find-utxo-entry",
        facts: expect.objectContaining({ height: 7n, transactionIndex: 1 }),
      }),
    );
  });

  it("refuses to revert what is unspent", () => {
    const tip = last(base);
    const next = extend(tip, [split([firstCoin(tip)], 1)]);
    const view = viewOf(base);
    expect(() => view.revertBlock(judged(next))).toThrow(
      expect.objectContaining({ code: "try-to-revert-an-unspent-utxo" }),
    );
  });
});
