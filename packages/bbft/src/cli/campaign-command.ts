/// <reference types="node" />
/** `bbft-sim campaign`: random networks, faults and adversaries. */
import { Command } from "commander";
import { runCampaign } from "../sim/campaign.ts";
import { positive, whole } from "./arguments.ts";
import { createProgress } from "./progress.ts";

interface CampaignOptions {
  readonly from: number;
  readonly runs: number;
  readonly minN: number;
  readonly maxN: number;
  readonly heights: number;
  readonly json?: boolean;
}

export function campaignCommand(): Command {
  return new Command("campaign")
    .description("random networks, faults and adversaries; every failure is one line to run again")
    .option("--from <seed>", "first seed", whole, 1)
    .option("--runs <n>", "how many", positive, 2000)
    .option("--min-n <n>", "fewest validators", positive, 4)
    .option("--max-n <n>", "most validators", positive, 31)
    .option("--heights <n>", "most heights of a run", positive, 3)
    .option("--json", "print one JSON object")
    .addHelpText("after", "\nExample: bbft-sim campaign --from 1 --runs 2000")
    .action(campaign);
}

function campaign({ from, runs, minN, maxN, heights, json }: CampaignOptions): void {
  if (minN > maxN) throw new RangeError(`--min-n ${minN} is above --max-n ${maxN}; swap them`);
  const progress = createProgress();
  const limits = { minN, maxN, maxHeights: heights };
  const result = runCampaign(from, runs, limits, (seed) =>
    progress.show(`seed ${seed}, ${seed - from} of ${runs} done`),
  );
  progress.end();
  const { failures, steps, messages, evidence, maxView } = result;
  if (failures.length > 0) process.exitCode = 1;
  if (json) {
    console.log(
      JSON.stringify(result, (_key, value: unknown) =>
        value instanceof Map ? Object.fromEntries(value) : value,
      ),
    );
    return;
  }
  for (const { reproduction, reasons } of failures)
    console.log(`${reproduction}  # ${reasons.join("; ")}`);
  console.log(
    `${runs} runs, ${failures.length} failures; ${steps} steps, ${messages} messages, ` +
      `${evidence} pieces of evidence, highest view ${maxView}`,
  );
}
