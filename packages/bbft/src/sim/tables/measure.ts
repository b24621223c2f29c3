/** What the tables measure: times to a decision, averaged over leaders. */
import { faultsTolerated } from "../../validator-set.ts";
import { type BaselineProtocol, simulateBaseline } from "../baselines.ts";
import { type LatencyMatrix, syntheticLatency } from "../latency.ts";
import { simulate } from "../simulate.ts";
import type { SimulationOptions } from "../simulation-options.ts";
import type { SimulationReport } from "../simulation-report.ts";

/** When n - f validators hold the decision of a height, milliseconds after its proposal. */
export function quorumTimeMs(report: SimulationReport, height = 1n): number {
  const { decisions, n, proposedUs } = report;
  const times = decisions.filter((one) => one.height === height).map(({ timeUs }) => timeUs);
  const sorted = times.sort((a, b) => a - b);
  const decided = sorted[n - faultsTolerated(n) - 1] ?? Number.NaN;
  return (decided - (proposedUs.get(height) ?? 0)) / 1000;
}

/** Eight regions, 35 to 160 ms between them, 1 to 3 ms inside. */
export function eightRegions(n: number, seed: number): LatencyMatrix {
  return syntheticLatency(n, seed, 8, 35, 160);
}

/** Long views: nothing of section 10 may start while a large block is still on its way. */
const PATIENT = { viewTimeoutMs: 600_000 };

/** Averages over several leaders, for none of them is typical. */
const LEADERS = 8;

function leadersOf(n: number): number[] {
  const count = Math.min(LEADERS, n);
  return Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));
}

export function averageBaseline(
  protocol: BaselineProtocol,
  latency: LatencyMatrix,
  extra: { bandwidth?: number; verifyUs?: number; blockBytes?: number } = {},
): number {
  const times = leadersOf(latency.n).map(
    (leader) => simulateBaseline({ protocol, latency, leader, ...extra }).quorumUs,
  );
  return Math.round(times.reduce((sum, time) => sum + time, 0) / times.length / 1000);
}

/** Average over several gateways as leaders: each leads one height. */
export function bbftTime(options: SimulationOptions): number {
  const { m = 1, n } = options;
  const leaders = Math.min(n >= 256 ? 2 : 4, m);
  const report = simulate({
    ...options,
    heights: leaders,
    parameters: { ...PATIENT, leaderTerm: 1, ...options.parameters },
  });
  let total = 0;
  for (let height = 1; height <= leaders; height++) total += quorumTimeMs(report, BigInt(height));
  return Math.round(total / leaders);
}

export const MEGABYTE = 1_000_000;
/** Bits a second. */
export const UPLINK = 100_000_000;
/** Checking one signature, single or combined, with a native library. */
export const BLS_US = 1500;
