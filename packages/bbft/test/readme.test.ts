import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const blocks = [
  ...readFileSync(join(root, "README.md"), "utf8").matchAll(/```ts\n([\s\S]*?)```/g),
].map(([, code = ""]) => code);

/** What a line promises: the comment behind its `console.log`. */
function promised(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text = ""]) =>
    (text.split(":")[0] ?? "").replaceAll('"', ""),
  );
}

it("has examples", () => expect(blocks.length).toBe(2));

it.each(blocks.map((code, at) => [at + 1, code] as const))(
  "example %i prints what it says",
  async (_at, code) => {
    const outfile = join(mkdtempSync(join(tmpdir(), "bbft-readme-")), "example.mjs");
    await build({
      stdin: { contents: code, resolveDir: root, loader: "ts" },
      outfile,
      bundle: true,
      format: "esm",
      platform: "node",
      conditions: ["@bystack/source"],
      logLevel: "error",
    });
    const printed = execFileSync(process.execPath, [outfile], { encoding: "utf8" });
    expect(printed.trim().split("\n")).toEqual(promised(code));
  },
);
