import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import * as butxo from "../src/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);

/** Runs an example and gives the lines that it logs. */
function runExample(code: string): string[] {
  const lines: string[] = [];
  const log = (...values: unknown[]) => lines.push(values.join(" "));
  const body = code.replaceAll(/import (\{[^}]*\}) from "@bystack\/butxo";/g, "const $1 = butxo;");
  new Function("butxo", "console", `"use strict"; ${body}`)(butxo, { log });
  return lines;
}

it("has examples", () => {
  expect(examples.length).toBe(5);
});

it.each(examples.map((code, index) => [index, code] as const))(
  "example %i logs what it says",
  (_, code) => {
    const said = [...code.matchAll(/console\.log\(.*\); \/\/ "(.*)"/g)].map(([, text]) => text);
    expect(said.length).toBeGreaterThan(0);
    expect(runExample(code)).toEqual(said);
  },
);

it("names every error code", () => {
  const source = readFileSync(new URL("../src/error.ts", import.meta.url), "utf8");
  const codes = [...source.matchAll(/^ {2}\| "(.*)"/gm)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(20);
  for (const code of codes) expect(readme).toContain(`\`${code}\``);
});
