/** The experiments of section 18 by name. */
import {
  blockTable,
  differenceTable,
  eightRegions,
  faultTable,
  latencyTable,
  simulate,
  type Table,
  throughputTable,
} from "../sim/index.ts";
import { countMessages, plotByM, plotByN } from "./message-plots.ts";
import { plotTable, plotTimeline } from "./plots.ts";
import { STAGES } from "./stages.ts";

export interface PresetOptions {
  readonly maxN: number;
  readonly seeds: number;
  readonly seed: number;
  /** Told how far it is. */
  readonly onProgress: (text: string) => void;
}

interface PresetResult {
  readonly tables: readonly Table[];
  /** SVG pictures, at least one where the preset has any; drawn only when asked for. */
  plots(): readonly string[];
}

export interface Preset {
  readonly description: string;
  /** Which of the options it has. */
  readonly options: readonly (keyof PresetOptions)[];
  readonly hasPictures: boolean;
  /** Fewest and most validators of its networks, where `maxN` is an option. */
  readonly sizes?: readonly [number, number];
  /** What could follow the name on a command line. */
  readonly example: string;
  /** Of the latencies, when none is given: a matrix whose baselines are close to the printed ones. */
  readonly seed: number;
  run(options: PresetOptions): PresetResult;
}

const STAGE_NOTES = [
  `Stages: ${Object.entries(STAGES)
    .map(([stage, { name }]) => (stage === name ? stage : `${stage} = ${name}`))
    .join(", ")}.`,
];

const PROTOCOLS = ["PBFT ms", "FBFT ms", "HotStuff ms"];

export const presets: { readonly [name: string]: Preset } = {
  messages: {
    description: "messages against N and M, counted and by the formulas (18.1)",
    options: ["maxN"],
    example: "--max-n 1000 --svg messages.svg",
    seed: 1,
    hasPictures: true,
    sizes: [4, 1000],
    run({ maxN, onProgress }) {
      const table = countMessages(maxN, onProgress);
      const notes = [
        ...table.notes,
        "lambda = M^2 - 2M + 3N - 2: messages on the wire. S = lambda + 2: with the leader's own copies of proposal and certificate.",
      ];
      return { tables: [{ ...table, notes }], plots: () => [plotByN(table), plotByM(maxN)] };
    },
  },
  latency: {
    description: "time to a decision against N, pure latency, with the baselines (18.2)",
    options: ["maxN", "seed"],
    example: "--max-n 1000 --html latency.html",
    seed: 36,
    hasPictures: true,
    sizes: [10, 1000],
    run({ maxN, seed, onProgress }) {
      onProgress(`networks of 10 to ${maxN} validators; those of 1000 take a minute`);
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
    hasPictures: true,
    sizes: [21, 1000],
    run({ maxN, seed, onProgress }) {
      onProgress(`networks of 21 to ${maxN} validators; those of 1000 take minutes`);
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
    hasPictures: false,
    run({ seed, onProgress }) {
      onProgress("six networks of 100 validators");
      return { tables: [throughputTable(100, seed)], plots: () => [] };
    },
  },
  faults: {
    description: "fault injection: what must hold, and how long it takes (18.4)",
    options: ["seeds"],
    example: "--seeds 100",
    seed: 1,
    hasPictures: false,
    run({ seeds, onProgress }) {
      return { tables: [faultTable(seeds, onProgress)], plots: () => [] };
    },
  },
  decision: {
    description: "one decision of figure 5: who sent what when",
    options: ["seed"],
    example: "--svg decision.svg",
    seed: 1,
    hasPictures: true,
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
        tables: [{ title, columns, rows, notes: STAGE_NOTES }],
        plots: () => [plotTimeline(report)],
      };
    },
  },
};
