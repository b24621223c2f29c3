import { describe, expect, it } from "vitest";
import { integerSquareRoot } from "../src/index.ts";
import {
  Random,
  type SimulationOptions,
  type SimulationReport,
  type StrategyName,
  simulate,
  syntheticLatency,
} from "../src/sim/index.ts";

/** 100 in the nightly run: `BBFT_SEEDS=100 vitest run packages/bbft/test/sim-faults`. */
const SEEDS = Number(process.env["BBFT_SEEDS"] ?? 5);
const HIER_VIEWS = 2;

interface Network {
  readonly seed: number;
  readonly n: number;
  readonly gateways: readonly number[];
  readonly common: readonly number[];
}

function base(n: number, seed: number): SimulationOptions {
  return { n, m: integerSquareRoot(n), seed, latency: syntheticLatency(n, seed, 4, 35, 75) };
}

/** Runs a scenario under every seed, hands each report to `judge`. */
function everySeed(
  scenario: (network: Network) => Partial<SimulationOptions>,
  judge: (report: SimulationReport) => void,
  n = 16,
): void {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { gateways } = simulate(base(n, seed)).topology;
    const common = Array.from({ length: n }, (_, i) => i).filter((i) => !gateways.includes(i));
    const report = simulate({ ...base(n, seed), ...scenario({ seed, n, gateways, common }) });
    expect(report.violations).toEqual([]);
    judge(report);
  }
}

const bad = (
  validators: readonly number[],
  strategy: StrategyName,
): Partial<SimulationOptions> => ({
  byzantine: new Map(validators.map((validator) => [validator, strategy])),
});

function decidesBy(view: number): (report: SimulationReport) => void {
  return (report) => {
    expect(report.isComplete).toBe(true);
    expect(report.maxView).toBeLessThanOrEqual(view);
  };
}

describe("fault injection, N = 16, M = 4 (spec 18.4)", () => {
  it("failure-free: view 0 with exactly 93 messages", () => {
    everySeed(
      () => ({}),
      (report) => {
        decidesBy(0)(report);
        expect(report.decisionMessages.get(1n)).toBe(93);
        expect(report.counts.get(1n)?.recovery).toBe(0);
      },
    );
  });

  it("one silent gateway that does not lead: view 0 by attach", () => {
    everySeed(({ gateways }) => bad(gateways.slice(1, 2), "silent"), decidesBy(0));
  });

  it("five silent common validators: view 0", () => {
    everySeed(({ common }) => bad(common.slice(0, 5), "silent"), decidesBy(0));
  });

  it("silent leader: view 1", () => {
    everySeed(({ gateways }) => bad(gateways.slice(0, 1), "silent"), decidesBy(1));
  });

  it("all gateways silent, and one common validator more", () => {
    everySeed(({ gateways }) => bad(gateways, "silent-gateways"), decidesBy(HIER_VIEWS + 5));
    everySeed(
      ({ gateways, common }) => bad([...gateways, ...common.slice(0, 1)], "silent"),
      decidesBy(HIER_VIEWS + 5),
    );
  });

  it("equivocating leader: one value, and proof of it", () => {
    everySeed(
      ({ gateways }) => bad(gateways.slice(0, 1), "equivocate"),
      (report) => {
        decidesBy(HIER_VIEWS + 5)(report);
        expect(report.evidenceTypes).toContain(1);
      },
    );
  });

  it("all gateways show the certificate to one validator only: one value", () => {
    everySeed(({ gateways }) => bad(gateways, "withhold-cert"), decidesBy(HIER_VIEWS + 5));
  });

  it("10 % loss, 50 % jitter", () => {
    everySeed(() => ({ loss: 0.1, jitter: 0.5 }), decidesBy(HIER_VIEWS + 5));
  });

  it("partition 8/8 for 30 s: nothing decided during, then all", () => {
    everySeed(
      ({ n }) => {
        const all = Array.from({ length: n }, (_, i) => i);
        const [groupA, groupB] = [all.slice(0, 8), all.slice(8)];
        return { partitions: [{ fromUs: 0, toUs: 30_000_000, groupA, groupB }] };
      },
      (report) => {
        expect(report.isComplete).toBe(true);
        for (const { timeUs } of report.decisions) expect(timeUs).toBeGreaterThan(30_000_000);
        expect(report.endUs).toBeLessThan(60_000_000);
      },
    );
  });

  it("f + 1 silent: stalls, never disagrees", () => {
    everySeed(
      ({ common }) => ({ ...bad(common.slice(0, 6), "silent"), maxTimeUs: 30_000_000 }),
      (report) => expect(report.decisions).toEqual([]),
    );
  });

  it("every validator crashes once and returns from its log: all decide, nobody signs twice", () => {
    everySeed(
      ({ n, seed }) => {
        const random = new Random(seed);
        const crashes = Array.from({ length: n }, (_, node) => ({
          node,
          atUs: random.integer(0, 1_500_000),
          forUs: random.integer(200_000, 1_500_000),
        }));
        return { crashes };
      },
      decidesBy(HIER_VIEWS + 5),
    );
  });
});

it("N = 100, M = 10, all gateways silent", () => {
  const { gateways } = simulate(base(100, 1)).topology;
  const report = simulate({ ...base(100, 1), ...bad(gateways, "silent") });
  expect(report.violations).toEqual([]);
  decidesBy(HIER_VIEWS + 33)(report);
});

it("the same seed gives the same report, byte for byte", () => {
  const run = () => {
    const { counts, decisions, bytes, endUs, steps } = simulate({
      ...base(16, 3),
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
    ...base(7, 2),
    heights: 25,
    parameters: { epochLength: 10, blockIntervalMs: 50 },
  });
  expect(report.violations).toEqual([]);
  expect(report.isComplete).toBe(true);
});
