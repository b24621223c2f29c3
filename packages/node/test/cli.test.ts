import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prefixRange } from "@bystack/storage";
import { openLevel } from "@bystack/storage/level";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundle } from "../../../scripts/bundle.mjs";
import { jsonLines, recordedBlocks } from "./recording.ts";

const folder = mkdtempSync(join(tmpdir(), "bystack-cli-"));
const blocks = recordedBlocks(13);
const recording = join(folder, "recording.json");
let cli: string;
let homes = 0;

beforeAll(async () => {
  cli = await bundle("packages/node/src/cli.ts");
  writeFileSync(recording, JSON.stringify({ network: "solonet", blocks }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newHome = () => join(folder, `home-${homes++}`);

function run(...args: string[]): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
    encoding: "utf8",
    timeout: 50_000,
  });
  return { code: status, stdout, stderr };
}

/** Starts `bystack node` on a free port and waits until it serves. */
async function startNode(home: string): Promise<{ child: ChildProcess; url: string; out: string }> {
  const args = ["node", "--home", home, "--api-port", "0", "--recording", recording];
  const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  for await (const chunk of child.stdout) {
    out += chunk;
    const [, url] = /Listening on (\S+)\./.exec(out) ?? [];
    if (url !== undefined) return { child, url, out };
  }
  throw new Error(`the node ended: ${out}`);
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once("exit", resolve));

describe("bystack node", () => {
  it("imports a recording, shows its digest, serves, stops cleanly and resumes", async () => {
    const home = newHome();
    const last = blocks.at(-1);
    for (const start of ["first", "second"]) {
      const { child, url, out } = await startNode(home);
      expect(out, start).toContain(`tip      ${last?.hash}`);
      expect(out, start).toContain(`digest   ${last?.utxo_digest} (${last?.utxo_count} unspent`);
      expect(out.includes("Imported and verified 12 blocks"), start).toBe(start === "first");
      const answer = await fetch(`${url}/get-block-count`);
      expect(await answer.json()).toEqual({ status: "success", data: { block_count: 12 } });
      const end = ended(child);
      child.kill("SIGINT");
      expect(await end, start).toBe(0);
    }
  });

  it("says that the data directory is in use", async () => {
    const home = newHome();
    const { child } = await startNode(home);
    const second = run("node", "--home", home, "--api-port", "0");
    const end = ended(child);
    child.kill("SIGTERM");
    await end;
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(/is in use by another process/);
  });

  it("says that the port is in use, before it does anything else", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, stderr } = run("node", "--home", newHome(), "--api-port", String(port));
    server.close();
    expect(code).toBe(1);
    expect(stderr).toBe(
      `Port ${port} on 127.0.0.1 is in use: stop the program that has it, or choose another --api-port.\n`,
    );
  });

  it("survives a kill in the middle of an import", async () => {
    const home = newHome();
    const child = spawn(process.execPath, [cli, "import", recording, "--home", home]);
    const end = ended(child);
    await new Promise((resolve) => setTimeout(resolve, 600));
    child.kill("SIGKILL");
    await end;
    const { code, stdout } = run("import", recording, "--home", home);
    expect(code).toBe(0);
    expect(stdout).toContain(`digest   ${blocks.at(-1)?.utxo_digest}`);
  });
});

