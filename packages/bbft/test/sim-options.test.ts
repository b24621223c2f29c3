import { describe, expect, it } from "vitest";
import { type ExplorationOptions, explore, exploreCore } from "../src/explore/index.ts";
import { createTopology, EVIDENCE_TYPE } from "../src/index.ts";
import {
  parseLatencyCsv,
  randomScenario,
  type SimulationOptions,
  simulate,
  uniformLatency,
} from "../src/sim/index.ts";

describe("what cannot be simulated is refused", () => {
  const wrong: [string, SimulationOptions][] = [
    ["n is 0", { n: 0 }],
    ["n is 4097", { n: 4097 }],
    ["n is 4.5", { n: 4.5 }],
    ["m is 9", { n: 4, m: 9 }],
    ["heights is 0", { n: 4, heights: 0 }],
    ["latency is of 2", { n: 4, latency: uniformLatency(2, 10) }],
    ["powers has 3", { n: 4, powers: [1n, 1n, 1n] }],
    ["loss is 2", { n: 4, loss: 2 }],
    ["jitter is NaN", { n: 4, jitter: Number.NaN }],
    ["byzantine names validator 9", { n: 4, byzantine: new Map([[9, "silent"]]) }],
    ["no strategy nix", { n: 4, byzantine: new Map([[1, "nix" as "silent"]]) }],
    ["no strategy toString", { n: 4, byzantine: new Map([[1, "toString" as "silent"]]) }],
    ["crashes names validator 4", { n: 4, crashes: [{ node: 4, atUs: 0, forUs: 1 }] }],
    [
      "partitions names validator -1",
      { n: 4, partitions: [{ fromUs: 0, toUs: 1, groupA: [-1], groupB: [1] }] },
    ],
  ];
  it.each(wrong)("%s", (message, options) => {
    expect(() => simulate(options)).toThrow(RangeError);
    expect(() => simulate(options)).toThrow(message);
  });

  it("a campaign from more to fewer validators", () => {
    const limits = { minN: 7, maxN: 4, maxHeights: 1 };
    expect(() => randomScenario(1, limits)).toThrow(RangeError);
  });
});

it.each([
  ["", "no delays"],
  ["# only a comment\n", "no delays"],
  ["0,\n1,0", 'row 1, column 2 is not a delay: ""'],
  ["0,1\n1e400,0", "row 2, column 1"],
  ["0,1\n-1,0", "row 2, column 1"],
  ["0,1\n1", "row 2 has 1 values, not 2"],
])("a table of delays that is none: %j", (text, message) => {
  expect(() => parseLatencyCsv(text)).toThrow(RangeError);
  expect(() => parseLatencyCsv(text)).toThrow(message);
});

describe("what cannot be searched is refused", () => {
  const right: ExplorationOptions = { variant: "full", views: 1, byzantine: 1 };
  const wrong: [string, ExplorationOptions][] = [
    ["variant", { ...right, variant: "fuller" as "full" }],
    ["views", { ...right, views: 4 }],
    ["views", { ...right, views: 1.5 }],
    ["Byzantine", { ...right, byzantine: 4 }],
    ["Byzantine", { ...right, byzantine: -1 }],
  ];
  it.each(wrong)("%s", (message, options) => {
    for (const search of [explore, exploreCore]) expect(() => search(options)).toThrow(message);
  });

  it("more gateways than validators", () => {
    expect(() => exploreCore({ ...right, gateways: 5 })).toThrow("gateways");
  });
});

it("an equivocating leader shows gateways with even numbers two values, too", () => {
  const gateways = [0, 2, 4, 6];
  const parent = Array.from({ length: 16 }, (_, i) =>
    gateways.includes(i) ? -1 : (gateways[i % 4] ?? 0),
  );
  for (const seed of [1, 2, 3]) {
    const network = { n: 16, seed, topology: createTopology(parent) };
    const { isComplete, evidenceTypes } = simulate({
      ...network,
      byzantine: new Map([[0, "equivocate"]]),
    });
    expect(isComplete).toBe(true);
    expect(evidenceTypes).toContain(EVIDENCE_TYPE.DUP_PROPOSAL);
  }
});
