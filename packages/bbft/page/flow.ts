/** The animated flow of a decision: validators in a picture, messages as moving dots. */
import { COMMIT_KIND, STAGES } from "../src/cli/stages.ts";
import { decisionWire } from "../src/message-counts.ts";
import {
  type SimulationOptions,
  type SimulationReport,
  simulate,
  syntheticLatency,
  type TracedMessage,
  uniformLatency,
} from "../src/sim/index.ts";
import { createTopology } from "../src/topology/topology.ts";
import { faultsTolerated } from "../src/validator-set.ts";

export interface FlowOptions {
  readonly n: number;
  readonly m: number;
  readonly seed: number;
  readonly fault: "none" | "silent-leader" | "silent-gateway" | "equivocate";
}

/** Messages that somebody sends at one moment for one purpose. */
export interface FlowStep {
  readonly sentMs: number;
  /** When the last of them arrives. */
  readonly endMs: number;
  readonly stage: string;
  readonly text: string;
}

export interface Flow {
  readonly report: SimulationReport;
  /** Virtual time of the whole picture, milliseconds. */
  readonly endMs: number;
  /** Who sends what, in order of time. */
  readonly steps: readonly FlowStep[];
  /** Draws the state at a time. */
  draw(timeMs: number): void;
}

const SVG = "http://www.w3.org/2000/svg";
const SIZE = 640;

/** Figure 5 of the paper: S0 with three members, S1 with two. */
const FIGURE_5 = [-1, -1, 0, 0, 0, 1, 1];
const FIGURE_5_DELAY_US = 20_000;

/** A network with too many faulty validators is watched so long. */
const MAX_TIME_US = 20_000_000;

/** Beside the middle of a link: what two gateways send each other at one moment does not overlap. */
const LANES: { readonly [stage: string]: number } = { exchange: 7, "finalize-a": -7 };

const PHASES = ["", " PREPARE", " COMMIT"];

/** Runs one decision of figure 5 (N = 7, M = 2) or of another network. */
export function runFlow({ n, m, seed, fault }: FlowOptions): SimulationReport {
  const options = isFigure5(n, m)
    ? { n, seed, topology: createTopology(FIGURE_5), latency: uniformLatency(n, FIGURE_5_DELAY_US) }
    : { n, m, seed, latency: syntheticLatency(n, seed, 4, 35, 75) };
  return simulate({
    ...options,
    hasTrace: true,
    maxTimeUs: MAX_TIME_US,
    ...faultOf(options, fault),
  });
}

const isFigure5 = (n: number, m: number): boolean => n === 7 && m === 2;

function faultOf(
  options: SimulationOptions,
  fault: FlowOptions["fault"],
): Pick<SimulationOptions, "byzantine"> {
  if (fault === "none") return {};
  const { gateways } = simulate(options).topology;
  const victim = gateways[fault === "silent-gateway" ? gateways.length - 1 : 0] ?? 0;
  return { byzantine: new Map([[victim, fault === "equivocate" ? "equivocate" : "silent"]]) };
}

/** Gateways on an inner circle, everybody else outside of its gateway. */
export function layOut({ n, topology }: SimulationReport): { x: number; y: number }[] {
  const center = SIZE / 2;
  const places = Array.from({ length: n }, () => ({ x: center, y: center }));
  const { gateways, root } = topology;
  const membersOf = (gateway: number): number[] =>
    root.flatMap((above, validator) =>
      above === gateway && validator !== gateway ? [validator] : [],
    );
  const total = gateways.reduce((sum, one) => sum + Math.max(1, membersOf(one).length), 0);
  const at = (position: number, radius: number): { x: number; y: number } => {
    const angle = (2 * Math.PI * position) / total - Math.PI;
    return { x: center + radius * Math.cos(angle), y: center + radius * Math.sin(angle) };
  };
  let slot = 0;
  for (const gateway of gateways) {
    const members = membersOf(gateway);
    const span = Math.max(1, members.length);
    const middle = slot + (span - 1) / 2;
    places[gateway] = gateways.length === 1 ? { x: center, y: center } : at(middle, SIZE * 0.2);
    for (const [i, member] of members.entries()) places[member] = at(slot + i, SIZE * 0.42);
    slot += span;
  }
  return places;
}

/** Messages of one moment, sender and purpose in one line. */
function listSteps(trace: readonly TracedMessage[]): FlowStep[] {
  const groups = new Map<string, TracedMessage[]>();
  const sorted = [...trace].sort((a, b) => a.sentUs - b.sentUs);
  for (const message of sorted) {
    const { sentUs, from, stage, kind, type } = message;
    const key = `${sentUs}/${from}/${stage}/${kind}/${type}`;
    groups.set(key, [...(groups.get(key) ?? []), message]);
  }
  return [...groups.values()].flatMap((messages) => {
    const [first] = messages;
    if (first === undefined) return [];
    const { sentUs, from, stage, kind, type } = first;
    const what = stage === "recovery" ? type : (STAGES[stage]?.name ?? stage);
    const to = messages.map((message) => message.to).join(", ");
    return {
      sentMs: sentUs / 1000,
      endMs: Math.max(...messages.map(({ arrivesUs }) => arrivesUs)) / 1000,
      stage,
      text: `${Math.round(sentUs / 1000)} ms: ${from} → ${to}: ${what}${PHASES[kind] ?? ""}`,
    };
  });
}

