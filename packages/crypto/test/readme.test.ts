import { readFileSync } from "node:fs";
import { afterEach, expect, it } from "vitest";
import * as crypto from "../src/index.ts";
import * as sodium from "../src/sodium.ts";
import { sign } from "./signing.ts";

type Example = (...values: unknown[]) => Promise<void>;
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as new (
  ...parametersAndBody: string[]
) => Example;

const modules = { "@bystack/crypto": crypto, "@bystack/crypto/sodium": sodium };
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, code = ""]) => code);

afterEach(() => {
  crypto.useSha3Backend();
  crypto.useSignatureBackend();
});

/** Runs an example with what it takes for granted, and gives what it logs. */
async function runExample(code: string): Promise<string[]> {
  const lines: string[] = [];
  const given = {
    modules,
    ...sign({ message: new TextEncoder().encode("hello"), secret: 7n, nonce: 9n }),
    left: new Uint8Array(32),
    right: new Uint8Array(32).fill(1),
    console: { log: (...values: unknown[]) => lines.push(values.join(" ")) },
  };
  const body = code.replaceAll(/import (\{.*?\}) from ("[^"]+");/g, "const $1 = modules[$2];");
  await new AsyncFunction(...Object.keys(given), body)(...Object.values(given));
  return lines;
}

it("has examples", () => {
  expect(examples.length).toBe(4);
});

it.each(examples.map((code, index) => [index, code] as const))(
  "example %i runs",
  async (_, code) => {
    const expected = [...code.matchAll(/console\.log\(.*\); \/\/ "(.*)"/g)].map(([, text]) => text);
    const lines = await runExample(code);
    if (expected.length > 0) expect(lines).toEqual(expected);
  },
);

it("gives the verdicts that the README promises", async () => {
  expect(await runExample(examples[3] ?? "")).toEqual(["node-crypto true", "noble true"]);
  await runExample(examples[2] ?? "");
  expect(crypto.signatureBackend().name).toBe("libsodium");
});
