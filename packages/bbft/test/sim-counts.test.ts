import { describe, expect, it } from "vitest";
import { decisionWire, groupValidators, phaseCounts, phaseTotals } from "../src/index.ts";
import { measuredDistances, simulate, syntheticLatency } from "../src/sim/index.ts";

/** The whole enumeration takes minutes: `BBFT_COUNTS=60 vitest run packages/bbft/test/sim-counts`. */
const LIMIT = Number(process.env["BBFT_COUNTS"] ?? 10);

function runCounts(n: number, m: number, fanout: number, leaderTerm: number): void {
  const latency = syntheticLatency(n, n * 64 + m, 4, 10, 40);
  const { topology } = groupValidators({
    distances: measuredDistances(latency),
    stake: new Array<bigint>(n).fill(1n),
    excluded: new Set(),
    m,
    fanout,
  });
  // The second height has another leader where the term is 1 and there is another gateway.
  const report = simulate({ n, topology, latency, heights: 2, parameters: { leaderTerm } });
  expect(report.violations).toEqual([]);
  expect(report.isComplete).toBe(true);
  for (const height of [1n, 2n]) {
    const counts = report.counts.get(height);
    if (counts === undefined) throw new Error("not counted");
    const where = `n ${n}, m ${m}, fanout ${fanout}, height ${height}`;
    expect({ where, ...phaseTotals(counts, 1) }).toEqual({ where, ...phaseCounts(n, m) });
    expect({ where, ...phaseTotals(counts, 2) }).toEqual({ where, ...phaseCounts(n, m) });
    expect(report.decisionMessages.get(height)).toBe(decisionWire(n, m));
    expect(counts.recovery).toBe(0);
  }
}

describe("the counters of the running core equal the formulas", () => {
  it(`for every 1 <= M <= N <= ${LIMIT}, one level and more, two leaders each`, () => {
    for (let n = 1; n <= LIMIT; n++)
      for (let m = 1; m <= n; m++) for (const fanout of [0, 2]) runCounts(n, m, fanout, 1);
  }, 1_800_000);

  it.each([
    [49, 7],
    [100, 1],
    [100, 10],
    [200, 14],
  ])("for N %i, M %i", (n, m) => {
    runCounts(n, m, 0, 12);
    runCounts(n, m, 4, 12);
  });
});