/** Puts the picture of a run into an SVG element. */
export function createFlow(svg: SVGSVGElement, options: FlowOptions): Flow {
  const report = runFlow(options);
  const { topology, honest } = report;
  const places = layOut(report);
  const trace = report.trace.filter(({ height }) => height === 1n);
  const decidedMs = new Map(
    report.decisions
      .filter(({ height }) => height === 1n)
      .map(({ node, timeUs }) => [node, timeUs / 1000]),
  );
  svg.setAttribute("viewBox", `0 0 ${SIZE} ${SIZE}`);
  svg.replaceChildren();
  const links = element("g", svg, {});
  for (const [validator, above] of topology.parent.entries())
    if (above >= 0) link(links, places[validator], places[above], "#ccc");
  for (const a of topology.gateways)
    for (const b of topology.gateways) if (a < b) link(links, places[a], places[b], "#ccc");
  const recovering = element("g", svg, { opacity: 0.35 });
  const moving = element("g", svg, {});
  const leader = topology.gateways[0];
  const circles = places.map(({ x, y }, validator) => {
    const isGateway = topology.parent[validator] === -1;
    const circle = element("circle", svg, {
      cx: x,
      cy: y,
      r: isGateway ? 19 : 13,
      stroke: "#222",
      "stroke-width": validator === leader ? 4 : 1.5,
    });
    const label = element("text", svg, {
      x,
      y: y + 4,
      fill: "#111",
      "text-anchor": "middle",
      "font-size": 12,
      "font-family": "system-ui, sans-serif",
    });
    label.textContent = String(validator);
    return circle;
  });
  return {
    report,
    endMs: Math.max(...trace.map(({ arrivesUs }) => arrivesUs), report.endUs) / 1000,
    steps: listSteps(trace),
    draw(timeMs) {
      recovering.replaceChildren();
      moving.replaceChildren();
      for (const message of trace)
        dot(message.stage === "recovery" ? recovering : moving, message, places, timeMs);
      for (const [validator, circle] of circles.entries()) {
        const decided = decidedMs.get(validator);
        const isDecided = decided !== undefined && decided <= timeMs;
        const isFaulty = !honest.includes(validator);
        circle.setAttribute("fill", isFaulty ? "#f4b6b6" : isDecided ? "#b8e6b8" : "#ffffff");
      }
    },
  };
}

/** One line about a run: messages counted and expected. */
export function describeFlow({ report }: Flow): string {
  const { n, m, honest } = report;
  const counted = report.decisionMessages.get(1n) ?? 0;
  const recovery = report.counts.get(1n)?.recovery ?? 0;
  const seconds = report.endUs / 1_000_000;
  const faulty = n - honest.length;
  const outcome = report.isComplete
    ? `decided in view ${report.maxView} after ${Math.round(seconds * 1000)} ms`
    : `NOT decided in ${Math.round(seconds)} s: ${faulty} of ${n} faulty, f = ${faultsTolerated(n)}`;
  return (
    `N = ${n}, M = ${m}: ${counted} messages counted (failure-free: ${decisionWire(n, m)}), ` +
    `${recovery} for recovery, ${honest.length === 0 ? "nobody honest is left" : outcome}` +
    (report.violations.length === 0 ? "" : `; BROKEN: ${report.violations.join("; ")}`)
  );
}

/** A message on its way: where it is, and the way that it has come. */
function dot(
  parent: SVGElement,
  message: TracedMessage,
  places: readonly { x: number; y: number }[],
  timeMs: number,
): void {
  const { sentUs, arrivesUs, stage } = message;
  const [from, to] = [places[message.from], places[message.to]];
  const [start, end] = [sentUs / 1000, arrivesUs / 1000];
  if (from === undefined || to === undefined || timeMs < start || timeMs >= end) return;
  const part = (timeMs - start) / (end - start);
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const aside = (LANES[stage] ?? 0) / length;
  const [dx, dy] = [-(to.y - from.y) * aside, (to.x - from.x) * aside];
  const origin = { x: from.x + dx, y: from.y + dy };
  const x = origin.x + (to.x - from.x) * part;
  const y = origin.y + (to.y - from.y) * part;
  const color = STAGES[stage]?.color ?? "#000";
  link(parent, origin, { x, y }, color, message.kind === COMMIT_KIND);
  element("circle", parent, {
    cx: x,
    cy: y,
    r: message.type === "proposal" ? 8 : stage === "recovery" ? 4 : 6,
    fill: color,
  });
}

function link(
  parent: SVGElement,
  a: { x: number; y: number } | undefined,
  b: { x: number; y: number } | undefined,
  stroke: string,
  isDashed = false,
): void {
  if (a === undefined || b === undefined) return;
  const dash = isDashed ? { "stroke-dasharray": "6 4" } : {};
  const ends = { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
  element("line", parent, { ...ends, ...dash, stroke, "stroke-width": 2 });
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
