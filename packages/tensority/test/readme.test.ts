import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

const folder = fileURLToPath(new URL(".", import.meta.url));
const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

/** What the examples take as given. */
const given = `
  const header = {
    version: 1n, height: 1n, timestamp: 0n, previousBlockHash: new Uint8Array(32),
    transactionMerkleRoot: new Uint8Array(32), transactionStatusHash: new Uint8Array(32),
    seal: { type: "proof-of-work", nonce: 0n, bits: 0n },
  };
`;

it("has examples", () => {
  expect(examples).toHaveLength(3);
});

it.each(examples)("runs: %s", async (code) => {
  const { outputFiles } = await build({
    stdin: { contents: given + code, resolveDir: folder, loader: "ts" },
    bundle: true,
    write: false,
    format: "esm",
    platform: "node",
    target: "es2022",
    conditions: ["@bystack/source"],
  });
  const bundle = Buffer.from(outputFiles[0]?.contents ?? "").toString("base64");
  await import(/* @vite-ignore */ `data:text/javascript;base64,${bundle}`);
});
