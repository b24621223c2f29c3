/// <reference types="node" />
/** Pictures of the tables and of single decisions, as SVG. Drawn by Apache ECharts without a DOM. */
import { createRequire } from "node:module";
import type { SimulationReport, Table } from "../sim/index.ts";
import { COMMIT_KIND, STAGES } from "./stages.ts";

/** The part of ECharts that is used; its own types need a DOM, which a command line has not. */
interface ECharts {
  init(
    element: null,
    theme: null,
    options: { renderer: "svg"; ssr: true; width: number; height: number },
  ): {
    setOption(option: object): void;
    renderToSVGString(): string;
    dispose(): void;
  };
}

const SIZE = { width: 960, height: 540 };

function draw(option: object, height: number = SIZE.height): string {
  // Loaded when the first picture is drawn: it is large, and most runs print tables only.
  const require = createRequire(import.meta.url);
  const echarts = require("echarts") as ECharts;
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width: SIZE.width, height });
  chart.setOption({ animation: false, backgroundColor: "#fff", ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/**
 * Texts are measured without their font: too short for a wide one, so there is room between.
 */
const LEGEND = { itemGap: 32, itemWidth: 24, textStyle: { fontSize: 12 } };

/** Told apart by color, mark and dash, also where two lines lie on each other. */
const LINES: readonly { color: string; symbol: string; type: string }[] = [
  { color: "#1f5fa8", symbol: "circle", type: "solid" },
  { color: "#3f8f3f", symbol: "rect", type: "solid" },
  { color: "#6b5b4b", symbol: "triangle", type: "solid" },
  { color: "#c8372d", symbol: "diamond", type: "solid" },
  { color: "#7a3fa0", symbol: "emptyCircle", type: "dashed" },
];

/**
 * Numbers of a column against the first one, a line for each column named. The first one is
 * logarithmic, so that a power of N is a straight line where the other axis is logarithmic, too.
 */
export function plotTable(
  table: Table,
  columns: readonly string[],
  axis: { readonly x: string; readonly y: string; readonly isLog?: boolean },
): string {
  const isLog = axis.isLog === true;
  const first = table.rows.map((row) => Number(row[0]));
  return draw({
    title: { text: table.title, left: "center" },
    // The unit is on the axis.
    legend: { ...LEGEND, top: 44, data: columns.map(withoutUnit) },
    grid: { top: 90, left: 90, right: 40, bottom: 60 },
    xAxis: {
      type: "log",
      logBase: 2,
      min: 2 ** Math.floor(Math.log2(Math.min(...first))),
      max: 2 ** Math.ceil(Math.log2(Math.max(...first))),
      name: `${axis.x} (log scale)`,
      nameLocation: "middle",
      nameGap: 32,
    },
    yAxis: {
      type: isLog ? "log" : "value",
      name: isLog ? `${axis.y} (log scale)` : axis.y,
      nameLocation: "middle",
      nameGap: 60,
    },
    series: columns.map((name, line) => {
      const at = table.columns.indexOf(name);
      const { color, symbol, type } = LINES[line % LINES.length] ?? {};
      return {
        type: "line",
        name: withoutUnit(name),
        symbol,
        symbolSize: 8,
        itemStyle: { color },
        lineStyle: { color, type, width: 2 },
        data: table.rows.flatMap((row) => (typeof row[at] === "number" ? [[row[0], row[at]]] : [])),
      };
    }),
  });
}

const withoutUnit = (column: string): string => column.replace(/ ms$/, "");

/** More messages of recovery than that are a gray area, and megabytes. */
const MAX_RECOVERIES = 2000;

/** Who sent what when: a row for each validator, a line for each message. */
export function plotTimeline(report: SimulationReport): string {
  const { topology } = report;
  const all = report.trace.filter(({ height }) => height === 1n);
  const recoveries = all.filter(({ stage }) => stage === "recovery").length;
  const isCrowded = recoveries > MAX_RECOVERIES;
  const trace = isCrowded ? all.filter(({ stage }) => stage !== "recovery") : all;
  const order = validatorOrder(topology.parent);
  const row = (validator: number): number => order.indexOf(validator);
  const ms = (us: number): number => us / 1000;
  const stages = Object.entries(STAGES).flatMap(([stage, style]) => {
    const messages = trace.filter((message) => message.stage === stage);
    return messages.length === 0 ? [] : [{ ...style, ...lineOf(stage), messages }];
  });
  const leader = trace.find(({ type }) => type === "proposal")?.from;
  const name = (validator: number): string => {
    const mark = report.honest.includes(validator) ? "" : " (faulty)";
    if (validator === leader) return `leader ${validator}${mark}`;
    return `${topology.parent[validator] === -1 ? "gateway " : ""}${validator}${mark}`;
  };
  const decisions = report.decisions.filter(({ height }) => height === 1n);
  const end = ms(trace.reduce((latest, { arrivesUs }) => Math.max(latest, arrivesUs), 0));
  // Where recovery is left out nothing would be drawn for seconds.
  const start = isCrowded
    ? ms(trace.reduce((least, { sentUs }) => Math.min(least, sentUs), end * 1000))
    : 0;
  const interval = roundStep((end - start) / 10);
  return draw(
    {
      title: {
        text: `One decision, N = ${report.n}, M = ${report.m}`,
        subtext: `proposal and PREPARE solid, COMMIT dashed${
          isCrowded ? `; ${recoveries} messages of recovery are not drawn` : ""
        }`,
        left: "center",
      },
      legend: { ...LEGEND, top: 62, data: [...stages.map((stage) => stage.name), "decided"] },
      grid: { top: 105, left: 140, right: 40, bottom: 60 },
      xAxis: {
        type: "value",
        name: "virtual time, ms",
        nameLocation: "middle",
        nameGap: 32,
        interval,
        min: Math.floor(start / interval) * interval,
        max: Math.max(1, Math.ceil(end / interval)) * interval,
      },
      yAxis: {
        type: "category",
        name: "validator",
        nameLocation: "middle",
        nameGap: 115,
        inverse: true,
        data: order.map(name),
      },
      series: [
        ...stages.map(({ name: stage, color, width, opacity, z, messages }) => ({
          type: "lines",
          name: stage,
          z,
          coordinateSystem: "cartesian2d",
          symbol: ["none", "arrow"],
          symbolSize: 7,
          lineStyle: { color, width, opacity },
          itemStyle: { color },
          data: messages.map(({ sentUs, arrivesUs, from, to, kind }) => ({
            coords: [
              [ms(sentUs), row(from)],
              [ms(arrivesUs), row(to)],
            ],
            lineStyle: { type: kind === COMMIT_KIND ? "dashed" : "solid" },
          })),
        })),
        {
          type: "scatter",
          name: "decided",
          z: 4,
          symbol: "diamond",
          symbolSize: 11,
          itemStyle: { color: "#222" },
          data: decisions.map(({ node, timeUs }) => [ms(timeUs), row(node)]),
        },
      ],
    },
    Math.max(SIZE.height, 160 + 22 * report.n),
  );
}

/** Timeouts of everybody to everybody do not cover the votes; an exchange stays seen below a certificate. */
function lineOf(stage: string): {
  readonly width: number;
  readonly opacity: number;
  readonly z: number;
} {
  if (stage === "recovery") return { width: 0.7, opacity: 0.4, z: 2 };
  return { width: stage === "exchange" ? 3 : 1.4, opacity: 1, z: 3 };
}

/** 1, 2 or 5 with zeros, at least as large. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, atLeast)));
  return power * ([1, 2, 5].find((digit) => digit * power >= atLeast) ?? 10);
}

/** Gateways, each followed by its subtree. */
function validatorOrder(parent: readonly number[]): number[] {
  const below = (validator: number): number[] => [
    validator,
    ...parent.flatMap((above, child) => (above === validator ? below(child) : [])),
  ];
  return parent.flatMap((above, validator) => (above === -1 ? below(validator) : []));
}
