import { describe, expect, it } from "vitest";
import { VOTING_RULES } from "../src/core/voting-rules.ts";
import { CoreKeys } from "../src/explore/core-keys.ts";
import type { Exhibit } from "../src/explore/exhibits.ts";
import { Gallery } from "../src/explore/gallery.ts";
import { type CoreExplorationOptions, exploreCore, type Variant } from "../src/explore/index.ts";
import { createNetwork, hasCertificate, isViolated } from "../src/explore/network.ts";
import { ShownCore } from "../src/explore/shown-core.ts";
import { createSmallWorld } from "../src/explore/small-world.ts";
import { Random } from "../src/sim/index.ts";

/** The explorations that take minutes run with `BBFT_NIGHTLY=1`. */
const IS_NIGHTLY = process.env["BBFT_NIGHTLY"] === "1";

const NIGHTLY_MISTAKES: readonly [Variant, number, number][] = [
  ["commit-after-timeout", 2, 1],
  ["tc-any-qc", 3, 1],
];

/** A core that was shown something. */
function shown(exhibits: readonly Exhibit[], views = 3, index = 3): ShownCore {
  const gallery = new Gallery(createSmallWorld(1, undefined), views);
  const core = new ShownCore(gallery, index, views, VOTING_RULES);
  for (const exhibit of exhibits) core.show(gallery.numberOf(exhibit));
  return core;
}

describe("four real cores, everything that can be shown to them in any order", () => {
  it.each([
    { variant: "full", views: 1, byzantine: 0 },
    { variant: "full", views: 2, byzantine: 1 },
    ...(IS_NIGHTLY
      ? ([
          { variant: "full", views: 2, byzantine: 0 },
          { variant: "full", views: 2, byzantine: 1, gateways: 4 },
          { variant: "full", views: 2, byzantine: 1, hasTimeouts: true },
          { variant: "full", views: 2, byzantine: 1, hasRestart: true },
          { variant: "full", views: 3, byzantine: 1, maxStates: 250_000_000 },
        ] as const)
      : []),
  ] as const satisfies readonly CoreExplorationOptions[])(
    "are safe and do only what the model allows: %o",
    (options) => {
      const { verdict, refused, states } = exploreCore(options);
      expect({ verdict, refused }).toEqual({ verdict: "safe", refused: 0 });
      expect(states).toBeGreaterThan(10);
    },
    7_200_000,
  );

  it.each<[Variant, number, number]>([
    ["single-phase", 2, 0],
    ["single-phase", 2, 1],
    ["single-phase-carry-qc", 2, 0],
    ["single-phase-carry-qc", 2, 1],
    ["amnesia-one-node", 1, 1],
    ["quorum-2", 2, 1],
    ["full", 2, 2],
    ...(IS_NIGHTLY ? NIGHTLY_MISTAKES : []),
  ])(
    "disagree under %s with %i views and %i Byzantine",
    (variant, views, byzantine) => {
      const maxStates = 250_000_000;
      const { verdict, counterexample } = exploreCore({ variant, views, byzantine, maxStates });
      expect(verdict).toBe("violated");
      expect(counterexample).toHaveLength(4 - byzantine);
    },
    7_200_000,
  );
});

it("disagree when a timeout certificate may bind by any of its claims", () => {
  // The nightly run searches this way; here it is walked. B is prepared in view 0 and seen
  // by validator 3 alone; A is decided in view 1; the claim of 3 then brings B back.
  const free = { claim: 0, value: 0 };
  const byOld = { claim: 1, value: 1 };
  const opening: Exhibit[] = [
    { type: "timer" },
    { type: "proposal", view: 1, value: 0, by: free },
    { type: "prepare-qc", view: 1, value: 0 },
  ];
  const ending: Exhibit[] = [
    { type: "timer" },
    { type: "proposal", view: 2, value: 1, by: byOld },
    { type: "prepare-qc", view: 2, value: 1 },
  ];
  const knowing: Exhibit[] = [
    { type: "proposal", view: 0, value: 1 },
    { type: "prepare-qc", view: 0, value: 1 },
    { type: "tc", view: 0, by: free },
  ];
  const network = (variant: Variant, ends: readonly Exhibit[]) =>
    createNetwork(
      [
        shown([...opening, ...ends], 3, 1).project(),
        shown([{ type: "proposal", view: 0, value: 1 }, ...opening], 3, 2).project(),
        shown([...knowing, ...ends], 3, 3).project(),
      ],
      variant,
      3,
      1,
    );
  const givenUp: Exhibit[] = [{ type: "timer" }];
  expect(network("tc-any-qc", givenUp).timeouts[1]).toContainEqual(byOld);
  expect(network("full", givenUp).timeouts[1]).not.toContainEqual(byOld);
  expect(isViolated(network("tc-any-qc", ending), "tc-any-qc")).toBe(true);
});

