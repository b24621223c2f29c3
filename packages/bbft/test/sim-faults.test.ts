import { describe, expect, it } from "vitest";
import { type SimulationReport, simulate } from "../src/sim/index.ts";
import {
  FAULT_SCENARIOS,
  faulty,
  fourRegions,
  runFaultScenario,
} from "../src/sim/tables/fault-scenarios.ts";

/** 100 in the nightly run: `BBFT_SEEDS=100 vitest run packages/bbft/test/sim-faults`. */
const SEEDS = Number(process.env["BBFT_SEEDS"] ?? 5);
const HIER_VIEWS = 2;

/** Runs a scenario under every seed, hands each report to `judge`. */
function everySeed(name: string, judge: (report: SimulationReport) => void): void {
  const scenario = FAULT_SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) throw new RangeError(`no scenario "${name}"`);
  for (let seed = 1; seed <= SEEDS; seed++) {
    const report = runFaultScenario(scenario, seed);
    expect(report.violations).toEqual([]);
    judge(report);
  }
}

function decidesBy(view: number): (report: SimulationReport) => void {
  return (report) => {
    expect(report.isComplete).toBe(true);
    expect(report.maxView).toBeLessThanOrEqual(view);
  };
}

describe("fault injection, N = 16, M = 4 (spec 18.4)", () => {
  it("failure-free: view 0 with exactly 93 messages", () => {
    everySeed("failure-free", (report) => {
      decidesBy(0)(report);
      expect(report.decisionMessages.get(1n)).toBe(93);
      expect(report.counts.get(1n)?.recovery).toBe(0);
    });
  });

  it("one silent gateway that does not lead: view 0 by attach", () => {
    everySeed("1 silent gateway, not leading", decidesBy(0));
  });

  it("five silent common validators: view 0", () => {
    everySeed("5 silent common validators", decidesBy(0));
  });

  it("silent leader: view 1", () => {
    everySeed("silent leader", decidesBy(1));
  });

  it("all gateways silent, and one common validator more", () => {
    everySeed("all 4 gateways silent", decidesBy(HIER_VIEWS + 5));
    everySeed("all 4 gateways and 1 common silent", decidesBy(HIER_VIEWS + 5));
  });

  it("equivocating leader: one value, and proof of it", () => {
    everySeed("equivocating leader", (report) => {
      decidesBy(HIER_VIEWS + 5)(report);
      expect(report.evidenceTypes).toContain(1);
    });
  });

  it("all gateways show the certificate to one validator only: one value", () => {
    everySeed("all gateways show the certificate to one only", decidesBy(HIER_VIEWS + 5));
  });

  it("10 % loss, 50 % jitter", () => {
    everySeed("10 % loss, 50 % jitter", decidesBy(HIER_VIEWS + 5));
  });

  it("partition 8/8 for 30 s: nothing decided during, then all", () => {
    everySeed("partition 8/8 for 30 s", (report) => {
      expect(report.isComplete).toBe(true);
      for (const { timeUs } of report.decisions) expect(timeUs).toBeGreaterThan(30_000_000);
      expect(report.endUs).toBeLessThan(60_000_000);
    });
  });

  it("f + 1 silent: stalls, never disagrees", () => {
    everySeed("6 silent (f + 1)", (report) => expect(report.decisions).toEqual([]));
  });

  it("every validator crashes once and returns from its log: all decide, nobody signs twice", () => {
    everySeed("every validator crashes once and restarts", decidesBy(HIER_VIEWS + 5));
  });
});

it.each(FAULT_SCENARIOS.slice(1))("$name: is another run than without it", (scenario) => {
  // Under seed 1 all is decided before the first crash.
  const { steps, messages, endUs } = runFaultScenario(scenario, 2);
  const calm = simulate(fourRegions(scenario.n, 2));
  expect({ steps, messages, endUs }).not.toEqual({
    steps: calm.steps,
    messages: calm.messages,
    endUs: calm.endUs,
  });
});

it("N = 100, M = 10, all gateways silent", () => {
  const { gateways } = simulate(fourRegions(100, 1)).topology;
  const report = simulate({ ...fourRegions(100, 1), ...faulty(gateways, "silent") });
  expect(report.violations).toEqual([]);
  decidesBy(HIER_VIEWS + 33)(report);
});

it("the same seed gives the same report, byte for byte", () => {
  const run = () => {
    const { counts, decisions, bytes, endUs, steps } = simulate({
      ...fourRegions(16, 3),
      loss: 0.1,
      jitter: 0.5,
      heights: 3,
    });
    return JSON.stringify([[...counts], decisions, bytes, endUs, steps], (_key, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    );
  };
  expect(run()).toBe(run());
});

it("crosses epochs", () => {
  const report = simulate({
    ...fourRegions(7, 2),
    heights: 25,
    parameters: { epochLength: 10, blockIntervalMs: 50 },
  });
  expect(report.violations).toEqual([]);
  expect(report.isComplete).toBe(true);
});
