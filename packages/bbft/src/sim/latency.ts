/** One-way delays of a simulated network. */
import { type Distances, normalizeLatency } from "../topology/latency.ts";
import { Random } from "./random.ts";

/** One-way delay in microseconds, row = sender. */
export interface LatencyMatrix {
  readonly n: number;
  readonly us: Float64Array;
  /** Region of each validator; empty where there are none. */
  readonly region: readonly number[];
}

/** Cloud regions, clockwise around the globe. */
export const WORLD_REGIONS: readonly string[] = [
  "us-west",
  "us-east",
  "sao-paulo",
  "london",
  "frankfurt",
  "mumbai",
  "singapore",
  "tokyo",
];

/** One-way milliseconds between the regions, 35 to 160: typical of public round-trip tables. */
const WORLD_MS: readonly (readonly number[])[] = [
  [2, 35, 88, 69, 74, 110, 85, 54],
  [35, 2, 58, 38, 45, 93, 108, 78],
  [88, 58, 2, 94, 101, 151, 160, 128],
  [69, 38, 94, 2, 35, 56, 87, 110],
  [74, 45, 101, 35, 2, 55, 80, 115],
  [110, 93, 151, 56, 55, 2, 35, 62],
  [85, 108, 160, 87, 80, 35, 2, 36],
  [54, 78, 128, 110, 115, 62, 36, 2],
];

/** Of a table from outside; eleven days. */
const MAX_DELAY_MS = 1e9;

/** Validators spread over the world's regions in turn; 1 to 3 ms inside a region. */
export function worldLatency(n: number, seed: number): LatencyMatrix {
  return regionLatency(n, WORLD_MS, seed);
}

/** Regions with random one-way delays between them, milliseconds. */
export function syntheticLatency(
  n: number,
  seed: number,
  regions: number,
  lowMs: number,
  highMs: number,
): LatencyMatrix {
  const random = new Random(seed ^ 0x5eed);
  const table = Array.from({ length: regions }, () => new Array<number>(regions).fill(2));
  for (let a = 0; a < regions; a++)
    for (let b = a + 1; b < regions; b++) {
      const delay = random.integer(lowMs, highMs);
      for (const [i, j] of [
        [a, b],
        [b, a],
      ] as const) {
        const row = table[i];
        if (row !== undefined) row[j] = delay;
      }
    }
  return regionLatency(n, table, seed);
}

function regionLatency(
  n: number,
  table: readonly (readonly number[])[],
  seed: number,
): LatencyMatrix {
  const random = new Random(seed);
  const region = Array.from({ length: n }, (_, i) => i % table.length);
  const us = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      const [a = 0, b = 0] = [region[i], region[j]];
      const base = a === b ? random.integer(1000, 3000) : (table[a]?.[b] ?? 0) * 1000;
      const delay = a === b ? base : base + random.integer(0, 2000);
      us[i * n + j] = delay;
      us[j * n + i] = delay;
    }
  return { n, us, region };
}

/** The same delay between any two validators. */
export function uniformLatency(n: number, us: number): LatencyMatrix {
  const values = new Float64Array(n * n).fill(us);
  for (let i = 0; i < n; i++) values[i * n + i] = 0;
  return { n, us: values, region: [] };
}

/**
 * Reads one-way milliseconds, a row for each sender, separated by commas.
 *
 * @throws RangeError when it is no square of numbers from 0 to 10^9; rows and columns count from 1
 */
export function parseLatencyCsv(text: string): LatencyMatrix {
  const rows = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => line.split(",").map((cell) => cell.trim()));
  const n = rows.length;
  if (n === 0) throw new RangeError("there are no delays in it");
  const us = new Float64Array(n * n);
  for (const [i, row] of rows.entries()) {
    if (row.length !== n) throw new RangeError(`row ${i + 1} has ${row.length} values, not ${n}`);
    for (const [j, cell] of row.entries()) {
      const ms = cell === "" ? Number.NaN : Number(cell);
      if (!(ms >= 0 && ms <= MAX_DELAY_MS))
        throw new RangeError(`row ${i + 1}, column ${j + 1} is not a delay: "${cell}"`);
      us[i * n + j] = Math.round(ms * 1000);
    }
  }
  return { n, us, region: [] };
}

/** What the validators would have measured, in units of 100 microseconds. */
export function measuredDistances({ n, us }: LatencyMatrix): Distances {
  return normalizeLatency(n, (i, j) => Math.min(65534, Math.round((us[i * n + j] ?? 0) / 100)));
}
