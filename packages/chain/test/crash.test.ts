import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { encodeBlock, toHex } from "@bystack/butxo";
import { openLevel } from "@bystack/storage/level";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Branch, extend, genesisBranch, last, soloChain } from "./kit.ts";
import { randomTransactions } from "./random-transactions.ts";

/** `CHAIN_KILLS=500` for the long version. */
const KILLS = Number(process.env["CHAIN_KILLS"] ?? 50);
const BLOCKS = 240;

let folder = "";
let child = "";
let file = "";
/** Digest of the unspent outputs at each tip that there may be, in the order in which they come. */
const digests = new Map<string, string>();

/** A long branch, every ten blocks overtaken by one that leaves it three blocks below. */
function recording(): Branch[] {
  const branches = [genesisBranch()];
  let main = branches.slice();
  while (branches.length < BLOCKS) {
    if (main.length % 10 === 9) {
      main = main.slice(0, -3);
      for (let i = 0; i < 5; i++) grow(main, branches, `${branches.length}`);
    } else grow(main, branches, "");
  }
  return branches.slice(1);
}

function grow(main: Branch[], all: Branch[], extra: string): void {
  const next = extend(last(main), randomTransactions(last(main), 3, all.length), extra);
  main.push(next);
  all.push(next);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bystack-chain-"));
  const branches = recording();
  file = join(folder, "blocks.txt");
  await writeFile(file, branches.map(({ block }) => toHex(encodeBlock(block))).join("\n"));
  const chain = await soloChain();
  const note = async () =>
    digests.set(toHex(chain.tip.hash), toHex((await chain.utxoDigest()).digest));
  await note();
  for (const { block } of branches) {
    await chain.processBlock(block);
    await note();
  }
  child = await bundleChild();
});

afterAll(async () => {
  await rm(folder, { recursive: true });
  await rm(child);
});

/** The bundle lies where `classic-level` can be found from. */
async function bundleChild(): Promise<string> {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const cache = here("../../storage/node_modules/.cache");
  await mkdir(cache, { recursive: true });
  const outfile = join(cache, `chain-crash.${process.pid}.mjs`);
  await build({
    entryPoints: [here("./crash.child.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    external: ["classic-level"],
    conditions: ["@bystack/source"],
  });
  return outfile;
}

/** Runs the child on a store and kills it. @returns the tips that it announced, and was it through? */
async function runAndKill(
  store: string,
  turn: number,
): Promise<{ tips: string[]; isEnd: boolean }> {
  const process_ = spawn(process.execPath, [child, store, file, String(turn)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise<void>((resolve) => process_.once("close", () => resolve()));
  const wanted = 1 + ((turn * 7919) % 23);
  const tips: string[] = [];
  let isEnd = false;
  for await (const line of createInterface({ input: process_.stdout })) {
    if (line === "end") isEnd = true;
    else tips.push(line.slice("tip ".length));
    // Somewhere inside the next write, or between two.
    if (tips.length === wanted)
      setTimeout(() => process_.kill("SIGKILL"), ((turn * 104_729) % 4000) / 1000);
  }
  await gone;
  return { tips, isEnd };
}

it(`is at an announced state, or one write later, after each of ${KILLS} kills`, async () => {
  const order = [...digests.keys()];
  const end = order.length - 1;
  let store = join(folder, "store-0");
  let reached = 0;
  let unannounced = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const { tips, isEnd } = await runAndKill(store, kill);
    const announced = Math.max(reached, ...tips.map((tip) => order.indexOf(tip)));
    expect(tips.every((tip) => digests.has(tip))).toBe(true);
    const chain = await soloChain({ storage: await openLevel(store) });
    const tip = toHex(chain.tip.hash);
    const found = order.indexOf(tip);
    expect(found).toBeGreaterThanOrEqual(announced);
    expect(toHex((await chain.utxoDigest()).digest)).toBe(digests.get(tip));
    await chain.close();
    if (found > announced) unannounced++;
    reached = found;
    if (isEnd || reached === end) {
      expect(reached).toBe(end);
      store = join(folder, `store-${kill}`);
      reached = 0;
    }
  }
  if (KILLS >= 500) console.log(`${unannounced} kills hit a write before its announcement`);
}, 1_800_000);
