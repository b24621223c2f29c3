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
import { checkStore } from "../src/index.ts";
import { type Branch, extend, genesisBranch, last, params, soloChain } from "./kit.ts";
import { randomTransactions } from "./random-transactions.ts";

/** `CHAIN_KILLS=500` for the long version, which prints what was hit. */
const KILLS = Number(process.env["CHAIN_KILLS"] ?? 50);
/** Another `CHAIN_CRASH_SEED` for other moments. */
const SEED = Number(process.env["CHAIN_CRASH_SEED"] ?? 1);
const ROUNDS = 14;

const ACTIVITIES = ["import", "reorganization", "mempool"] as const;
type Activity = (typeof ACTIVITIES)[number];

interface Step {
  readonly activity: Activity;
  readonly branches: readonly Branch[];
}

let folder = "";
let child = "";
let file = "";
/** Digest of the unspent outputs at each tip that there is, in the order in which they come. */
const digests = new Map<string, string>();

/** Rounds of a group, blocks that the mempool knew, and a branch that overtakes the last three. */
function recording(): Step[] {
  const steps: Step[] = [];
  let tip = genesisBranch();
  let made = 0;
  const grow = (from: Branch, count: number, extra: string): Branch[] => {
    const grown: Branch[] = [];
    for (let at = from; grown.length < count; grown.push(at))
      at = extend(at, randomTransactions(at, 3, made), `${extra}${made++}`);
    return grown;
  };
  for (let round = 0; round < ROUNDS; round++) {
    const imported = grow(tip, 8, "import");
    const pooled = grow(last(imported), 4, "mempool");
    const branch = grow(pooled[0] ?? tip, 5, "side");
    tip = last(branch);
    steps.push(
      { activity: "import", branches: imported },
      { activity: "mempool", branches: pooled },
      { activity: "reorganization", branches: branch },
    );
  }
  return steps;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "bystack-chain-"));
  const steps = recording();
  file = join(folder, "steps.txt");
  const lines = steps.map(({ activity, branches }) =>
    [
      activity,
      ...branches.map(({ node, block }) => `${toHex(node.hash)}:${toHex(encodeBlock(block))}`),
    ].join(" "),
  );
  await writeFile(file, lines.join("\n"));
  const chain = await soloChain();
  const note = async () =>
    digests.set(toHex(chain.tip.hash), toHex((await chain.utxoDigest()).digest));
  await note();
  for (const { branches } of steps)
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
    minify: true,
    format: "esm",
    platform: "node",
    target: "es2022",
    external: ["classic-level"],
    conditions: ["@bystack/source"],
  });
  return outfile;
}

/** Numbers from 0 to 1 that are the same in every run. */
function* random(seed: number): Generator<number, never> {
  let state = seed >>> 0;
  for (;;) {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    yield ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** When to kill: some milliseconds after an activity was begun. */
interface Moment {
  readonly activity: Activity;
  readonly delayMs: number;
}

interface Life {
  readonly tips: readonly string[];
  /** What it was at when it died. */
  readonly activity: string | undefined;
  readonly isEnd: boolean;
}

/** Runs the child on a store and kills it; lets it come to its end without a moment. */
async function live(store: string, moment: Moment | undefined): Promise<Life> {
  const process_ = spawn(process.execPath, [child, store, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const gone = new Promise<void>((resolve) => process_.once("close", () => resolve()));
  const tips: string[] = [];
  let activity: string | undefined;
  let isEnd = false;
  for await (const line of createInterface({ input: process_.stdout })) {
    if (line === "end") isEnd = true;
    else if (line.startsWith("tip ")) tips.push(line.slice("tip ".length));
    else {
      activity = line.slice("at ".length);
      if (activity === moment?.activity) setTimeout(() => process_.kill("SIGKILL"), moment.delayMs);
    }
  }
  await gone;
  return { tips, activity, isEnd };
}

it(`is at an announced state, or one write later, after each of ${KILLS} kills`, async () => {
  const order = [...digests.keys()];
  const end = order.length - 1;
  const numbers = random(SEED);
  const hits = new Map<string, number>();
  let store = join(folder, "store-0");
  let reached = 0;
  let unannounced = 0;
  /** Opens what is left, and says how far it is. */
  const examine = async ({ tips }: Life): Promise<number> => {
    expect(tips.filter((tip) => !digests.has(tip))).toEqual([]);
    const announced = Math.max(reached, ...tips.map((tip) => order.indexOf(tip)));
    const storage = await openLevel(store);
    const chain = await soloChain({ storage }, { segmentBlocks: 16 });
    const tip = toHex(chain.tip.hash);
    const found = order.indexOf(tip);
    expect(found).toBeGreaterThanOrEqual(announced);
    expect(toHex((await chain.utxoDigest()).digest)).toBe(digests.get(tip));
    expect(chain.tip.weight).toBe(chain.tip.height + 1n);
    await chain.close();
    if (found > announced) unannounced++;
    return found;
  };
  const finish = async () => {
    reached = await examine(await live(store, undefined));
    expect(reached).toBe(end);
    const storage = await openLevel(store);
    expect(await checkStore({ storage, params })).toEqual([]);
    await storage.close();
  };
  for (let kill = 1; kill <= KILLS; kill++) {
    const activity = ACTIVITIES[kill % ACTIVITIES.length] ?? "import";
    const life = await live(store, { activity, delayMs: numbers.next().value * 8 });
    reached = await examine(life);
    const hit = life.isEnd ? "none: it was through" : (life.activity ?? "none");
    hits.set(hit, (hits.get(hit) ?? 0) + 1);
    if (life.isEnd || reached > 0.8 * end) {
      await finish();
      store = join(folder, `store-${kill}`);
      reached = 0;
    }
  }
  await finish();
  for (const activity of ACTIVITIES) expect(hits.get(activity) ?? 0).toBeGreaterThan(KILLS / 10);
  if (KILLS >= 500)
    console.log(
      `kills by activity: ${[...hits].map(([what, count]) => `${what} ${count}`).join(", ")};`,
      `${unannounced} hit a write before its announcement`,
    );
}, 1_800_000);
