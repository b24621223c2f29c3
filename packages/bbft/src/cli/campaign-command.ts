/// <reference types="node" />
/** `bbft-sim campaign`: random networks, faults and adversaries. */
import { setImmediate } from "node:timers/promises";
import { Command } from "commander";
import { type CampaignResult, runCampaign } from "../sim/index.ts";
import { positive, size, whole } from "./arguments.ts";
import { createProgress } from "./progress.ts";

interface CampaignOptions {
  readonly from: number;
  readonly runs: number;
  readonly minN: number;
  readonly maxN: number;
  readonly heights: number;
  readonly json?: boolean;
}

/** Exit code of a program that Ctrl-C ended. */
const INTERRUPTED = 130;

export function campaignCommand(): Command {
  return new Command("campaign")
    .description("random networks, faults and adversaries; every failure is one line to run again")
    .option("--from <seed>", "first seed", whole, 1)
    .option("--runs <n>", "how many", positive, 2000)
    .option("--min-n <n>", "fewest validators", size, 4)
    .option("--max-n <n>", "most validators", size, 31)
    .option("--heights <n>", "most heights of a run", positive, 3)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
A run fails where two decisions differ, an honest validator signs twice, evidence is false, or somebody
decides too little. The exit code is 1 where a run failed. Ctrl-C ends the campaign with its sum so far.

Example: bbft-sim campaign --from 1 --runs 2000`,
    )
    .action(campaign);
}

async function campaign(options: CampaignOptions): Promise<void> {
  const { from, runs, minN, maxN, heights, json } = options;
  if (minN > maxN) throw new RangeError(`--min-n ${minN} is above --max-n ${maxN}; swap them`);
  const progress = createProgress();
  const limits = { minN, maxN, maxHeights: heights };
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
  };
  process.once("SIGINT", stop);
  let sum: CampaignResult | undefined;
  for (let seed = from; seed < from + runs && !isStopped; seed++) {
    progress.show(`seed ${seed}, ${seed - from} of ${runs} done`);
    const result = runCampaign(seed, 1, limits);
    sum = sum === undefined ? result : add(sum, result);
    if (json !== true) {
      if (result.failures.length > 0) progress.end();
      for (const { reproduction, reasons } of result.failures)
        console.log(`${reproduction}  # ${reasons.join("; ")}`);
    }
    // Ctrl-C is heard between two runs.
    await setImmediate();
  }
  process.off("SIGINT", stop);
  progress.end();
  if (sum === undefined) return;
  const { failures, steps, messages, evidence, maxView } = sum;
  if (failures.length > 0) process.exitCode = 1;
  if (isStopped) process.exitCode = INTERRUPTED;
  if (json === true) {
    console.log(
      JSON.stringify(sum, (_key, value: unknown) =>
        value instanceof Map ? Object.fromEntries(value) : value,
      ),
    );
    return;
  }
  console.log(
    `${sum.runs} runs, ${failures.length} failures; ${steps} steps, ${messages} messages, ` +
      `${evidence} pieces of evidence, highest view ${maxView}`,
  );
  const left = runs - sum.runs;
  if (left > 0) console.log(`Stopped. The rest: --from ${from + sum.runs} --runs ${left}`);
}

function add(a: CampaignResult, b: CampaignResult): CampaignResult {
  const decidedItems = new Map(a.decidedItems);
  for (const [type, count] of b.decidedItems)
    decidedItems.set(type, (decidedItems.get(type) ?? 0) + count);
  return {
    runs: a.runs + b.runs,
    failures: [...a.failures, ...b.failures],
    steps: a.steps + b.steps,
    messages: a.messages + b.messages,
    evidence: a.evidence + b.evidence,
    maxView: Math.max(a.maxView, b.maxView),
    decidedItems,
  };
}
