/// <reference types="node" />
/** Where results go: text, CSV or JSON on standard output, pictures and pages into files. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { Table } from "../sim/tables/table.ts";
import { toCsv, toHtml, toPage, toText } from "./print.ts";

export interface Output {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
  readonly svg?: string;
}

export function withOutput(command: Command): Command {
  return command
    .option("--json", "print one JSON object: tables with columns and rows")
    .option("--csv", "print comma-separated values")
    .option("--html <file>", "write a page with tables and pictures")
    .option("--svg <file>", "write the first picture");
}

export function print(
  title: string,
  tables: readonly Table[],
  plots: () => readonly string[],
  output: Output,
): void {
  if (output.json === true) console.log(JSON.stringify({ title, tables }));
  else
    process.stdout.write(
      tables.map((table) => (output.csv === true ? toCsv(table) : toText(table))).join("\n"),
    );
  if (output.html === undefined && output.svg === undefined) return;
  const pictures = plots();
  const [first] = pictures;
  if (output.svg !== undefined) {
    if (first === undefined) throw new RangeError("there is no picture of this; leave --svg out");
    writeFileSync(output.svg, first);
  }
  if (output.html !== undefined)
    writeFileSync(output.html, toPage(title, [...pictures, ...tables.map(toHtml)]));
}
