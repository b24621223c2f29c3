import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { campaignCommand } from "../src/cli/campaign-command.ts";
import { exploreCommand } from "../src/cli/explore-command.ts";
import { presetCommand } from "../src/cli/preset-command.ts";
import { runCommand } from "../src/cli/run-command.ts";

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

it("has examples", () => expect(blocks.length).toBe(4));

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

it("names what is exported", () => {
  const entries = ["index.ts", "sim/index.ts", "explore/index.ts", "node/index.ts"];
  const exported = entries.map((path) => readFileSync(join(root, "src", path), "utf8")).join();
  const rows = readFileSync(join(root, "README.md"), "utf8").match(/^\|.*$/gm) ?? [];
  const names = [...rows.join().matchAll(/`(\w*[A-Z]\w*)/g)].map(([, name = ""]) => name);
  // Of an application and of a node's options.
  const others = new Set(["hasOffense", "hasLostLog"]);
  expect(names.length).toBeGreaterThan(50);
  for (const name of names)
    if (!others.has(name)) expect(exported).toMatch(new RegExp(`\\b${name}\\b`));
});

const PAGES = ["README.md", "docs/protocol.md", "docs/reproduce.md", "docs/four-processes.md"];

/** Command lines with an option or a name of a preset, as the pages write them. */
const lines = PAGES.flatMap((page) =>
  [
    ...readFileSync(join(root, page), "utf8").matchAll(
      /bbft-sim ((?:preset|run|campaign|explore)\b[^`#\n|]*)/g,
    ),
  ].map(([, line = ""]) => line.trim()),
);

it("writes commands", () => expect(lines.length).toBeGreaterThan(15));

it.each([...new Set(lines)])("bbft-sim %s exists, with its options", (line) => {
  const below = (commands: readonly Command[], name: string | undefined): Command | undefined =>
    commands.find((command) => command.name() === name);
  const [name, ...rest] = line.split(/\s+/);
  const first = below([presetCommand(), runCommand(), campaignCommand(), exploreCommand()], name);
  const command = name === "preset" ? below(first?.commands ?? [], rest[0]) : first;
  const known = command?.options.flatMap(({ short, long }) => [short, long]);
  for (const word of rest) if (word.startsWith("-")) expect(known).toContain(word);
  expect(command).toBeDefined();
});

it.each(PAGES)("the links of %s lead somewhere", (page) => {
  const text = readFileSync(join(root, page), "utf8");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  for (const link of links.filter((one) => !one.startsWith("http"))) {
    const [path = "", anchor] = link.split("#");
    const target = readFileSync(join(root, page, "..", path), "utf8");
    const titles = [...target.matchAll(/^#+ (.*)$/gm)].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w\s-]/g, "")
        .replace(/\s+/g, "-"),
    );
    if (anchor !== undefined) expect(titles).toContain(anchor);
  }
});
