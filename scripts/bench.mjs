// Runs the benches of the named packages (all when none is named).
// Usage: pnpm bench [package]... [--case TEXT] [--json]
import { existsSync, readdirSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { Bench } from "tinybench";
import { bundle, root } from "./bundle.mjs";

const usage = `Usage: pnpm bench [package]... [--case TEXT] [--json]

Times the packages named (all when none is named) and prints one table for each bench.
Time is CPU time, user + system of the whole process, so that a busy machine does not falsify it;
"per s" is what the wall clock saw.

  --case TEXT  only benches whose title contains TEXT
  --json       one line a row: {"package","bench","case","perCpuSecond","cpuMs","comparedTo","ratio"}
  --help       this text`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    case: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const packages = readdirSync(`${root}packages`).filter(
  (name) => positionals.length === 0 || positionals.includes(name),
);
const unknown = positionals.filter((name) => !packages.includes(name));
if (unknown.length > 0) {
  console.error(`no such package: ${unknown.join(", ")}`);
  process.exit(2);
}

if (!values.json) {
  const load = loadavg()[0]?.toFixed(1);
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, load ${load}`);
}

let ran = 0;
for (const name of packages) {
  const dir = `${root}packages/${name}/test`;
  if (!existsSync(dir)) continue;
  for (const file of readdirSync(dir).filter((entry) => entry.endsWith(".bench.ts"))) {
    const { default: create } = await import(pathToFileURL(await bundle(`${dir}/${file}`)).href);
    const made = await create();
    for (const suite of Array.isArray(made) ? made : [made]) {
      if (suite.name.includes(values.case)) await report(name, suite);
      await suite.close?.();
    }
  }
}
if (ran === 0) {
  console.error("no bench matches");
  process.exit(1);
}

async function report(packageName, suite) {
  const rows = [];
  for (const benchCase of suite.cases) rows.push(await measure(benchCase, suite.timeMs ?? 500));
  for (const row of rows) {
    const reference = rows.find(({ name }) => name === row.comparedTo);
    if (row.comparedTo !== null && reference === undefined)
      throw new Error(`${suite.name}: ${row.name} is compared to a case that does not exist`);
    row.ratio = reference === undefined ? null : round(reference.cpuMs / row.cpuMs);
  }
  ran += rows.length;
  if (values.json) {
    for (const { name, perCpuSecond, cpuMs, comparedTo, ratio, perSecond } of rows)
      console.log(
        JSON.stringify({
          package: packageName,
          bench: suite.name,
          case: name,
          perCpuSecond,
          cpuMs,
          comparedTo,
          ratio,
          perSecond,
        }),
      );
    return;
  }
  console.log(`\n${packageName}: ${suite.name}`);
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.name,
        {
          "per CPU s": row.perCpuSecond,
          "CPU ms": row.cpuMs,
          "± %": row.rme,
          "per s": row.perSecond,
          ratio: row.ratio === null ? "" : `${row.ratio} x ${row.comparedTo}`,
        },
      ]),
    ),
  );
  for (const note of suite.notes ?? []) console.log(`  ${note}`);
}

/**
 * tinybench on the CPU clock. That clock ticks in microseconds and costs a system call, so calls
 * are grouped until a sample takes some milliseconds.
 */
async function measure({ name, run, operations = 1, comparedTo = null }, timeMs) {
  const warmUntil = cpuMs() + Math.min(timeMs / 2, 300);
  let calls = 0;
  const warmStart = cpuMs();
  do {
    await run();
    calls++;
  } while (cpuMs() < warmUntil);
  const perCall = (cpuMs() - warmStart) / calls;
  const group = Math.max(1, Math.ceil(5 / perCall));
  const first = run();
  const isAsync = first instanceof Promise;
  await first;

  const bench = new Bench({
    now: cpuMs,
    time: timeMs,
    iterations: 5,
    warmup: false,
    throws: true,
  });
  bench.add(
    name,
    isAsync
      ? async () => {
          for (let i = 0; i < group; i++) await run();
        }
      : () => {
          for (let i = 0; i < group; i++) run();
        },
    { async: isAsync },
  );
  const wallStart = performance.now();
  const [task] = await bench.run();
  const wallMs = performance.now() - wallStart;
  const { latency } = task.result;
  const perOperation = latency.p50 / group / operations;
  return {
    name,
    comparedTo,
    cpuMs: round(perOperation),
    perCpuSecond: round(1000 / perOperation),
    perSecond: round((latency.samplesCount * group * operations * 1000) / wallMs),
    rme: round(latency.rme),
    ratio: null,
  };
}

/** Four significant digits. */
function round(value) {
  return Number(value.toPrecision(4));
}
