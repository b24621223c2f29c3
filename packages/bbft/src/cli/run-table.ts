/** What is told of a run. */
import { quorumTimeMs, type SimulationReport, type Table } from "../sim/index.ts";
import { faultsTolerated } from "../validator-set.ts";

/** Not everything was decided, and too many Byzantine validators are not the reason. */
export function isStalled({ isComplete, n, honest }: SimulationReport): boolean {
  return !isComplete && n - honest.length <= faultsTolerated(n);
}

/** What happened at each height. */
export function tableOf(
  report: SimulationReport,
  heights: number,
  byzantine: readonly number[],
): Table {
  const rows = Array.from({ length: heights }, (_, i) => {
    const height = BigInt(i + 1);
    const decided = report.decisions.filter((one) => one.height === height);
    // Alone, a validator sends no proposal whose time could be taken.
    const quorumMs = report.proposedUs.has(height) ? quorumTimeMs(report, height) : Number.NaN;
    return [
      i + 1,
      decided.length,
      Math.max(0, ...decided.map(({ view }) => view)),
      Number.isNaN(quorumMs) ? "-" : Math.round(quorumMs),
      report.decisionMessages.get(height) ?? 0,
      report.counts.get(height)?.recovery ?? 0,
    ];
  });
  const { n, m, topology, evidence, provenFaulty } = report;
  const f = faultsTolerated(n);
  const notes = [
    `N = ${n}, f = ${f}, M = ${m}, gateways: ${topology.gateways.join(" ")}; Byzantine: ${byzantine.join(" ") || "none"}`,
    "quorum ms: from the proposal until N - f have decided. Messages are those of a failure-free decision; what failures cost is beside.",
    `${report.messages} messages, ${report.bytes} bytes, ${Math.round(report.endUs / 1000)} ms of virtual time`,
    `evidence: ${evidence}, against ${provenFaulty.join(" ") || "nobody"}`,
    ...(report.isComplete ? [] : [stallNote(report, byzantine.length, f)]),
    report.violations.length === 0
      ? "nothing contradictory was decided or signed"
      : `BROKEN: ${report.violations.join("; ")}`,
  ];
  const columns = ["height", "decided by", "view", "quorum ms", "messages", "recovery messages"];
  return { title: `Seed ${report.seed}`, columns, rows, notes };
}

function stallNote(report: SimulationReport, faulty: number, f: number): string {
  const why =
    faulty > f
      ? `${faulty} are Byzantine, more than f = ${f}: this may happen`
      : "no progress in this time; lost messages, a slow uplink or long delays can be the reason";
  return `STALLED: not everybody decided everything in ${Math.round(report.endUs / 1_000_000)} s of virtual time; ${why}`;
}
