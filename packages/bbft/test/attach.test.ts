import { describe, expect, it } from "vitest";
import { type SimulationReport, simulate, syntheticLatency } from "../src/sim/index.ts";

/** N = 16, M = 4, and the second gateway says nothing. */
function withSilentGateway(seed: number): SimulationReport {
  const base = { n: 16, m: 4, seed, latency: syntheticLatency(16, seed, 4, 35, 75) };
  const [, silent = 0] = simulate(base).topology.gateways;
  return simulate({ ...base, byzantine: new Map([[silent, "silent"]]), hasTrace: true });
}

describe("attaching to other gateways", () => {
  it("brings a late member the decided block with its proof, so that it need not ask", () => {
    for (const seed of [1, 2, 3]) {
      const { trace, topology, isComplete } = withSilentGateway(seed);
      expect(isComplete).toBe(true);
      const [, silent = 0] = topology.gateways;
      const orphans = new Set(topology.children[silent]);
      expect(orphans.size).toBeGreaterThan(0);
      expect(trace.filter(({ type }) => type === "block-request")).toEqual([]);
      // From each backup once, however often its member asks.
      const given = new Map<string, number>();
      for (const { type, stage, from, to } of trace)
        if (type === "proposal" && stage === "recovery" && orphans.has(to))
          given.set(`${from} to ${to}`, (given.get(`${from} to ${to}`) ?? 0) + 1);
      expect(given.size).toBeGreaterThan(0);
      expect(Math.max(...given.values())).toBe(1);
    }
  });
});
