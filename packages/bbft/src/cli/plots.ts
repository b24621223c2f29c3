/// <reference types="node" />
/** Pictures of the tables and of single decisions, as SVG. Drawn by Apache ECharts without a DOM. */
import { createRequire } from "node:module";
import type { SimulationReport, TracedMessage } from "../sim/simulate.ts";
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

/** Numbers of a column against the first one, a line for each column named. */
export function plotTable(
  table: Table,
  columns: readonly string[],
  axis: { readonly x: string; readonly y: string; readonly isLog?: boolean },
): string {
  const scale = axis.isLog === true ? "log" : "value";
  return draw({
    title: { text: table.title, left: "center" },
    legend: { top: 44 },
    grid: { top: 90, left: 80, right: 40, bottom: 50 },
    xAxis: { type: "log", name: axis.x, nameLocation: "middle", nameGap: 28 },
    yAxis: { type: scale, name: axis.y },
    series: columns.map((name) => {
      const at = table.columns.indexOf(name);
      return {
        type: "line",
        name,
        data: table.rows
          .filter((row) => typeof row[at] === "number")
          .map((row) => [row[0] ?? 0, row[at] ?? 0]),
      };
    }),
  });
}

const STAGE_COLORS: { readonly [stage: string]: string } = {
  distribute: "#5470c6",
  vote: "#91cc75",
  exchange: "#fac858",
  "finalize-a": "#ee6666",
  finalize: "#73c0de",
  recovery: "#999999",
};

/** Who sent what when: a row for each validator, a line for each message. */
export function plotTimeline(report: SimulationReport): string {
  const { trace, topology } = report;
  const order = validatorOrder(topology.parent);
  const row = (validator: number): number => order.indexOf(validator);
  const ofStage = (stage: string): TracedMessage[] =>
    trace.filter((message) => message.stage === stage && message.height === 1n);
  const ms = (us: number): number => us / 1000;
  return draw(
    {
      title: { text: `One decision, N = ${report.n}, M = ${report.m}`, left: "center" },
      legend: { top: 44, data: Object.keys(STAGE_COLORS) },
      grid: { top: 90, left: 90, right: 40, bottom: 50 },
      xAxis: { type: "value", name: "ms", nameLocation: "middle", nameGap: 28 },
      yAxis: {
        type: "category",
        inverse: true,
        data: order.map((validator) =>
          topology.parent[validator] === -1 ? `gateway ${validator}` : `${validator}`,
        ),
      },
      series: [
        ...Object.entries(STAGE_COLORS).map(([stage, color]) => ({
          type: "lines",
          name: stage,
          coordinateSystem: "cartesian2d",
          symbol: ["none", "arrow"],
          symbolSize: 6,
          lineStyle: { color, width: 1, opacity: 0.9 },
          itemStyle: { color },
          data: ofStage(stage).map(({ sentUs, arrivesUs, from, to }) => ({
            coords: [
              [ms(sentUs), row(from)],
              [ms(arrivesUs), row(to)],
            ],
          })),
        })),
        {
          type: "scatter",
          name: "decided",
          symbol: "diamond",
          symbolSize: 11,
          itemStyle: { color: "#222" },
          data: report.decisions
            .filter(({ height }) => height === 1n)
            .map(({ node, timeUs }) => [ms(timeUs), row(node)]),
        },
      ],
    },
    Math.max(SIZE.height, 120 + 22 * report.n),
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
