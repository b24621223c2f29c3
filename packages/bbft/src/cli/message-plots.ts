/** Messages of a decision, counted by running cores: a table, and pictures of it. */
import { messageTable, type Table } from "../sim/index.ts";
import { plotTable } from "./plots.ts";

function sizes(maxN: number): [number, number][] {
  const all: [number, number][] = [];
  for (const n of [4, 7, 10, 16, 25, 49, 100, 196, 400, 1000]) {
    const root = Math.floor(Math.sqrt(n));
    for (const m of new Set([1, 2, root, n <= 100 ? n : root])) if (n <= maxN) all.push([n, m]);
  }
  return all;
}

/** Counts network by network, to say how far it is. */
export function countMessages(maxN: number, onProgress: (text: string) => void): Table {
  const parts = sizes(maxN).map(([n, m]) => {
    onProgress(`N = ${n}, M = ${m}`);
    return messageTable([[n, m]]);
  });
  return { ...messageTable([]), rows: parts.flatMap(({ rows }) => rows) };
}

/** Column of the messages that the core counted. */
const COUNTED = 4;

/** A picture of messages against N. */
export function plotByN(table: Table): string {
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
      return row?.[COUNTED] ?? "";
    }),
  ]);
  const columns = ["N", ...kinds.map(([name]) => name)];
  const chart = { title: "Messages of a decision against N", columns, rows, notes: [] };
  return plotTable(chart, columns.slice(1), { x: "validators, N", y: "messages", isLog: true });
}

/** A picture of messages against M. */
export function plotByM(maxN: number): string {
  const ns = [16, 49, 100].filter((n) => n <= Math.max(16, maxN));
  const ms = [1, 2, 3, 4, 6, 8, 11, 16, 23, 32, 49, 70, 100];
  const rows = ms.map((m) => [
    m,
    ...ns.map((n) => (m <= n ? (messageTable([[n, m]]).rows[0]?.[COUNTED] ?? "") : "")),
  ]);
  const columns = ["M", ...ns.map((n) => `N = ${n}`)];
  const chart = { title: "Messages of a decision against M", columns, rows, notes: [] };
  const x = "top-level gateways, M";
  return plotTable(chart, columns.slice(1), { x, y: "messages", isLog: true });
}
