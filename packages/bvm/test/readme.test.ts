import { readFileSync, writeFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import * as bvm from "../src/index.ts";
import { mainChainOpcodes, type OpcodeInfo, sideChainOpcodes } from "../src/index.ts";

const url = new URL("../README.md", import.meta.url);
const readme = readFileSync(url, "utf8");

const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...args: unknown[]) => Promise<void>;

/** What a block prints, by its comments: behind a console.log, or on lines of their own. */
function expectedOutput(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$|^\/\/ ?(.*)$/gm)].map(
    ([, behind, below]) => behind ?? below ?? "",
  );
}

async function output(code: string): Promise<string[]> {
  const lines: string[] = [];
  const show = (value: unknown) =>
    typeof value === "string" && !value.includes("\n")
      ? value
      : inspect(value).replaceAll("'", '"');
  const log = (...values: unknown[]) => lines.push(values.map(show).join(" "));
  const body = code.replaceAll(
    /import \{([^}]*)\} from "@bystack\/bvm";/g,
    (_, names) => `const {${names}} = bvm;`,
  );
  await new AsyncFunction("bvm", "console", body)(bvm, { log });
  return lines;
}

describe("README examples", () => {
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? "");

  it.each(blocks)("%#", async (code) => {
    expect(await output(code)).toEqual(expectedOutput(code));
  });

  it("are there", () => expect(blocks.length).toBeGreaterThan(3));
});

/** The table in the README, from the data. `UPDATE_README=1` writes it. */
function opcodeTable(): string {
  const rows = [
    ...mainChainOpcodes.byCode.filter(({ group }) => group !== "expansion"),
    ...sideChainOpcodes.byCode.filter(({ name }) => !mainChainOpcodes.byName.has(name)),
  ];
  const lines = ["| Byte | Name | Gas | Data stack |", "| --- | --- | --- | --- |"];
  for (let i = 0; i < rows.length; i++) {
    const first = rows[i];
    if (first === undefined) continue;
    let last = first;
    for (let next = rows[i + 1]; next !== undefined && isSameRow(last, next); next = rows[++i + 1])
      last = next;
    lines.push(row(first, last));
  }
  return lines.join("\n");
}

/** Runs of pushes share a line. */
function isSameRow(a: OpcodeInfo, b: OpcodeInfo): boolean {
  const [first, second] = [kind(a), kind(b)];
  return first !== undefined && first === second && a.code + 1 === b.code;
}

function kind({ group, name }: OpcodeInfo): string | undefined {
  return group === "push" ? /^DATA_|^(?=\d+$)/.exec(name)?.[0] : undefined;
}

function row(first: OpcodeInfo, last: OpcodeInfo): string {
  const range = (a: string, b: string) => (a === b ? a : `${a} … ${b}`);
  const byte = ({ code }: OpcodeInfo) => `\`${code.toString(16).padStart(2, "0")}\``;
  const gas = [first.cost === 0 ? "" : `${first.cost}`, first.costNote].filter(Boolean).join(" ");
  const sideChainOnly = mainChainOpcodes.byName.has(first.name) ? "" : " (side chain)";
  const stack = first === last || first.name === "DATA_1" ? first.stack : "→ the number";
  const name = range(first.name, last.name) + sideChainOnly;
  return `| ${range(byte(first), byte(last))} | ${name} | ${gas || 0} | ${stack} |`;
}

/** The formatter pads the cells of tables. */
function withoutPadding(text: string): string {
  return text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
}

it("README table agrees with the data", () => {
  const pattern = /(<!-- opcodes -->\n).*?(<!-- \/opcodes -->)/s;
  const expected = readme.replace(
    pattern,
    (_, open, close) => `${open}\n${opcodeTable()}\n\n${close}`,
  );
  if (process.env["UPDATE_README"] === "1") writeFileSync(url, expected);
  else expect(withoutPadding(readme)).toBe(withoutPadding(expected));
});
