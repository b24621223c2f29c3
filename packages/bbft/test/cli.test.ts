import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { buildCommand, type Command } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "bbft-cli-"));
let program: string;
let result: Command["run"];

beforeAll(async () => {
  ({ path: program, run: result } = await buildCommand("src/cli/cli.ts"));
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
      "nothing contradictory was decided or signed",
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

  it("does not draw thousands of timeouts, and says so", () => {
    const svg = join(folder, "crowded.svg");
    run("run", "-n", "40", "-m", "5", "--who", "gateways", "--heights", "1", "--svg", svg);
    const picture = readFileSync(svg, "utf8");
    expect(picture).toMatch(/; \d{4,} messages of recovery are not drawn/);
    expect(picture.length).toBeLessThan(1_000_000);
  });

  it("draws messages against N and against M", () => {
    const html = join(folder, "messages.html");
    run("preset", "messages", "--max-n", "10", "--html", html);
    const page = readFileSync(html, "utf8");
    expect(page).toContain("Messages of a decision against N");
    expect(page).toContain("Messages of a decision against M");
    expect(page).toContain("validators, N (log scale)");
  });

  it("puts words to the left and numbers to the right", () => {
    const text = run("preset", "faults", "--seeds", "1");
    expect(text).toMatch(/^failure-free {2,}view 0, exactly 93 messages {2,}1\/1 /m);
    const page = join(folder, "decision.html");
    run("preset", "decision", "--html", page);
    expect(readFileSync(page, "utf8")).toMatch(/<td>0<\/td>.*<td class="text">proposal<\/td>/);
  });

  it("lets one choose who is Byzantine, and names the gateways", () => {
    const { code, out } = result("run", "-n", "16", "-m", "4", "--who", "gateways");
    expect(out).toMatch(/gateways: (\d+ \d+ \d+ \d+); Byzantine: \1\n/);
    expect(code).toBe(0);
    expect(run("run", "-n", "7", "-m", "2", "--who", "3,5", "--crash", "2")).toContain(
      "Byzantine: 3 5\n",
    );
  });

  it("tells a network that stalls though it should not from one that may", () => {
    const stalled = result("run", "-n", "4", "-m", "1", "--loss", "1", "--heights", "1");
    expect(stalled.out).toContain("STALLED");
    expect(stalled.code).toBe(1);
    const allowed = result("run", "-n", "4", "-m", "1", "--who", "2,3", "--heights", "1");
    expect(allowed.out).toContain("2 are Byzantine, more than f = 1: this may happen");
    expect(allowed.code).toBe(0);
  });

  it("tells the papers' mistake step by step", () => {
    const { code, out } = result("explore", "--variant", "single-phase", "--byzantine", "0");
    expect(code).toBe(0);
    const lines = out.trim().split("\n");
    expect(lines[0]).toBe("A shortest way:");
    expect(out.match(/: votes for A in view 0$/gm)?.length).toBe(3);
    expect(out.match(/: votes for B in view 1$/gm)?.length).toBe(3);
    expect(lines.at(-2)).toBe("Now both values can be decided.");
  });

  it("ends with a code where the protocol itself is unsafe, not where a mistake is found", () => {
    expect(result("explore", "--variant", "quorum-2").code).toBe(0);
    expect(result("explore", "--byzantine", "2").code).toBe(0);
    expect(result("explore", "--max-states", "10").out).toContain("give a larger --max-states");
  });

  it("sums up a campaign that is interrupted", async () => {
    // Tells when Ctrl-C is listened to; before that it would end any process of Node.
    const tell = `process.on("newListener", (name) => name === "SIGINT" && console.error("ready"))`;
    const child = spawn(process.execPath, [
      `--import=data:text/javascript,${encodeURIComponent(tell)}`,
      program,
      ...["campaign", "--runs", "100000", "--max-n", "7"],
    ]);
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += String(chunk);
    });
    child.stderr.once("data", () => child.kill("SIGINT"));
    const code = await new Promise((resolve) => child.on("close", resolve));
    const [, done = "", next, left] =
      /^(\d+) runs, 0 failures[^\n]*\nStopped. The rest: --from (\d+) --runs (\d+)\n$/.exec(out) ??
      [];
    expect(Number(next)).toBe(Number(done) + 1);
    expect(Number(left)).toBe(100_000 - Number(done));
    expect(code).toBe(130);
  });

  it("says its version", () => {
    expect(run("--version")).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    ["a value too much", "0,10\n10,0,5\n", /row 2 has 3 values, not 2/],
    ["nothing", "", /there are no delays in it/],
    ["an endless delay", "0,1e400\n1,0\n", /row 1, column 2/],
    ["words", "0,a\nb,0\n", /row 1, column 2/],
  ])("explains a table of delays with %s", (name, text, reason) => {
    const file = join(folder, `${name}.csv`);
    writeFileSync(file, text);
    const { code, error } = result("run", "--latency", file);
    expect(error).toMatch(reason);
    expect(error).toContain("Give one row for each validator");
    expect(code).toBe(1);
  });

  it.each([
    [["run", "-n", "5000"], /Give a whole number from 1 to 4096/],
    [["campaign", "--max-n", "5000"], /Give a whole number from 1 to 4096/],
    [["run", "--strategy", "late"], /add --who leader or --faulty 1/],
    [["run", "--who", "77"], /there is no validator 77; give 0 to 15/],
    [["run", "--faulty", "16"], /at most 15 of 16/],
    [["run", "--json", "--csv"], /cannot be used with/],
    [["run", "--latency", "x.csv", "-n", "4"], /cannot be used with/],
    [["run", "--html", "/nowhere/x.html"], /there is no folder \/nowhere; make it first/],
    [["run", "--svg", tmpdir()], /this is a folder/],
    [["preset", "latency", "--max-n", "2"], /Give a whole number from 10 to 1000/],
    [["preset", "faults", "--svg", "x.svg"], /unknown option '--svg'/],
    [["explore", "--byzantine", "4"], /Give a whole number from 0 to 3/],
    [["explore", "--restart"], /--restart is for real cores; add --core/],
  ])("refuses before it works: %j", (args, reason) => {
    const { code, out, error } = result(...args);
    expect(error).toMatch(reason);
    expect(error).toMatch(/Add --help[^\n]*\n$/);
    expect(out).toBe("");
    expect(code).toBe(1);
  });

  it("explains what it does not know", () => {
    expect(() => run("preset", "nothing")).toThrow(/unknown command 'nothing'/);
    expect(() => run("run", "--loss", "2")).toThrow(/Give a number from 0 to 1.*\nAdd --help/s);
    expect(() => run("run", "--lss", "2")).toThrow(/Did you mean --loss/);
    expect(() => run("run", "-m", "30")).toThrow(/give 0 to 16\nAdd --help[^\n]*\n$/);
    expect(() => run("run", "--latency", "/nowhere.csv")).toThrow(/no such file.*nowhere/);
  });
});
