import { expect, it } from "vitest";
import { createBls12381, createEd25519, decisionWire } from "../src/index.ts";
import { runCampaign, simulate, syntheticLatency } from "../src/sim/index.ts";

it("the simulator runs in a browser and counts the same", () => {
  const report = simulate({ n: 16, m: 4, latency: syntheticLatency(16, 1, 4, 35, 75) });
  expect(report.isComplete).toBe(true);
  expect(report.decisionMessages.get(1n)).toBe(decisionWire(16, 4));
});

it("random networks hold their promises", () => {
  const { failures } = runCampaign(1, 20, { minN: 4, maxN: 10, maxHeights: 1 });
  expect(failures).toEqual([]);
});

it.each([createEd25519(), createBls12381()])("four validators decide with $name", (scheme) => {
  const report = simulate({ n: 4, m: 2, scheme, latency: syntheticLatency(4, 1, 2, 10, 20) });
  expect(report.isComplete).toBe(true);
});
