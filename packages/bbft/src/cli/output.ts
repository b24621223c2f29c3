/// <reference types="node" />
/** Where results go: text, CSV or JSON on standard output, pictures and pages into files. */
import { statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Command, Option } from "commander";
import type { Table } from "../sim/index.ts";
import { toCsv, toHtml, toPage, toText } from "./print.ts";

export interface Output {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
  readonly svg?: string;
}

/** @param hasPictures are there any of these results? */
export function withOutput(command: Command, hasPictures: boolean): Command {
  command
    .option("--json", "print one JSON object: tables with columns and rows")
    .addOption(
      new Option("--csv", "print comma-separated values, an empty line between tables").conflicts(
        "json",
      ),
    )
    .option("--html <file>", `write a page with the tables${hasPictures ? " and pictures" : ""}`);
  return hasPictures ? command.option("--svg <file>", "write the first picture") : command;
}

/**
 * Finds out that a file cannot be written before hours of work are done for it.
 *
 * @throws RangeError
 */
export function checkFiles({ html, svg }: Output): void {
  for (const [option, path] of Object.entries({ html, svg })) {
    if (path === undefined) continue;
    const folder = dirname(path);
    if (!isFolder(folder))
      throw new RangeError(`--${option} ${path}: there is no folder ${folder}; make it first`);
    if (isFolder(path))
      throw new RangeError(`--${option} ${path}: this is a folder; give a file in it`);
  }
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

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
  const [first = ""] = pictures;
  if (output.svg !== undefined) writeFileSync(output.svg, first);
  if (output.html !== undefined)
    writeFileSync(output.html, toPage(title, [...pictures, ...tables.map(toHtml)]));
}
