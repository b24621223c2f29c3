import { decisionWire, phaseCounts } from "../../message-counts.ts";
import { syntheticLatency } from "../latency.ts";
import { simulate } from "../simulate.ts";
import type { Table } from "./table.ts";

/** Section 18.1: messages in the running core and by the formulas. */
export function messageTable(sizes: readonly (readonly [number, number])[]): Table {
  const rows = sizes.map(([n, m]) => {
    const report = simulate({ n, m, latency: syntheticLatency(n, 1, 4, 10, 40) });
    const { wire } = phaseCounts(n, m);
    const counted = report.decisionMessages.get(1n) ?? 0;
    return [n, m, wire, wire + 2, counted, decisionWire(n, m)];
  });
  return {
    title: "Messages of a decision",
    columns: [
      "N",
      "M",
      "lambda (a phase)",
      "S (a phase)",
      "decision, counted",
      "decision, formula",
    ],
    rows,
    notes: ["Counted by the running core; the two last columns must be equal."],
  };
}
