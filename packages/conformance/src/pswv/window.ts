import { prefetchList, resolveWindow } from "@bystack/chain";
import { equal, type Fields, ifPresent, list, object } from "../check.ts";
import type { Handler } from "../runner.ts";
import { genesisNode, type Outcome, RealWindow } from "./real-window.ts";
import { reversingPool } from "./reversing-pool.ts";
import { readWindow, type SymbolicWindow } from "./symbols.ts";

const CODES = { "double-spend": "ERR_DOUBLE_SPEND", missing: "ERR_MISSING_INPUT" } as const;

/**
 * Each window three times: as symbols, as real blocks through a chain without workers, and through
 * one whose workers finish in reverse order.
 */
export const pswvWindow: Handler = async (file, { check }) => {
  const genesis = await genesisNode();
  for (const [i, item] of list(object(file, "file")["cases"], "cases").entries()) {
    const fields = object(item, "case");
    const window = readWindow(fields);
    const expected = object(fields["expect"], "expect");
    await check(`case ${i}, resolution`, () => compareResolution(window, expected));
    await check(`case ${i}, chain`, async () =>
      compareOutcome(await new RealWindow(window, genesis).run(undefined), expected),
    );
    await check(`case ${i}, chain with reversing workers`, async () => {
      const judge = reversingPool();
      compareOutcome(await new RealWindow(window, genesis).run(judge), expected);
      await judge.close();
    });
  }
};

function compareResolution({ database, blocks }: SymbolicWindow, expected: Fields): void {
  const prefetch = prefetchList(blocks.flatMap(({ transactions }) => transactions));
  ifPresent(expected, "prefetch", (ids) => equal([...prefetch].sort(), ids, "prefetch"));
  const stored = new Set(database);
  const { edges, failure, good, unspent } = resolveWindow(blocks, (id) => stored.has(id));
  ifPresent(expected, "edges", (pairs) => equal(edges, pairs, "edges"));
  const first = blocks[0]?.height ?? 0n;
  ifPresent(expected, "commitUpTo", (height) =>
    equal(Number(good.at(-1)?.height ?? first - 1n), height, "commitUpTo"),
  );
  const error = failure && {
    height: Number(failure.height),
    tx: failure.transaction,
    code: CODES[failure.reason],
    output: failure.output,
  };
  equal(error ?? null, expected["error"], "error");
  const untouched = database.filter((id) => !prefetch.has(id));
  ifPresent(expected, "finalUtxo", (ids) =>
    equal([...unspent, ...untouched].sort(), ids, "finalUtxo"),
  );
}

function compareOutcome(outcome: Outcome, expected: Fields): void {
  ifPresent(expected, "commitUpTo", (height) =>
    equal(Number(outcome.commitUpTo), height, "commitUpTo"),
  );
  const { error } = expected;
  if (error === null) equal(outcome.error ?? null, null, "error");
  else {
    const { height, tx, output } = object(error, "error");
    const own = outcome.error && { ...outcome.error, height: Number(outcome.error.height) };
    equal(own, { height, tx, output }, "error");
  }
  ifPresent(expected, "finalUtxo", (ids) => equal(outcome.unspent, ids, "finalUtxo"));
}
