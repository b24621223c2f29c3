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

it("keeps apart what one gateway sends another at one moment", () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  const flow = createFlow(svg, { n: 7, m: 2, seed: 1, fault: "none" });
  flow.draw(130);
  const dots = [...svg.querySelectorAll("circle")]
    .filter((one) => ["#c07d00", "#c8372d"].includes(one.getAttribute("fill") ?? ""))
    .map((one) => [Number(one.getAttribute("cx")), Number(one.getAttribute("cy"))] as const);
  const [[ax, ay] = [0, 0], [bx, by] = [0, 0]] = dots;
  expect(dots.length).toBe(2);
  expect(Math.hypot(ax - bx, ay - by)).toBeGreaterThan(12);
  // COMMIT is dashed.
  const dashed = svg.querySelectorAll("line[stroke-dasharray]");
  expect(dashed.length).toBe(5);
});

it("says that a network with too many faulty validators does not decide", () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg") as SVGSVGElement;
  const undecided = createFlow(svg, { n: 2, m: 2, seed: 1, fault: "silent-gateway" });
  expect(describeFlow(undecided)).toContain("NOT decided in 20 s: 1 of 2 faulty, f = 0");
  const nobody = createFlow(svg, { n: 1, m: 1, seed: 1, fault: "silent-leader" });
  expect(describeFlow(nobody)).toContain("nobody honest is left");
});
