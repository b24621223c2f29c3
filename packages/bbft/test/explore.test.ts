import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/bbft/model-check.json" with { type: "json" };
import { type ExplorationOptions, explore } from "../src/explore/index.ts";
import { createNetwork, hasCertificate } from "../src/explore/model.ts";
import { NumberSet } from "../src/explore/number-set.ts";

/** The cases with millions of states run with `BBFT_NIGHTLY=1`, and in the conformance suite. */
const IS_NIGHTLY = process.env["BBFT_NIGHTLY"] === "1";

const isLarge = ({ variant, views, byzantine }: ExplorationOptions): boolean =>
  views === 3 || (variant === "amnesia-one-node" && byzantine === 0);

const cases = (vectors.variants as (ExplorationOptions & { expect: string })[]).filter(
  (one) => IS_NIGHTLY || !isLarge(one),
);

describe("the voting rules, every interleaving of four validators", () => {
  it.each(cases)(
    "$variant, $views views, $byzantine Byzantine: $expect",
    ({ expect: verdict, ...options }) => {
      const found = explore(options);
      expect(found.verdict).toBe(verdict);
      expect(found.counterexample.length > 0).toBe(verdict === "violated");
    },
    600_000,
  );
});

it("a counterexample ends with two certificates for two values", () => {
  const { counterexample } = explore({ variant: "single-phase", views: 2, byzantine: 0 });
  const network = createNetwork(counterexample.at(-1) ?? [], "single-phase", 2, 0);
  const decided = [0, 1].filter((value) =>
    [0, 1].some((view) => hasCertificate(network.prepareQcs, view, value)),
  );
  expect(decided).toEqual([0, 1]);
});

it("stops at the limit of states", () => {
  expect(explore({ variant: "full", views: 3, byzantine: 1, maxStates: 1000 }).verdict).toBe(
    "unfinished",
  );
  expect(() => explore({ variant: "full", views: 4, byzantine: 0 })).toThrow(RangeError);
});

it("a set of numbers keeps each once, in order, with its origin", () => {
  const set = new NumberSet();
  for (let i = 0; i < 20_000; i++) set.add((i % 10_000) * 2 ** 33, i === 0 ? -1 : 0);
  expect(set.size).toBe(10_000);
  expect(set.at(7)).toBe(7 * 2 ** 33);
  expect(set.pathTo(7)).toEqual([0, 7 * 2 ** 33]);
});
