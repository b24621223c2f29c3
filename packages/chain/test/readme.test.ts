import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import * as butxo from "@bystack/butxo";
import * as storage from "@bystack/storage";
import { describe, expect, it } from "vitest";
import * as chain from "../src/index.ts";
import * as pool from "../src/pool/index.ts";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const AsyncFunction = (async () => {}).constructor as new (
  ...parts: string[]
) => (...args: unknown[]) => Promise<void>;

/** What a block prints, by its comments: behind a console.log, or on lines of their own. */
function expectedOutput(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$|^\/\/ (.*)$/gm)].map(
    ([, behind, below]) => behind ?? below ?? "",
  );
}

async function output(code: string): Promise<string[]> {
  const lines: string[] = [];
  const show = (value: unknown) => (typeof value === "string" ? value : inspect(value));
  const log = (...values: unknown[]) => lines.push(values.map(show).join(" "));
  const body = code.replaceAll(
    /import \{([^}]*)\} from "@bystack\/(?:chain\/)?(\w+)";/g,
    (_, names, from) => `const {${names}} = packages.${from};`,
  );
  await new AsyncFunction("packages", "console", body)(
    { chain, butxo, storage, pool },
    {
      log,
    },
  );
  return lines;
}

describe("README examples", () => {
  const blocks = [...readme.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? "");

  it.each(blocks)("%#", async (code) => {
    expect((await output(code)).sort()).toEqual(expectedOutput(code).sort());
  });

  it("are there", () => expect(blocks.length).toBeGreaterThan(1));
});