describe("bystack import and export", () => {
  it("goes there and back", () => {
    const lines = join(folder, "blocks.jsonl");
    writeFileSync(lines, jsonLines(blocks));
    const home = newHome();
    expect(run("import", lines, "--home", home).stdout).toContain("Imported 12 new blocks.");
    const out = join(folder, "out.jsonl");
    expect(run("export", out, "--home", home).stdout).toContain("has 13 blocks");
    expect(run("import", out, "--home", home).stdout).toContain("Imported 0 new blocks.");
  });

  it.each([
    ["a damaged file", "[]\n", /line 1 is not a JSON string/],
    ["no file", undefined, /Cannot read/],
    [
      "a block without proof of work",
      jsonLines(blocks.slice(0, 1)) +
        jsonLines(blocks.slice(1, 2)).replace("8080808020", "8080808021"),
      /line 2, is not a valid block of this chain: invalid block.*block bits is invalid/,
    ],
  ])("says in one sentence what is wrong with %s", (_, content, message) => {
    const path = join(folder, "bad.jsonl");
    rmSync(path, { force: true });
    if (content !== undefined) writeFileSync(path, content);
    const { code, stderr } = run("import", path, "--home", newHome(), "--workers", "0");
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it("says that the data directory is of another network", () => {
    const home = newHome();
    run("import", recording, "--home", home);
    mkdirSync(join(home, "mainnet"), { recursive: true });
    execFileSync("cp", ["-r", join(home, "solonet", "chain"), join(home, "mainnet", "chain")]);
    const { code, stderr } = run(
      "export",
      join(folder, "x"),
      "--home",
      home,
      "--network",
      "mainnet",
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/holds solonet .* not mainnet/);
  });
});

describe("a full disk", () => {
  const mount = join(folder, "small-disk");
  let isMounted = false;
  beforeAll(() => {
    mkdirSync(mount);
    const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", mount]);
    isMounted = status === 0;
  });
  afterAll(() => {
    if (isMounted) spawnSync("umount", [mount]);
  });

  it("is one sentence, and the import goes on when there is space", ({ skip }) => {
    if (!isMounted) skip("mounting a small disk is not allowed here");
    const filler = join(mount, "filler");
    writeFileSync(filler, new Uint8Array((1024 - 20) * 1024));
    const first = run("import", recording, "--home", mount);
    expect(first.code).toBe(1);
    expect(first.stderr).toMatch(/No space is left on the disk/);
    rmSync(filler);
    const second = run("import", recording, "--home", mount);
    expect(second.stdout).toContain(`digest   ${blocks.at(-1)?.utxo_digest}`);
  });
});

describe("bystack db", () => {
  it("counts, checks and repairs a store", async () => {
    const home = newHome();
    run("import", recording, "--home", home);
    expect(JSON.parse(run("db", "stats", "--home", home, "--json").stdout)).toMatchObject({
      network: "solonet",
      tip: { height: 12, hash: blocks.at(-1)?.hash },
      rows: { block: { count: 13 } },
    });
    expect(run("db", "check", "--home", home)).toMatchObject({ code: 0, stdout: "all is well\n" });

    const store = await openLevel(join(home, "solonet", "chain"));
    const rows = store.iterate(prefixRange(ascii("UT:")));
    let key: Uint8Array = ascii("?");
    for await (const row of rows) [key] = row;
    await store.batch([{ type: "del", key }], { sync: true });
    await store.close();
    const checked = run("db", "check", "--home", home);
    expect(checked.code).toBe(3);
    expect(checked.stdout).toMatch(/a wrong record of output [0-9a-f]{64}\n1 problems\n/);
    expect(run("db", "repair", "--home", home).code).toBe(0);
    expect(run("db", "check", "--home", home).stdout).toBe("all is well\n");
  });
});

const ascii = (text: string) => new TextEncoder().encode(text);

describe("bystack mine", () => {
  it("finds blocks that another node accepts", () => {
    const home = newHome();
    const mined = run("mine", "--blocks", "2", "--home", home);
    expect(mined.stdout).toMatch(/^block 1 {2}[0-9a-f]{64} {2}.* hashes\/s\nblock 2 /);
    const blocksFile = join(folder, "mined.jsonl");
    expect(run("export", blocksFile, "--home", home).stdout).toContain("has 3 blocks");
    expect(run("import", blocksFile, "--home", newHome()).stdout).toContain("Imported 2 new");
  });

  it("refuses the address of another network", () => {
    const address = "bm1q7ddun9dtgh8zxp26fghu7p636rexr5xqvw834m";
    const { code, stderr } = run("mine", "--address", address, "--home", newHome());
    expect(code).toBe(1);
    expect(stderr).toMatch(/is not an address of solonet/);
  });
});

describe("bystack vm", () => {
  it("assembles and disassembles", () => {
    expect(run("vm", "asm", "2", "ADD", "5", "NUMEQUAL").stdout).toBe("5293559c\n");
    expect(run("vm", "disasm", "5293559c").stdout).toBe("0x02 ADD 0x05 NUMEQUAL\n");
    expect(run("vm", "disasm", "a6", "--chain", "side").stdout).toBe("MULFRACTION\n");
  });

  it("runs, and says by its exit code whether the program unlocks", () => {
    expect(run("vm", "run", "--asm", "2 ADD 5 NUMEQUAL", "03")).toMatchObject({
      code: 0,
      stdout: "unlocked, 199985 gas left after 4 instructions\n",
    });
    expect(run("vm", "run", "--json", "5293559c", "04")).toMatchObject({
      code: 3,
      stdout: '{"error":"false-vm-result","gas_left":199986,"steps":4}\n',
    });
  });

  it("traces to the same end", () => {
    const { stdout } = run("vm", "trace", "5293559c", "04", "--json");
    const steps = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(steps.map(({ name }) => name)).toEqual(["2", "ADD", "5", "NUMEQUAL", undefined]);
    expect(steps.at(-1)).toMatchObject({ error: "false-vm-result", gas_left: 199986, steps: 4 });
  });

  it("gives the program the context that the options describe", () => {
    const height = run("vm", "run", "--asm", "BLOCKHEIGHT 7 NUMEQUAL", "--height", "7");
    expect(height.code).toBe(0);
    expect(run("vm", "run", "--asm", "BLOCKHEIGHT").stdout).toMatch(/^context,/);
  });

  it("refuses what is not a program in one sentence", () => {
    expect(run("vm", "disasm", "zz")).toMatchObject({
      code: 1,
      stderr: "This is not a program: invalid-hex at 0.\n",
    });
  });
});

describe("help", () => {
  it.each([
    [["--help"]],
    [["node", "--help"]],
    [["import", "--help"]],
    [["export", "--help"]],
    [["vm", "run", "--help"]],
  ])("%j is complete and free of side effects", (args) => {
    const { code, stdout } = run(...args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: bystack/);
  });

  it("refuses options that make no sense", () => {
    expect(run("node", "--api-port", "70000").stderr).toMatch(/whole number from 0 to 65535/);
    expect(run("node", "--network", "moon").stderr).toMatch(/Allowed choices/);
    expect(run("nonsense").code).not.toBe(0);
  });
});
