/// <reference types="node" />
/** `bbft-sim run`: one network, height by height. */
import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import { STRATEGIES, type StrategyName } from "../sim/adversary.ts";
import { parseLatencyCsv, worldLatency } from "../sim/latency.ts";
import { Random } from "../sim/random.ts";
import { simulate } from "../sim/simulate.ts";
import { quorumTimeMs } from "../sim/tables/measure.ts";
import { part, positive, whole } from "./arguments.ts";
import { type Output, print, withOutput } from "./output.ts";
import { plotTimeline } from "./plots.ts";

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

export function runCommand(): Command {
  const command = withOutput(new Command("run"))
    .description("runs one network and prints what happened")
    .option("-n <n>", "validators", positive, 16)
    .option("-m <m>", "top-level gateways; 0 chooses", whole, 0)
    .option("--fanout <n>", "members before a level is put between; 0 keeps one level", whole, 0)
    .option("--heights <n>", "heights to decide", positive, 3)
    .option("--seed <n>", "seed", whole, 1)
    .option(
      "--latency <file>",
      "one-way milliseconds as CSV, a row for each validator (then -n has no effect)",
    )
    .option("--jitter <part>", "largest additional delay, as a part of the latency", part, 0)
    .option("--loss <part>", "probability that a message is lost", part, 0)
    .option("--bandwidth <bits>", "uplink, bits a second; 0 is unlimited", whole, 0)
    .option("--block <bytes>", "size of a block", whole, 0)
    .addOption(
      new Option("--strategy <name>", "what Byzantine validators do").choices([...STRATEGIES]),
    )
    .option("--faulty <n>", "how many are Byzantine", whole, 0)
    .addHelpText("after", "\nExample: bbft-sim run -n 16 -m 4 --strategy equivocate --faulty 5");
  return command.action(runNetwork);
}

function runNetwork(options: RunOptions): void {
  const { n, m, fanout, heights, seed, jitter, loss, bandwidth, block, faulty } = options;
  const latency =
    options.latency === undefined
      ? worldLatency(n, seed)
      : parseLatencyCsv(readFileSync(options.latency, "utf8"));
  if (m > latency.n)
    throw new RangeError(`-m ${m} with ${latency.n} validators; give 0 to ${latency.n}`);
  if (faulty >= latency.n)
    throw new RangeError(`--faulty ${faulty} leaves nobody; give 0 to ${latency.n - 1}`);
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
}
