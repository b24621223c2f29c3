import { mapTransaction, type Transaction, toHex } from "@bystack/butxo";
import { expect, it } from "vitest";
import type { MempoolEntry } from "../src/index.ts";
import { orderByFeeRate } from "../src/template/order.ts";
import { coinsOf, FEE, split } from "./kit.ts";
import { coin } from "./mempool-kit.ts";

function entryOf(transaction: Transaction, fee: bigint): MempoolEntry {
  const mapped = mapTransaction(transaction);
  return { mapped, fee, statusFailed: false, gasUsed: 0n, height: 1n, arrivedAtMs: 0 };
}

it("looks once at each output that is spent", () => {
  const root = split([coin(0)], 300);
  const parents = coinsOf(root).map((one) => split([one], 1));
  const child = split(
    parents.flatMap((parent) => coinsOf(parent)),
    1,
    400n * FEE,
  );
  const entries = [
    entryOf(child, 1000n * FEE),
    ...parents.map((parent) => entryOf(parent, 2n)),
    entryOf(root, 1n),
  ];
  const creators = new Map(
    entries.flatMap((entry) => entry.mapped.resultIds.map((id) => [toHex(id), entry] as const)),
  );
  let asked = 0;
  const ordered = orderByFeeRate(entries, (id) => {
    asked++;
    return creators.get(toHex(id));
  });
  expect(ordered.map(({ mapped }) => mapped.transaction)).toEqual([root, ...parents, child]);
  expect(asked).toBe(300 + 300 + 1);
});
