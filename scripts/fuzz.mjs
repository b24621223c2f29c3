// Seeded mutation and random fuzzing of every decoder.
// Usage: pnpm fuzz [target] [--seconds N] [--runs N] [--seed S] [--jobs N] [--input HEX]
import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { bundle, root } from "./bundle.mjs";
import { mutator } from "./mutator.mjs";

const usage = `Usage: pnpm fuzz [target] [--seconds N] [--runs N] [--seed S] [--jobs N] [--input HEX]

Feeds every decoder whose name contains [target] (all when left out) with mutated and random bytes.
A run fails on any exception other than the package's own error, and on an input that takes far
longer than its size allows; it then prints the seed and the input.

  --seconds N  time for each target; 5 when neither this nor --runs is given
  --runs N     inputs for each target, instead of a time
  --seed S     an integer; the same seed gives the same inputs (default: 1)
  --jobs N     processes that share the targets (default: 1)
  --input HEX  run just this input, to reproduce a failure
  --help       this text`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string" },
    runs: { type: "string" },
    seed: { type: "string", default: "1" },
    jobs: { type: "string", default: "1" },
    /** Which share of the targets this process takes: set by the process that started it. */
    share: { type: "string", default: "0" },
    input: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const runs = wholeNumber("runs") ?? Number.POSITIVE_INFINITY;
const seconds = wholeNumber("seconds") ?? (Number.isFinite(runs) ? Number.POSITIVE_INFINITY : 5);
const seed = wholeNumber("seed");

/** An input may cost this much, whatever its size, before its time is looked at. */
const FREE_MS = 40;
/** ... plus this much for each byte. */
const MS_PER_BYTE = 0.02;

const jobs = wholeNumber("jobs");
const isChild = process.send !== undefined;

let failures = 0;
let ran = 0;
if (jobs > 1 && !isChild) {
  await shareOut();
} else {
  const mine = Number(values.share);
  for (const [i, target] of (await targets(positionals[0] ?? "")).entries()) {
    if (i % jobs !== mine) continue;
    ran++;
    if (values.input === undefined) fuzz(target);
    else once(target, Uint8Array.from(Buffer.from(values.input, "hex")));
  }
}
process.send?.({ ran, failures });
if (isChild) process.exit(failures === 0 ? 0 : 1);
if (ran === 0) {
  console.error(`no decoder's name contains ${positionals[0]}`);
  process.exit(2);
}
console.log(`${ran - failures} passed, ${failures} failed`);
process.exitCode = failures === 0 ? 0 : 1;

/** Starts a process for each share of the targets and adds up what they tell. */
async function shareOut() {
  await Promise.all(
    Array.from({ length: jobs }, (_, share) => {
      const args = [...process.argv.slice(2), "--share", String(share)];
      const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      let told;
      child.on("message", (message) => {
        told = message;
      });
      return new Promise((resolve) => {
        child.on("close", () => {
          ran += told?.ran ?? 0;
          failures += told?.failures ?? 1;
          resolve();
        });
      });
    }),
  );
}

async function targets(wanted) {
  const found = [];
  for (const name of readdirSync(`${root}packages`)) {
    const dir = `${root}packages/${name}/test`;
    if (!existsSync(dir)) continue;
    for (const file of readdirSync(dir).filter((entry) => entry.endsWith(".fuzz.ts"))) {
      const { default: create } = await import(pathToFileURL(await bundle(`${dir}/${file}`)).href);
      found.push(...(await create()).filter((target) => target.name.includes(wanted)));
    }
  }
  return found;
}

function fuzz(target) {
  const next = mutator(seed, target.seeds, target.maxLength ?? 4096);
  const start = performance.now();
  let accepted = 0;
  let done = 0;
  let slowest = { ms: 0, bytes: 0 };
  for (; done < runs; done++) {
    if ((done & 255) === 0 && performance.now() - start > seconds * 1000) break;
    const input = next();
    const { ms, failure, ok } = attempt(target, input);
    if (ok) accepted++;
    if (ms > slowest.ms) slowest = { ms, bytes: input.length };
    const reason = failure ?? tooSlow(target, input, ms);
    if (reason === undefined) continue;
    failures++;
    console.error(`${target.name}: FAILED after ${done + 1} inputs, seed ${seed}: ${reason}`);
    console.error(
      `  reproduce: pnpm fuzz ${target.name} --input ${Buffer.from(input).toString("hex")}`,
    );
    return;
  }
  const ms = performance.now() - start;
  console.log(
    `${target.name}: ${done} inputs, ${accepted} accepted, ${Math.round((done * 1000) / ms)}/s, ` +
      `slowest ${slowest.ms.toFixed(1)} ms (${slowest.bytes} bytes)`,
  );
}

function once(target, input) {
  const { ms, failure, ok } = attempt(target, input);
  const reason = failure ?? tooSlow(target, input, ms);
  if (reason !== undefined) failures++;
  console.log(
    `${target.name}: ${reason ?? (ok ? "accepted" : "rejected as documented")}, ${ms.toFixed(2)} ms`,
  );
}

function attempt(target, input) {
  const start = performance.now();
  try {
    target.run(input);
    return { ms: performance.now() - start, ok: true };
  } catch (error) {
    const ms = performance.now() - start;
    if (target.isExpected(error)) return { ms, ok: false };
    return { ms, ok: false, failure: error instanceof Error ? error.stack : String(error) };
  }
}

/** The machine is noisy: an input is slow only when it stays slow, by the CPU clock. */
function tooSlow(target, input, ms) {
  const allowed = FREE_MS + MS_PER_BYTE * input.length;
  let best = ms;
  for (let i = 0; i < 4 && best > allowed; i++) {
    const start = process.cpuUsage();
    attempt(target, input);
    const { user, system } = process.cpuUsage(start);
    best = Math.min(best, (user + system) / 1000);
  }
  if (best <= allowed) return undefined;
  return `${best.toFixed(0)} ms for ${input.length} bytes, ${allowed.toFixed(0)} allowed`;
}

function wholeNumber(name) {
  const text = values[name];
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) {
    console.error(`--${name} needs a whole number, not "${text}"`);
    process.exit(2);
  }
  return Number(text);
}
