import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { examplesIn, promisedOutput, runExample } from "../../../scripts/examples.ts";
import * as butxo from "../src/index.ts";

const README = new URL("../README.md", import.meta.url);
const examples = examplesIn(README);

it("has examples", () => {
  expect(examples.length).toBe(5);
});

it.each(examples.map((code, index) => [index, code] as const))(
  "example %i prints what it says",
  async (_, code) => {
    const promised = promisedOutput(code);
    expect(promised.length).toBeGreaterThan(0);
    expect(await runExample(code, { modules: { "@bystack/butxo": butxo } })).toEqual(promised);
  },
);

it("names every error code", () => {
  const readme = readFileSync(README, "utf8");
  const source = readFileSync(new URL("../src/error.ts", import.meta.url), "utf8");
  const codes = [...source.matchAll(/^ {2}\| "(.*)"/gm)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(20);
  for (const code of codes) expect(readme).toContain(`\`${code}\``);
});
