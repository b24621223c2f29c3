/// <reference types="node" />
/** `bbft-sim run`: one network, height by height. */
import { Command, Option } from "commander";
import { DEFAULT_PARAMETERS } from "../parameters.ts";
import {
  chooseTopology,
  measuredDistances,
  STRATEGIES,
  type StrategyName,
  simulate,
  worldLatency,
} from "../sim/index.ts";
import { part, positive, size, who, whole } from "./arguments.ts";
import { readLatency } from "./delays.ts";
import { checkFiles, type Output, print, withOutput } from "./output.ts";
import { plotTimeline } from "./plots.ts";
import { createProgress } from "./progress.ts";
import { byzantineOf, crashesOf, type FaultOptions, partitionOf } from "./run-faults.ts";
import { isStalled, tableOf } from "./run-table.ts";

interface RunOptions extends Output, FaultOptions {
  readonly n: number;
  readonly m: number;
  readonly fanout: number;
  readonly heights: number;
  readonly jitter: number;
  readonly loss: number;
  readonly gst: number;
  readonly partition: number;
  readonly bandwidth: number;
  readonly block: number;
  readonly verify: number;
  readonly latency?: string;
}

/** Before `--gst`, milliseconds. */
const ASYNC_MS = 2000;
/** Those of the campaign, and the one that lies about gateways. */
const CHOICES: readonly StrategyName[] = [...STRATEGIES, "slander"];

export function runCommand(): Command {
  const command = new Command("run")
    .description("runs one network and prints what happened")
    .option("-n <n>", "validators", size, 16)
    .option("-m <m>", "top-level gateways; 0 chooses", whole, 0)
    .option("--fanout <n>", "members before a level is put between; 0 keeps one level", whole, 0)
    .option("--heights <n>", "heights to decide", positive, 3)
    .option("--seed <n>", "seed", whole, 1)
    .addOption(
      new Option(
        "--latency <file>",
        "one-way milliseconds as CSV, a row for each sender, a column for each receiver; the world's regions when left out",
      ).conflicts("n"),
    )
    .option("--jitter <part>", "largest additional delay, as a part of the latency", part, 0)
    .option("--loss <part>", "probability that a message is lost", part, 0)
    .option("--gst <ms>", `until then messages take up to ${ASYNC_MS} ms longer`, whole, 0)
    .option("--partition <ms>", "until then two halves do not hear each other", whole, 0)
    .option("--crash <n>", "so many crash once and restart from their log", whole, 0)
    .option("--bandwidth <bits>", "uplink, bits a second; 0 is unlimited", whole, 0)
    .option("--block <bytes>", "size of a block", whole, 0)
    .option("--verify <us>", "microseconds of a processor to check a signature", whole, 0)
    .addOption(
      new Option("--strategy <name>", "what Byzantine validators do").choices([...CHOICES]),
    )
    .option("--faulty <n>", "how many are Byzantine, drawn by the seed", whole, 0)
    .addOption(
      new Option("--who <list>", "which are Byzantine: numbers such as 0,3, or leader, or gateways")
        .argParser(who)
        .conflicts("faulty"),
    );
  return withOutput(command, true)
    .addHelpText(
      "after",
      `
The exit code is 1 where a promise was broken, or where not everything was decided though at most
f = floor((N - 1) / 3) are Byzantine.

Examples:
  bbft-sim run -n 16 -m 4 --strategy equivocate --who leader --svg run.svg
  bbft-sim run -n 16 -m 4 --who gateways                   all gateways are silent
  bbft-sim run --latency delays.csv -m 3 --loss 0.05       your own network`,
    )
    .action(runNetwork);
}

function runNetwork(options: RunOptions): void {
  const { m, fanout, heights, seed, jitter, loss, bandwidth, block, verify } = options;
  checkFiles(options);
  const latency =
    options.latency === undefined ? worldLatency(options.n, seed) : readLatency(options.latency);
  const { n } = latency;
  if (m > n) throw new RangeError(`-m ${m} with ${n} validators; give 0 to ${n}`);
  const progress = createProgress();
  progress.show(`${n} validators, ${heights} heights`);
  const topology = chooseTopology(
    { ...DEFAULT_PARAMETERS, m, fanout },
    measuredDistances(latency),
    new Array<bigint>(n).fill(1n),
  );
  const byzantine = byzantineOf(options, topology);
  const report = simulate({
    n,
    m,
    fanout,
    topology,
    heights,
    seed,
    latency,
    jitter,
    loss,
    gstUs: options.gst * 1000,
    asyncDelayUs: ASYNC_MS * 1000,
    partitions: partitionOf(n, options.partition),
    crashes: crashesOf(n, options, byzantine),
    bandwidth,
    blockBytes: block,
    cpu: { signUs: Math.round(verify / 5), verifyUs: verify },
    byzantine: new Map(byzantine.map((one) => [one, options.strategy ?? "silent"])),
    hasTrace: options.svg !== undefined || options.html !== undefined,
  });
  progress.end();
  print(
    `BBFT: run, seed ${seed}`,
    [tableOf(report, heights, byzantine)],
    () => [plotTimeline(report)],
    options,
  );
  if (report.violations.length > 0 || isStalled(report)) process.exitCode = 1;
}
