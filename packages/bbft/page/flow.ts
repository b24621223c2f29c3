/** The animated flow of a decision: validators in a picture, messages as moving dots. */
import { decisionWire } from "../src/message-counts.ts";
import { syntheticLatency } from "../src/sim/latency.ts";
import { type SimulationReport, simulate, type TracedMessage } from "../src/sim/simulate.ts";

export interface FlowOptions {
  readonly n: number;
  readonly m: number;
  readonly seed: number;
  readonly fault: "none" | "silent-leader" | "silent-gateway" | "equivocate";
}

export interface Flow {
  readonly report: SimulationReport;
  /** Virtual time of the whole picture, milliseconds. */
  readonly endMs: number;
  /** Draws the state at a time. */
  draw(timeMs: number): void;
}

const SVG = "http://www.w3.org/2000/svg";
const SIZE = 640;
const COLORS: { readonly [stage: string]: string } = {
  distribute: "#5470c6",
  vote: "#3f9f4f",
  exchange: "#e0a020",
  "finalize-a": "#d04040",
  finalize: "#3aa0c8",
  recovery: "#888888",
};

/** Runs one decision of figure 5 (N = 7, M = 2) or of another network. */
export function runFlow({ n, m, seed, fault }: FlowOptions): SimulationReport {
  const options = { n, m, seed, latency: syntheticLatency(n, seed, 4, 35, 75) };
  if (fault === "none") return simulate({ ...options, hasTrace: true });
  const { gateways } = simulate(options).topology;
  const victim = gateways[fault === "silent-gateway" ? gateways.length - 1 : 0] ?? 0;
  const strategy = fault === "equivocate" ? "equivocate" : "silent";
  return simulate({ ...options, hasTrace: true, byzantine: new Map([[victim, strategy]]) });
}

/** Gateways on an inner circle, everybody else outside of its gateway. */
export function layOut({ n, topology }: SimulationReport): { x: number; y: number }[] {
  const center = SIZE / 2;
  const places = Array.from({ length: n }, () => ({ x: center, y: center }));
  const { gateways, root } = topology;
  let slot = 0;
  for (const gateway of gateways) {
    const members = root.flatMap((above, validator) =>
      above === gateway && validator !== gateway ? [validator] : [],
    );
    const span = Math.max(1, members.length);
    const middle = slot + (span - 1) / 2;
    const total = gateways.reduce(
      (sum, one) => sum + Math.max(1, (topology.subtreeSize[one] ?? 1) - 1),
      0,
    );
    const at = (position: number, radius: number): { x: number; y: number } => {
      const angle = (2 * Math.PI * position) / total - Math.PI / 2;
      return { x: center + radius * Math.cos(angle), y: center + radius * Math.sin(angle) };
    };
    places[gateway] = gateways.length === 1 ? { x: center, y: center } : at(middle, SIZE * 0.2);
    members.forEach((member, i) => {
      places[member] = at(slot + i, SIZE * 0.42);
    });
    slot += span;
  }
  return places;
}

/** Puts the picture of a run into an SVG element. */
export function createFlow(svg: SVGSVGElement, options: FlowOptions): Flow {
  const report = runFlow(options);
  const places = layOut(report);
  const trace = report.trace.filter(({ height }) => height === 1n);
  const decidedMs = new Map(
    report.decisions
      .filter(({ height }) => height === 1n)
      .map(({ node, timeUs }) => [node, timeUs / 1000]),
  );
  svg.setAttribute("viewBox", `0 0 ${SIZE} ${SIZE}`);
  svg.replaceChildren();
  const links = group(svg);
  for (const [validator, above] of report.topology.parent.entries())
    if (above >= 0) link(links, places[validator], places[above]);
  for (const a of report.topology.gateways)
    for (const b of report.topology.gateways) if (a < b) link(links, places[a], places[b]);
  const moving = group(svg);
  const circles = places.map(({ x, y }, validator) => {
    const isGateway = report.topology.parent[validator] === -1;
    const circle = element("circle", svg, { cx: x, cy: y, r: isGateway ? 17 : 12, stroke: "#333" });
    const label = element("text", svg, {
      x,
      y: y + 4,
      "text-anchor": "middle",
      "font-size": 11,
      "font-family": "system-ui, sans-serif",
    });
    label.textContent = String(validator);
    return circle;
  });
  return {
    report,
    endMs: Math.max(...trace.map(({ arrivesUs }) => arrivesUs), report.endUs) / 1000,
    draw(timeMs) {
      moving.replaceChildren();
      for (const message of trace) dot(moving, message, places, timeMs);
      for (const [validator, circle] of circles.entries()) {
        const decided = decidedMs.get(validator);
        const isByzantine = !report.honest.includes(validator);
        const isDecided = decided !== undefined && decided <= timeMs;
        circle.setAttribute("fill", isByzantine ? "#f4b6b6" : isDecided ? "#b8e6b8" : "#ffffff");
      }
    },
  };
}

/** One line about a run: messages counted and expected. */
export function describeFlow({ report }: Flow): string {
  const { n, m } = report;
  const counted = report.decisionMessages.get(1n) ?? 0;
  const recovery = report.counts.get(1n)?.recovery ?? 0;
  const end = Math.round(report.endUs / 1000);
  return (
    `N = ${n}, M = ${m}: ${counted} messages counted (failure-free: ${decisionWire(n, m)}), ` +
    `${recovery} for recovery, decided in view ${report.maxView} after ${end} ms, ` +
    (report.violations.length === 0 ? "no promise broken" : report.violations.join("; "))
  );
}

function dot(
  parent: SVGElement,
  message: TracedMessage,
  places: readonly { x: number; y: number }[],
  timeMs: number,
): void {
  const { sentUs, arrivesUs, stage } = message;
  const [from, to] = [places[message.from], places[message.to]];
  const [start, end] = [sentUs / 1000, arrivesUs / 1000];
  if (from === undefined || to === undefined || timeMs < start || timeMs > end) return;
  const part = end === start ? 1 : (timeMs - start) / (end - start);
  element("circle", parent, {
    cx: from.x + (to.x - from.x) * part,
    cy: from.y + (to.y - from.y) * part,
    r: message.type === "proposal" ? 7 : 5,
    fill: COLORS[stage] ?? "#000",
  });
}

function group(parent: SVGElement): SVGElement {
  return element("g", parent, {});
}

function link(
  parent: SVGElement,
  a: { x: number; y: number } | undefined,
  b: { x: number; y: number } | undefined,
): void {
  if (a === undefined || b === undefined) return;
  element("line", parent, { x1: a.x, y1: a.y, x2: b.x, y2: b.y, stroke: "#ddd" });
}

function element(
  name: string,
  parent: SVGElement,
  attributes: { readonly [name: string]: string | number },
): SVGElement {
  const created = document.createElementNS(SVG, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) created.setAttribute(key, String(value));
  parent.append(created);
  return created;
}
