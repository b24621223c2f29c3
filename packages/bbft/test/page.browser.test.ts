import { expect, it } from "vitest";
import { createFlow, describeFlow } from "../page/flow.ts";

it("animates the flow of figure 5", () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  const flow = createFlow(svg, { n: 7, m: 2, seed: 1, fault: "none" });
  expect(describeFlow(flow)).toContain("32 messages counted (failure-free: 32), 0 for recovery");
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
