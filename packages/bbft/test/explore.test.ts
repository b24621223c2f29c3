import { describe, expect, it } from "vitest";
import vectors from "../../../vectors/bbft/model-check.json" with { type: "json" };
import { type ExplorationOptions, explore } from "../src/explore/index.ts";
import { keyAfter, keyOf, readKey } from "../src/explore/keys.ts";
import { INITIAL_NODE, type NodeState, nextStates } from "../src/explore/model.ts";
import { createNetwork, hasCertificate } from "../src/explore/network.ts";
import { NumberSet } from "../src/explore/number-set.ts";
import { Tally } from "../src/explore/tally.ts";
import { Random } from "../src/sim/index.ts";

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

/** The same exploration with plain objects: nothing is numbered, packed or remembered. */
function countStates({ variant, views, byzantine }: ExplorationOptions): number {
  const swap = (mask: number): number => ((mask & 0x555) << 1) | ((mask >> 1) & 0x555);
  const mirror = (node: NodeState): NodeState => ({
    ...node,
    prepares: swap(node.prepares),
    commits: swap(node.commits),
    highValue: node.highQcView < 0 ? 0 : 1 - node.highValue,
  });
  const sorted = (nodes: readonly NodeState[]): string =>
    nodes
      .map((node) => JSON.stringify(node))
      .sort()
      .join();
  const seen = new Set<string>();
  const queue: NodeState[][] = [];
  const add = (nodes: NodeState[]): void => {
    const [key = ""] = [sorted(nodes), sorted(nodes.map(mirror))].sort();
    if (seen.has(key)) return;
    seen.add(key);
    queue.push(nodes);
  };
  add(new Array<NodeState>(4 - byzantine).fill(INITIAL_NODE));
  for (const nodes of queue) {
    const network = createNetwork(nodes, variant, views, byzantine);
    for (const [place, node] of nodes.entries())
      for (const next of nextStates(node, network, variant, views)) add(nodes.with(place, next));
  }
  return seen.size;
}

it.each([
  { variant: "full", views: 2, byzantine: 1 },
  { variant: "amnesia-one-node", views: 1, byzantine: 0 },
] as const)("finds as many states as without numbers: %o", (options) => {
  expect(explore(options)).toMatchObject({ verdict: "safe", states: countStates(options) });
});

it("a network is what the votes make of it", () => {
  const a0 = { ...INITIAL_NODE, prepares: 0b01, timeouts: 0b0001, timedOut: 0 };
  const claiming = { ...a0, timeouts: 0b0010, highQcView: 0 };
  const { timeouts, ...rest } = createNetwork([a0, a0, claiming], "full", 3, 1);
  expect(rest).toEqual({
    prepareQcs: 0b01,
    commitQcs: 0,
    lastGivenUp: 0,
    highestQc: 0,
    hasRestarted: false,
  });
  // Two of three without a claim and the Byzantine one are a quorum; so are all with the claim.
  const free = { claim: 0, value: 0 };
  const bound = { claim: 1, value: 0 };
  expect(timeouts).toEqual([[free, bound], []]);
  // One of three without a claim is not, and without a Byzantine one the claim must be somebody's.
  expect(createNetwork([a0, claiming, claiming], "full", 3, 1).timeouts[0]).toEqual([bound]);
  expect(createNetwork([a0, a0, a0], "full", 3, 0).timeouts[0]).toEqual([free]);
});

it("a tally counts each bit by itself", () => {
  const random = new Random(1);
  for (let run = 0; run < 200; run++) {
    const ballots = Array.from({ length: random.integer(0, 5) }, () => random.word() | 0);
    const tally = new Tally();
    for (const ballot of ballots) tally.add(ballot);
    for (const least of [-1, 0, 1, 2, 3]) {
      let expected = 0;
      for (let bit = 0; bit < 32; bit++)
        if (ballots.filter((ballot) => (ballot >>> bit) & 1).length >= least) expected |= 1 << bit;
      expect(tally.atLeast(least)).toBe(expected);
    }
    tally.clear();
    expect(tally.atLeast(1)).toBe(0);
  }
});

it("a key holds numbers in any order, and one of them can be replaced", () => {
  const random = new Random(1);
  const ascending = (ids: readonly number[]) => Int32Array.from(ids).sort();
  for (let run = 0; run < 500; run++) {
    const base = 2 ** 12;
    const ids = Array.from({ length: random.integer(1, 4) }, () => random.integer(0, 9));
    // A restarted validator has a number above the base.
    if (random.chance(0.3)) ids[0] = base + random.integer(0, 15 * base - 1);
    const [place, next] = [random.integer(0, ids.length - 1), random.integer(0, 9)];
    const after = keyAfter(ascending(ids), base, ids[place] ?? 0, next);
    expect(after).toBe(keyOf(ascending(ids.with(place, next)), base));
    const read = new Int32Array(ids.length);
    readKey(keyOf(ascending(ids), base), base, read);
    expect(read).toEqual(ascending(ids));
  }
});

it("a set of numbers keeps each once, in order, with its origin", () => {
  const set = new NumberSet();
  for (let i = 0; i < 20_000; i++) set.add((i % 10_000) * 2 ** 33, i === 0 ? -1 : 0);
  expect(set.size).toBe(10_000);
  expect(set.at(7)).toBe(7 * 2 ** 33);
  expect(set.pathTo(7)).toEqual([0, 7 * 2 ** 33]);
});

it("a set of numbers adds what waits in the order it came", () => {
  const random = new Random(1);
  const numbers = Array.from({ length: 5000 }, () => random.integer(0, 2000) * 2 ** 21);
  const [set, later] = [new NumberSet(), new NumberSet()];
  for (const [at, number] of numbers.entries()) {
    set.add(number, at === 0 ? -1 : 0);
    later.addLater(number, at === 0 ? -1 : 0);
    expect(later.sizeToCome).toBeGreaterThanOrEqual(set.size);
  }
  expect(later.settle()).toBe(set.size);
  for (let at = 0; at < set.size; at++) expect(later.pathTo(at)).toEqual(set.pathTo(at));
});
