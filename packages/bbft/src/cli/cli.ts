#!/usr/bin/env node
/// <reference types="node" />
import { readFileSync, writeFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { explore } from "../explore/explore.ts";
import { exploreCore } from "../explore/explore-core.ts";
import { VARIANTS, type Variant } from "../explore/model.ts";
import { STRATEGIES, type StrategyName } from "../sim/adversary.ts";
import { runCampaign } from "../sim/campaign.ts";
import { quorumTimeMs, type Table } from "../sim/experiments.ts";
import { parseLatencyCsv, worldLatency } from "../sim/latency.ts";
import { Random } from "../sim/random.ts";
import { simulate } from "../sim/simulate.ts";
import { plotTimeline } from "./plots.ts";
import { presets } from "./presets.ts";
import { toCsv, toHtml, toPage, toText } from "./print.ts";

interface Output {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
  readonly svg?: string;
}

function whole(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError("a whole number");
  return value;
}

function part(text: string): number {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError("a number from 0 to 1");
  return value;
}

function withOutput(command: Command): Command {
  return command
    .option("--json", "one JSON object")
    .option("--csv", "comma-separated values")
    .option("--html <file>", "a page with tables and pictures")
    .option("--svg <file>", "the first picture");
}

function print(
  title: string,
  tables: readonly Table[],
  plots: () => readonly string[],
  output: Output,
): void {
  if (output.json === true) console.log(JSON.stringify({ tables }));
  else
    for (const table of tables)
      process.stdout.write(output.csv === true ? toCsv(table) : `${toText(table)}\n`);
  if (output.html === undefined && output.svg === undefined) return;
  const pictures = plots();
  const [first] = pictures;
  if (output.svg !== undefined && first !== undefined) writeFileSync(output.svg, first);
  if (output.html !== undefined)
    writeFileSync(output.html, toPage(title, [...pictures, ...tables.map(toHtml)]));
}

interface ExploreOptions {
  readonly variant: Variant;
  readonly views: number;
  readonly byzantine: number;
  readonly core?: boolean;
  readonly gateways: number;
  readonly timeouts?: boolean;
  readonly restart?: boolean;
  readonly maxStates: number;
  readonly json?: boolean;
}

const program = new Command("bbft-sim").description(
  "Runs BBFT networks in virtual time: the same seed gives the same result.",
);

const names = Object.entries(presets)
  .map(([name, { description }]) => `  ${name.padEnd(11)} ${description}`)
  .join("\n");

withOutput(
  program
    .command("preset <name>")
    .description(`reproduces a table of the specification:\n${names}`)
    .option("--max-n <n>", "largest number of validators", whole, 256)
    .option("--seeds <n>", "runs of each fault scenario", whole, 20)
    .option("--seed <n>", "seed of the latencies; each preset has one of its own", whole),
).action((name: string, options: Output & { maxN: number; seeds: number; seed?: number }) => {
  const preset = presets[name];
  if (preset === undefined) return program.error(`no preset "${name}"; there are:\n${names}`);
  const seed = options.seed ?? preset.seed;
  const { tables, plots } = preset.run({ ...options, seed });
  print(`BBFT: ${name}, seed ${seed}`, tables, plots, options);
});

interface RunOptions extends Output {
  readonly n: number;
  readonly m: number;
  readonly fanout: number;
  readonly heights: number;
  readonly seed: number;
  readonly jitter: number;
  readonly loss: number;
  readonly bandwidth: number;
  readonly block: number;
  readonly latency?: string;
  readonly strategy?: StrategyName;
  readonly faulty: number;
}

withOutput(
  program
    .command("run")
    .description("runs one network and prints what happened")
    .option("-n <n>", "validators", whole, 16)
    .option("-m <m>", "top-level gateways; 0 chooses", whole, 0)
    .option("--fanout <n>", "members before a level is put between; 0 keeps one level", whole, 0)
    .option("--heights <n>", "heights to decide", whole, 3)
    .option("--seed <n>", "seed", whole, 1)
    .option("--latency <file>", "one-way milliseconds as CSV; the world's regions when left out")
    .option("--jitter <part>", "largest additional delay, as a part of the latency", part, 0)
    .option("--loss <part>", "probability that a message is lost", part, 0)
    .option("--bandwidth <bits>", "uplink, bits a second; 0 is unlimited", whole, 0)
    .option("--block <bytes>", "size of a block", whole, 0)
    .addOption(
      new Option("--strategy <name>", "what Byzantine validators do").choices([...STRATEGIES]),
    )
    .option("--faulty <n>", "how many are Byzantine", whole, 0),
).action((options: RunOptions) => {
  const { n, m, fanout, heights, seed, jitter, loss, bandwidth, block, faulty } = options;
  const latency =
    options.latency === undefined
      ? worldLatency(n, seed)
      : parseLatencyCsv(readFileSync(options.latency, "utf8"));
  const everybody = Array.from({ length: latency.n }, (_, i) => i);
  const chosen = new Random(seed ^ 0xbad).sample(everybody, faulty);
  const strategy = options.strategy ?? "silent";
  const report = simulate({
    n: latency.n,
    m,
    fanout,
    heights,
    seed,
    latency,
    jitter,
    loss,
    bandwidth,
    blockBytes: block,
    byzantine: new Map(chosen.map((validator) => [validator, strategy])),
    hasTrace: options.svg !== undefined || options.html !== undefined,
  });
  const rows = Array.from({ length: heights }, (_, i) => {
    const height = BigInt(i + 1);
    const decided = report.decisions.filter((one) => one.height === height);
    const quorumMs = quorumTimeMs(report, height);
    return [
      i + 1,
      decided.length,
      Math.max(0, ...decided.map(({ view }) => view)),
      Number.isNaN(quorumMs) ? "-" : Math.round(quorumMs),
      report.decisionMessages.get(height) ?? 0,
      report.counts.get(height)?.recovery ?? 0,
    ];
  });
  const columns = ["height", "decided by", "view", "quorum ms", "messages", "recovery messages"];
  const notes = [
    `N = ${report.n}, M = ${report.m}, Byzantine: ${chosen.join(" ") || "none"}`,
    `${report.messages} messages, ${report.bytes} bytes, ${Math.round(report.endUs / 1000)} ms of virtual time`,
    `evidence: ${report.evidence}, against ${report.provenFaulty.join(" ") || "nobody"}`,
    report.violations.length === 0
      ? "no promise broken"
      : `BROKEN: ${report.violations.join("; ")}`,
  ];
  const table = { title: `Seed ${seed}`, columns, rows, notes };
  print("BBFT run", [table], () => [plotTimeline(report)], options);
  if (report.violations.length > 0) process.exitCode = 1;
});

program
  .command("campaign")
  .description("random networks, faults and adversaries; every failure is one line to run again")
  .option("--from <seed>", "first seed", whole, 1)
  .option("--runs <n>", "how many", whole, 2000)
  .option("--min-n <n>", "fewest validators", whole, 4)
  .option("--max-n <n>", "most validators", whole, 31)
  .option("--heights <n>", "most heights of a run", whole, 3)
  .action(
    (options: { from: number; runs: number; minN: number; maxN: number; heights: number }) => {
      const limits = { minN: options.minN, maxN: options.maxN, maxHeights: options.heights };
      const { failures, ...sums } = runCampaign(options.from, options.runs, limits);
      for (const { reproduction, reasons } of failures)
        console.log(`${reproduction}  # ${reasons.join("; ")}`);
      console.log(JSON.stringify({ ...sums, failures: failures.length }));
      if (failures.length > 0) process.exitCode = 1;
    },
  );

program
  .command("explore")
  .description("tries every order of events among four validators, N = 4")
  .addOption(
    new Option("--variant <name>", "the protocol, or a mistake in it")
      .choices([...VARIANTS])
      .default("full"),
  )
  .option("--views <n>", "views, 1 to 3", whole, 2)
  .option("--byzantine <n>", "Byzantine validators, 0 to 3", whole, 1)
  .option("--core", "explore four real cores; the model of the voting rules when left out")
  .option("--gateways <n>", "with --core: top-level gateways, 1 to 4", whole, 1)
  .option("--timeouts", "with --core: timeouts arrive one by one too")
  .option("--restart", "with --core: one validator may restart from its log")
  .option("--max-states <n>", "give up after so many", whole, 20_000_000)
  .option("--json", "one JSON object")
  .action((options: ExploreOptions) => {
    const { core: isCore, timeouts, restart, json, ...rest } = options;
    const { counterexample, ...found } = isCore
      ? exploreCore({ ...rest, hasTimeouts: timeouts, hasRestart: restart })
      : explore(rest);
    if (json) console.log(JSON.stringify({ ...options, ...found, counterexample }));
    else {
      for (const step of counterexample)
        console.log(typeof step === "string" ? step : JSON.stringify(step));
      const { verdict, ...counts } = found;
      const text = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
      console.log(`${options.variant}: ${verdict}; ${text.join(", ")}`);
    }
  });

program.parse();
