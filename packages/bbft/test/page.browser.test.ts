import { expect, it } from "vitest";
import { createFlow, describeFlow } from "../page/flow.ts";

it("animates the flow of figure 5", () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  const flow = createFlow(svg, { n: 7, m: 2, seed: 1, fault: "none" });
  expect(describeFlow(flow)).toContain("32 messages counted (failure-free: 32), 0 for recovery");
  // S0 has three members, S1 two; the picture says who sends what, in order, in words too.
  expect(flow.report.topology.parent).toEqual([-1, -1, 0, 0, 0, 1, 1]);
  const texts = flow.steps.map(({ text }) => text);
  expect(texts.slice(0, 3)).toEqual([
    "0 ms: 0 → 1, 2, 3, 4: proposal",
    "20 ms: 1 → 5, 6: proposal",
    "20 ms: 2 → 0: vote PREPARE",
  ]);
  expect(texts.at(-1)).toBe("140 ms: 1 → 5, 6: certificate to members COMMIT");
  flow.draw(1);
  // Seven validators, and the proposals on their way.
  expect(svg.querySelectorAll("circle").length).toBeGreaterThan(7);
  flow.draw(flow.endMs + 1);
  const filled = [...svg.querySelectorAll("circle")].map((one) => one.getAttribute("fill"));
  expect(filled).toEqual(new Array(7).fill("#b8e6b8"));
});

it("shows what a silent leader costs", () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  const flow = createFlow(svg, { n: 7, m: 2, seed: 1, fault: "silent-leader" });
  expect(flow.report.maxView).toBe(1);
});
