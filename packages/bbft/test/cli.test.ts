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

  it("explains what it does not know", () => {
    expect(() => run("preset", "nothing")).toThrow(/unknown command 'nothing'/);
    expect(() => run("run", "--loss", "2")).toThrow(/Give a number from 0 to 1.*\nAdd --help/s);
  });
});
