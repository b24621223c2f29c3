/** The experiments of section 18 by name. */
import { simulate } from "../sim/simulate.ts";
import { blockTable } from "../sim/tables/block-table.ts";
import { faultTable } from "../sim/tables/fault-table.ts";
import { latencyTable } from "../sim/tables/latency-table.ts";
import { eightRegions } from "../sim/tables/measure.ts";
import { messageTable } from "../sim/tables/message-table.ts";
import { differenceTable, type Table } from "../sim/tables/table.ts";
import { throughputTable } from "../sim/tables/throughput-table.ts";
import { plotTable, plotTimeline } from "./plots.ts";

export interface PresetOptions {
  readonly maxN: number;
  readonly seeds: number;
  readonly seed: number;
  /** Told how far it is. */
  readonly onProgress: (text: string) => void;
}

interface PresetResult {
  readonly tables: readonly Table[];
  /** SVG pictures; drawn only when asked for. */
  plots(): readonly string[];
}

export interface Preset {
  readonly description: string;
  /** Which of the options it has. */
  readonly options: readonly (keyof PresetOptions)[];
  /** What could follow the name on a command line. */
  readonly example: string;
  /** Of the latencies, when none is given: a matrix whose baselines are close to the printed ones. */
  readonly seed: number;
  run(options: PresetOptions): PresetResult;
}

function sizes(maxN: number): [number, number][] {
  const all: [number, number][] = [];
  for (const n of [4, 7, 10, 16, 25, 49, 100, 196, 400, 1000]) {
    const root = Math.floor(Math.sqrt(n));
    for (const m of new Set([1, 2, root, n <= 100 ? n : root])) if (n <= maxN) all.push([n, m]);
  }
  return all;
}

const PROTOCOLS = ["PBFT ms", "FBFT ms", "HotStuff ms"];

export const presets: { readonly [name: string]: Preset } = {
  messages: {
    description: "messages against N and M, counted and by the formulas (18.1)",
    options: ["maxN"],
    example: "--max-n 1000 --svg messages.svg",
    seed: 1,
    run({ maxN }) {
      const table = messageTable(sizes(maxN));
      return {
        tables: [table],
        plots: () => {
          const kinds: [string, (n: number, m: number) => boolean][] = [
            ["M = 1", (_n, m) => m === 1],
            ["M = √N", (n, m) => m === Math.floor(Math.sqrt(n))],
            ["M = N", (n, m) => m === n],
          ];
          const ns = [...new Set(table.rows.map(([n]) => Number(n)))];
          const rows = ns.map((n) => [
            n,
            ...kinds.map(([, isKind]) => {
              const row = table.rows.find(([a, m]) => a === n && isKind(n, Number(m)));
              return row?.[4] ?? "";
            }),
          ]);
          const columns = ["N", ...kinds.map(([name]) => name)];
          const chart = { title: "Messages of a decision", columns, rows, notes: [] };
          return [
            plotTable(chart, columns.slice(1), { x: "validators, N", y: "messages", isLog: true }),
          ];
        },
      };
    },
  },
  latency: {
    description: "time to a decision against N, pure latency, with the baselines (18.2)",
    options: ["maxN", "seed"],
    example: "--max-n 1000 --html latency.html",
    seed: 36,
    run({ maxN, seed }) {
      const table = latencyTable(maxN, seed);
      const columns = [...PROTOCOLS, "BBFT M=min(8,√N) ms", "BBFT M=√N ms"];
      return {
        tables: [table, differenceTable(table)],
        plots: () => [
          plotTable(table, columns, { x: "validators, N", y: "time to a decision, ms" }),
        ],
      };
    },
  },
  block: {
    description: "time to a decision with a 1 MB block over 100 Mbit/s uplinks (18.2)",
    options: ["maxN", "seed"],
    example: "--max-n 1000 --html block.html",
    seed: 1,
    run({ maxN, seed }) {
      const table = blockTable(maxN, seed);
      const columns = [...PROTOCOLS, "BBFT one level ms", "BBFT two levels ms"];
      return {
        tables: [table, differenceTable(table)],
        plots: () => [
          plotTable(table, columns, {
            x: "validators, N",
            y: "time to a decision, ms",
            isLog: true,
          }),
        ],
      };
    },
  },
  throughput: {
    description: "the throughput model with full and compact relay (18.3)",
    options: ["seed"],
    example: "--csv",
    seed: 1,
    run({ seed }) {
      return { tables: [throughputTable(100, seed)], plots: () => [] };
    },
  },
  faults: {
    description: "fault injection: what must hold, and how long it takes (18.4)",
    options: ["seeds"],
    example: "--seeds 100",
    seed: 1,
    run({ seeds, onProgress }) {
      return { tables: [faultTable(seeds, onProgress)], plots: () => [] };
    },
  },
  decision: {
    description: "one decision of figure 5: who sent what when",
    options: ["seed"],
    example: "--svg decision.svg",
    seed: 1,
    run({ seed }) {
      const report = simulate({
        n: 7,
        m: 2,
        seed,
        latency: eightRegions(7, seed),
        hasTrace: true,
        parameters: { viewTimeoutMs: 20_000 },
      });
      const rows = report.trace
        .filter(({ height }) => height === 1n)
        .map(({ sentUs, arrivesUs, from, to, type, stage, kind }) => [
          sentUs / 1000,
          arrivesUs / 1000,
          from,
          to,
          type,
          stage,
          ["", "PREPARE", "COMMIT"][kind] ?? "",
        ]);
      const columns = ["sent ms", "arrives ms", "from", "to", "message", "stage", "phase"];
      const title = "Messages of one decision, N = 7, M = 2";
      return {
        tables: [{ title, columns, rows, notes: [] }],
        plots: () => [plotTimeline(report)],
      };
    },
  },
};
