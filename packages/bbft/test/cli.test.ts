import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";

const root = new URL("..", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "bbft-cli-"));
const program = join(folder, "bbft-sim.mjs");

beforeAll(async () => {
  const location = JSON.stringify(join(root, "package.json"));
  await build({
    entryPoints: [join(root, "src/cli/cli.ts")],
    outfile: program,
    bundle: true,
    format: "esm",
    platform: "node",
    // What is not bundled is found from the package, not from the temporary folder.
    banner: {
      js: `import { createRequire as from } from "node:module"; const require = from(${location});`,
    },
    define: { "import.meta.url": JSON.stringify(`file://${join(root, "package.json")}`) },
    logLevel: "error",
  });
});

const run = (...args: string[]): string =>
  execFileSync(process.execPath, [program, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });

describe("bbft-sim", () => {
  it("counts messages: the counted ones equal the formula", () => {
    const { tables } = JSON.parse(run("preset", "messages", "--max-n", "16", "--json")) as {
      tables: { rows: number[][] }[];
    };
    const rows = tables[0]?.rows ?? [];
    expect(rows.length).toBeGreaterThan(5);
    for (const row of rows) expect(row[4]).toBe(row[5]);
  });

  it("draws who sent what when", () => {
    const [svg, html] = [join(folder, "d.svg"), join(folder, "d.html")];
    const csv = run("preset", "decision", "--csv", "--svg", svg, "--html", html);
    expect(csv.split("\n")[0]).toBe("sent ms,arrives ms,from,to,message,stage,phase");
    expect(readFileSync(svg, "utf8")).toMatch(/^<svg /);
    expect(readFileSync(html, "utf8")).toContain("One decision, N = 7, M = 2");
  });

  it("runs networks, campaigns and the explorer", () => {
    expect(run("run", "-n", "7", "-m", "2", "--strategy", "silent", "--faulty", "2")).toContain(
      "no promise broken",
    );
    expect(run("campaign", "--from", "5", "--runs", "2", "--max-n", "7")).toContain(
      "2 runs, 0 failures",
    );
    expect(run("explore", "--variant", "quorum-2")).toContain("violated");
  });

  it.each([
    ["run", "-n", "4"],
    ["campaign", "--runs", "1", "--max-n", "4"],
    ["explore", "--views", "1"],
    ["explore", "--core", "--views", "1"],
    ["preset", "decision"],
  ])("prints one JSON object and nothing else: %s %s %s", (...args) => {
    expect(typeof JSON.parse(run(...args, "--json"))).toBe("object");
  });

  it("helps with each preset, with the options that it has", () => {
    const help = run("preset", "faults", "--help");
    expect(help).toContain("--seeds <n>");
    expect(help).not.toContain("--max-n");
    expect(help).toContain("Example: bbft-sim preset faults --seeds 100");
  });

  it("judges its figures by the printed ones", () => {
    const text = run("preset", "latency", "--max-n", "10");
    expect(text).toContain("5 of 5 cells are within 15 %.");
  });

  it("explains what it does not know", () => {
    expect(() => run("preset", "nothing")).toThrow(/unknown command 'nothing'/);
    expect(() => run("run", "--loss", "2")).toThrow(/Give a number from 0 to 1.*\nAdd --help/s);
    expect(() => run("run", "--lss", "2")).toThrow(/Did you mean --loss/);
    expect(() => run("run", "-m", "30")).toThrow(/give 0 to 16\nAdd --help[^\n]*\n$/);
    expect(() => run("run", "--latency", "/nowhere.csv")).toThrow(/no such file.*nowhere/);
  });
});
