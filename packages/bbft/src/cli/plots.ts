/// <reference types="node" />
/** Pictures of the tables and of single decisions, as SVG. Drawn by Apache ECharts without a DOM. */
import { createRequire } from "node:module";
import type { SimulationReport } from "../sim/simulation-report.ts";
import type { Table } from "../sim/tables/table.ts";

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

/** Told apart by color, mark and dash, also where two lines lie on each other. */
const LINES: readonly { color: string; symbol: string; type: string }[] = [
  { color: "#1f5fa8", symbol: "circle", type: "solid" },
  { color: "#3f8f3f", symbol: "rect", type: "solid" },
  { color: "#6b5b4b", symbol: "triangle", type: "solid" },
  { color: "#c8372d", symbol: "diamond", type: "solid" },
  { color: "#7a3fa0", symbol: "emptyCircle", type: "dashed" },
];

/** Numbers of a column against the first one, a line for each column named. */
export function plotTable(
  table: Table,
  columns: readonly string[],
  axis: { readonly x: string; readonly y: string; readonly isLog?: boolean },
): string {
  const scale = axis.isLog === true ? "log" : "value";
  return draw({
    title: { text: table.title, left: "center" },
    // The unit is on the axis.
    legend: { top: 44, data: columns.map(withoutUnit) },
    grid: { top: 90, left: 90, right: 40, bottom: 60 },
    xAxis: {
      type: "category",
      name: axis.x,
      nameLocation: "middle",
      nameGap: 32,
      data: table.rows.map(([first]) => `${first}`),
    },
    yAxis: { type: scale, name: axis.y, nameLocation: "middle", nameGap: 60 },
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
        data: table.rows.map((row) => (typeof row[at] === "number" ? row[at] : null)),
      };
    }),
  });
}

const withoutUnit = (column: string): string => column.replace(/ ms$/, "");

const STAGES: { readonly [stage: string]: { readonly name: string; readonly color: string } } = {
  distribute: { name: "proposal", color: "#3558b0" },
  vote: { name: "vote", color: "#2f8a3f" },
  exchange: { name: "exchange", color: "#c07d00" },
  "finalize-a": { name: "certificate to gateways", color: "#c8372d" },
  finalize: { name: "certificate to members", color: "#1f8fb8" },
  recovery: { name: "recovery", color: "#777777" },
};

const COMMIT_KIND = 2;

/** Who sent what when: a row for each validator, a line for each message. */
export function plotTimeline(report: SimulationReport): string {
  const { topology } = report;
  const trace = report.trace.filter(({ height }) => height === 1n);
  const order = validatorOrder(topology.parent);
  const row = (validator: number): number => order.indexOf(validator);
  const ms = (us: number): number => us / 1000;
  const stages = Object.entries(STAGES).flatMap(([stage, style]) => {
    const messages = trace.filter((message) => message.stage === stage);
    return messages.length === 0 ? [] : [{ ...style, messages }];
  });
  const leader = trace.find(({ type }) => type === "proposal")?.from;
  const name = (validator: number): string => {
    const mark = report.honest.includes(validator) ? "" : " (faulty)";
    if (validator === leader) return `leader ${validator}${mark}`;
    return `${topology.parent[validator] === -1 ? "gateway " : ""}${validator}${mark}`;
  };
  const decisions = report.decisions.filter(({ height }) => height === 1n);
  const end = Math.max(0, ...trace.map(({ arrivesUs }) => arrivesUs));
  return draw(
    {
      title: {
        text: `One decision, N = ${report.n}, M = ${report.m}`,
        subtext: "proposal and PREPARE solid, COMMIT dashed",
        left: "center",
      },
      legend: { top: 60, data: [...stages.map((stage) => stage.name), "decided"] },
      grid: { top: 100, left: 140, right: 40, bottom: 60 },
      xAxis: {
        type: "value",
        name: "virtual time, ms",
        nameLocation: "middle",
        nameGap: 32,
        max: Math.ceil(ms(end) / 50) * 50,
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
        ...stages.map(({ name: stage, color, messages }) => ({
          type: "lines",
          name: stage,
          coordinateSystem: "cartesian2d",
          symbol: ["none", "arrow"],
          symbolSize: 7,
          lineStyle: { color, width: 1.4, opacity: 1 },
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

/** Gateways, each followed by its subtree. */
function validatorOrder(parent: readonly number[]): number[] {
  const below = (validator: number): number[] => [
    validator,
    ...parent.flatMap((above, child) => (above === validator ? below(child) : [])),
  ];
  return parent.flatMap((above, validator) => (above === -1 ? below(validator) : []));
}
