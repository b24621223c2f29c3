import { describe, expect, it } from "vitest";
import { ENGINE_ITEM, EVIDENCE_TYPE } from "../src/index.ts";
import { type SimulationOptions, simulate, syntheticLatency } from "../src/sim/index.ts";

const latency = (n: number) => syntheticLatency(n, 3, 3, 5, 40);
const base = (n: number): SimulationOptions => ({
  ...{ n, m: Math.floor(Math.sqrt(n)), latency: latency(n), seed: 3 },
  parameters: { epochLength: 10, blockIntervalMs: 100 },
});

describe("at the end of an epoch", () => {
  it("parameters change for the next one, and for everybody", () => {
    const change = { blockIntervalMs: 400, hierViews: 1, fanout: 2 };
    const { violations, isComplete, decidedItems, decisions } = simulate({
      ...{ ...base(7), heights: 14 },
      epochs: { changes: new Map([[0n, change]]) },
    });
    expect([violations, isComplete, decidedItems.get(ENGINE_ITEM.PARAMS)]).toEqual([[], true, 1]);
    const first = (height: bigint): number =>
      decisions.find((one) => one.height === height)?.timeUs ?? 0;
    expect(first(10n) - first(9n)).toBeLessThan(400_000);
    expect(first(14n) - first(13n)).toBeGreaterThanOrEqual(400_000);
  });

  it("the last measurements make the forest, with the number of gateways held by its gain", () => {
    const report = simulate({
      ...{ ...base(9), m: 0, heights: 31 },
      epochs: { hasReports: true },
    });
    expect([report.violations, report.isComplete]).toEqual([[], true]);
    expect(report.decidedItems.get(ENGINE_ITEM.LATENCY)).toBeGreaterThanOrEqual(27);
    expect([...report.forests.keys()]).toEqual([0n, 1n, 2n, 3n]);
  });

  it("who joins by catching up, and who returns without an epoch, has the same forest", () => {
    const report = simulate({
      ...{ ...base(8), m: 0, heights: 41 },
      epochs: { hasReports: true, members: (epoch) => (epoch < 3n ? 6 : 8) },
      crashes: [{ node: 2, atUs: 2_000_000, forUs: 4_000_000 }],
    });
    // The simulator compares forests and parameters of everybody in each epoch.
    expect([report.violations, report.isComplete]).toEqual([[], true]);
    expect(report.forests.get(3n)).toHaveLength(8);
    const joined = report.decisions.filter(({ node, height }) => node === 7 && height > 30n);
    expect(joined).toHaveLength(11);
  });
});

describe("a gateway that leaves its members alone", () => {
  const n = 16;
  const { topology } = simulate(base(n));

  it.each(topology.gateways)("is none in the next epoch: validator %i", (gateway) => {
    const report = simulate({
      ...{ ...base(n), heights: 21, byzantine: new Map([[gateway, "silent"]]) },
    });
    expect([report.violations, report.isComplete]).toEqual([[], true]);
    expect(report.decidedItems.get(ENGINE_ITEM.COMPLAINT)).toBeGreaterThanOrEqual(6);
    expect(report.topology.parent[gateway]).toBe(-1);
    expect(report.forests.get(1n)?.[gateway]).not.toBe(-1);
    expect(report.forests.get(1n)?.filter((parent) => parent === -1)).toHaveLength(4);
    // Nobody complains in the second epoch, so the third knows nothing against it.
    expect(report.forests.get(2n)).toEqual(report.forests.get(0n));
  });

  it("is one of many, and still most validators agree", () => {
    const large = simulate({ ...base(36) });
    const [, gateway = 0] = large.topology.gateways;
    const report = simulate({
      ...{ ...base(36), heights: 11, byzantine: new Map([[gateway, "silent"]]) },
    });
    expect([report.violations, report.isComplete]).toEqual([[], true]);
    expect(report.forests.get(1n)?.[gateway]).not.toBe(-1);
  });

  it("is one only to more than those who may lie", () => {
    const [first = 0, second = 0] = topology.gateways;
    const liars = [topology.gateways[2] ?? 0, topology.gateways[3] ?? 0]
      .map((gateway) => topology.children[gateway]?.[0] ?? 0)
      .filter((member) => (topology.children[topology.parent[member] ?? 0]?.length ?? 0) > 2)
      .concat(first, second);
    const byzantine = new Map(liars.map((liar) => [liar, "slander" as const]));
    const report = simulate({ ...{ ...base(n), heights: 11, byzantine } });
    expect([report.violations, report.isComplete]).toEqual([[], true]);
    expect(report.decidedItems.get(ENGINE_ITEM.COMPLAINT)).toBeGreaterThan(4);
    expect(report.forests.get(1n)).toEqual(report.forests.get(0n));
  });

  it("is nobody where all do their part", () => {
    const report = simulate({ ...{ ...base(n), heights: 11 } });
    expect(report.decidedItems.get(ENGINE_ITEM.COMPLAINT)).toBeUndefined();
  });
});

it("a gateway that signs for a false aggregate is convicted by it", () => {
  const [gateway = 0] = simulate(base(9)).topology.gateways;
  const report = simulate({
    ...{ ...base(9), heights: 12, byzantine: new Map([[gateway, "bad-vote"]]), hasEnvelopes: true },
  });
  expect([report.violations, report.isComplete]).toEqual([[], true]);
  expect(report.evidenceTypes).toContain(EVIDENCE_TYPE.BAD_AGGREGATE);
  expect(report.provenFaulty).toEqual([gateway]);
  expect(report.decidedItems.get(ENGINE_ITEM.EVIDENCE)).toBeGreaterThan(0);
});

describe("timeouts of 132 validators", () => {
  const n = 132;
  const large: SimulationOptions = { n, m: 11, latency: latency(n), seed: 1 };

  it("go up the tree: far fewer messages than from everybody to everybody", () => {
    const [leader = 0] = simulate(large).topology.gateways;
    const report = simulate({
      ...{ ...large, byzantine: new Map([[leader, "silent"]]), hasTrace: true },
    });
    expect([report.violations, report.isComplete, report.maxView]).toEqual([[], true, 1]);
    const timeouts = report.trace.filter(({ type }) => type === "timeout").length;
    expect(timeouts).toBeGreaterThan(n);
    // Each goes to a parent and from there to the other gateways, with a few repeated.
    expect(timeouts).toBeLessThan(n * (11 + 1));
    expect(timeouts).toBeLessThan((n * (n - 1)) / 10);
  });

  it("reach everybody although all gateways are silent", () => {
    const { gateways } = simulate(large).topology;
    const report = simulate({
      ...large,
      byzantine: new Map(gateways.map((gateway) => [gateway, "silent-gateways"])),
    });
    expect([report.violations, report.isComplete]).toEqual([[], true]);
  });
});
