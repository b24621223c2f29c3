/**
 * What is done to a network, and what it must do nevertheless.
 *
 * @see spec 90-bbft, section 18.4 "Fault injection"
 */
import { integerSquareRoot } from "../../topology/topology.ts";
import type { StrategyName } from "../adversary.ts";
import { syntheticLatency } from "../latency.ts";
import { Random } from "../random.ts";
import { simulate } from "../simulate.ts";
import type { SimulationOptions } from "../simulation-options.ts";
import type { SimulationReport } from "../simulation-report.ts";

export interface FaultScenario {
  readonly name: string;
  readonly required: string;
  /** Median and largest time as printed, milliseconds; undefined where none is. */
  readonly printed: readonly [number, number] | undefined;
  readonly n: number;
  options(network: ScenarioNetwork): Partial<SimulationOptions>;
  holds(report: SimulationReport): boolean;
}

interface ScenarioNetwork {
  readonly n: number;
  readonly seed: number;
  readonly gateways: readonly number[];
  readonly common: readonly number[];
}

/** Byzantine validators that all do the same. */
export const faulty = (
  validators: readonly number[],
  strategy: StrategyName,
): Partial<SimulationOptions> => ({
  byzantine: new Map(validators.map((validator) => [validator, strategy])),
});

const within =
  (view: number) =>
  ({ isComplete, maxView }: SimulationReport): boolean =>
    isComplete && maxView <= view;

export const FAULT_SCENARIOS: readonly FaultScenario[] = [
  {
    name: "failure-free",
    required: "view 0, exactly 93 messages",
    printed: [212, 215],
    n: 16,
    options: () => ({}),
    holds: (report) => within(0)(report) && report.decisionMessages.get(1n) === 93,
  },
  {
    name: "1 silent gateway, not leading",
    required: "view 0 by attach",
    printed: [593, 602],
    n: 16,
    options: ({ gateways }) => faulty(gateways.slice(1, 2), "silent"),
    holds: within(0),
  },
  {
    name: "5 silent common validators",
    required: "view 0",
    printed: [291, 304],
    n: 16,
    options: ({ common }) => faulty(common.slice(0, 5), "silent"),
    holds: within(0),
  },
  {
    name: "silent leader",
    required: "view 1",
    printed: [2900, 3000],
    n: 16,
    options: ({ gateways }) => faulty(gateways.slice(0, 1), "silent"),
    holds: within(1),
  },
  {
    name: "all 4 gateways silent",
    required: "view <= 2 + f",
    printed: [5500, 5600],
    n: 16,
    options: ({ gateways }) => faulty(gateways, "silent-gateways"),
    holds: within(7),
  },
  {
    name: "all 4 gateways and 1 common silent",
    required: "view <= 2 + f",
    printed: [5600, 5600],
    n: 16,
    options: ({ gateways, common }) => faulty([...gateways, ...common.slice(0, 1)], "silent"),
    holds: within(7),
  },
  {
    name: "equivocating leader",
    required: "one value, DUP_PROPOSAL",
    printed: [2900, 3000],
    n: 16,
    options: ({ gateways }) => faulty(gateways.slice(0, 1), "equivocate"),
    holds: (report) => report.isComplete && report.evidenceTypes.includes(1),
  },
  {
    name: "all gateways show the certificate to one only",
    required: "one value",
    printed: [2100, 5400],
    n: 16,
    options: ({ gateways }) => faulty(gateways, "withhold-cert"),
    holds: within(7),
  },
  {
    name: "10 % loss, 50 % jitter",
    required: "decided",
    printed: [600, 800],
    n: 16,
    options: () => ({ loss: 0.1, jitter: 0.5 }),
    holds: within(7),
  },
  {
    name: "partition 8/8 for 30 s",
    required: "nothing during, then all",
    printed: [30_230, 30_230],
    n: 16,
    options: () => ({
      partitions: [
        {
          fromUs: 0,
          toUs: 30_000_000,
          groupA: [0, 1, 2, 3, 4, 5, 6, 7],
          groupB: [8, 9, 10, 11, 12, 13, 14, 15],
        },
      ],
    }),
    holds: ({ isComplete, decisions }) =>
      isComplete && decisions.every(({ timeUs }) => timeUs > 30_000_000),
  },
  {
    name: "N = 100, M = 10, all gateways silent",
    required: "view <= 2 + f",
    printed: [5700, 5800],
    n: 100,
    options: ({ gateways }) => faulty(gateways, "silent-gateways"),
    holds: within(35),
  },
  {
    name: "6 silent (f + 1)",
    required: "stalls, never disagrees",
    printed: undefined,
    n: 16,
    options: ({ common }) => ({ ...faulty(common.slice(0, 6), "silent"), maxTimeUs: 30_000_000 }),
    holds: ({ decisions }) => decisions.length === 0,
  },
  {
    name: "every validator crashes once and restarts",
    required: "no double signature, all decide",
    printed: [1900, 2800],
    n: 16,
    options: ({ n, seed }) => {
      const random = new Random(seed);
      const crashes = Array.from({ length: n }, (_, node) => ({
        node,
        atUs: random.integer(0, 1_500_000),
        forUs: random.integer(200_000, 1_500_000),
      }));
      return { crashes };
    },
    holds: within(7),
  },
];

/** Four regions, 35 to 75 ms between them, and as many gateways as the root of N. */
export function fourRegions(n: number, seed: number): SimulationOptions {
  return { n, m: integerSquareRoot(n), seed, latency: syntheticLatency(n, seed, 4, 35, 75) };
}

export function runFaultScenario({ n, options }: FaultScenario, seed: number): SimulationReport {
  const base = fourRegions(n, seed);
  const { gateways } = simulate(base).topology;
  const common = Array.from({ length: n }, (_, i) => i).filter((i) => !gateways.includes(i));
  return simulate({ ...base, ...options({ n, seed, gateways, common }) });
}