it("certify no other value than the decided one, though all of them know and once voted for it", () => {
  // B is proposed in view 0 and A decided in view 1; then a Byzantine leader comes back with B.
  const free = { claim: 0, value: 0 };
  const history: Exhibit[] = [
    { type: "proposal", view: 0, value: 1 },
    { type: "timer" },
    { type: "proposal", view: 1, value: 0, by: free },
    { type: "prepare-qc", view: 1, value: 0 },
    { type: "timer" },
    { type: "proposal", view: 2, value: 1, by: { claim: 2, value: 0 } },
  ];
  const cores = [1, 2, 3].map((index) => shown(history, 3, index).project());
  const { prepareQcs, commitQcs } = createNetwork(cores, "full", 3, 1);
  expect(hasCertificate(commitQcs, 1, 0)).toBe(true);
  expect(hasCertificate(prepareQcs, 2, 1)).toBe(false);
});

describe("one core", () => {
  it("does not vote for a value that it knows when the timeouts bind another", () => {
    const core = shown([
      { type: "proposal", view: 0, value: 1 },
      { type: "proposal", view: 1, value: 1, by: { claim: 1, value: 0 } },
    ]);
    // B in view 0 only; view 1 is given up at once, with the certificate of A.
    expect(core.project()).toMatchObject({ view: 1, prepares: 0b10, timedOut: 1, highQcView: 0 });
  });

  it("gives up no view below its highest certificate", () => {
    const core = shown([{ type: "prepare-qc", view: 1, value: 0 }, { type: "timer" }]);
    expect(core.project()).toMatchObject({ view: 0, timedOut: -1, timeouts: 0 });
  });

  it("is stopped by the guard of its keys where the rule alone is broken", () => {
    const gallery = new Gallery(createSmallWorld(1, undefined), 2);
    const core = new ShownCore(gallery, 3, 2, { ...VOTING_RULES, mayCommit: () => true });
    const history: Exhibit[] = [{ type: "timer" }, { type: "prepare-qc", view: 0, value: 0 }];
    for (const exhibit of history) core.show(gallery.numberOf(exhibit));
    expect(core.key(false, false)).toMatch(/^stopped/);
    expect(core.project().commits).toBe(0);
  });

  it("brings back from its log what it signed", () => {
    const before: Exhibit[] = [
      { type: "proposal", view: 0, value: 0 },
      { type: "prepare-qc", view: 0, value: 0 },
      { type: "timer" },
    ];
    const { hasRestarted, ...state } = shown([...before, { type: "restart" }]).project();
    expect(hasRestarted).toBe(true);
    expect(state).toEqual({ ...shown(before).project(), hasRestarted: undefined });
  });
});

it.each([false, true])(
  "states with the same key lead to the same states, restarts: %s",
  (hasRestart) => {
    const views = 3;
    const gallery = new Gallery(createSmallWorld(1, undefined), views);
    const random = new Random(1);
    const offered = gallery.exhibits.flatMap(({ type }, number) =>
      type === "amnesia" || (type === "restart" && !hasRestart) ? [] : [number],
    );
    const keyAfter = (history: readonly number[]): string => {
      const core = new ShownCore(gallery, 3, views, VOTING_RULES);
      for (const exhibit of history) core.show(exhibit);
      return core.key(true, hasRestart && !core.project().hasRestarted);
    };
    /** What follows in one step; staying where one is follows always. */
    const successors = (history: readonly number[]): string[] => {
      const keys = offered.map((exhibit) => keyAfter([...history, exhibit]));
      return [...new Set([keyAfter(history), ...keys])].sort();
    };
    const histories = new Map<string, number[]>();
    let pairs = 0;
    while (pairs < (hasRestart ? 12 : 40)) {
      const history = Array.from({ length: random.integer(1, 6) }, () => random.pick(offered));
      const key = keyAfter(history);
      const other = histories.get(key);
      histories.set(key, history);
      if (other === undefined) continue;
      pairs++;
      expect(successors(history)).toEqual(successors(other));
    }
  },
);

it("a key holds the states of a class in any order, and those of other classes apart", () => {
  const keys = new CoreKeys(["leader", "other", "other"]);
  const key = keys.of(Int32Array.of(7, 3, 5));
  expect(keys.of(Int32Array.of(7, 5, 3))).toBe(key);
  expect(keys.of(Int32Array.of(5, 3, 7))).not.toBe(key);
  expect(keys.after(Int32Array.of(7, 5, 9), 2, 3)).toBe(key);
  const read = new Int32Array(3);
  keys.read(key, read);
  expect([...read]).toEqual([7, 3, 5]);
  expect(() => keys.of(Int32Array.of(2 ** 18, 0, 0))).toThrow(RangeError);
});
