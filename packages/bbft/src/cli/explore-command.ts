/// <reference types="node" />
/** `bbft-sim explore`: every order of events among four validators. */
import { Command, Option } from "commander";
import {
  type CoreExploration,
  type Exploration,
  explore,
  exploreCore,
  VARIANTS,
  type Variant,
} from "../explore/index.ts";
import { positive, range } from "./arguments.ts";
import { createProgress } from "./progress.ts";
import { tellWalk } from "./walk.ts";

interface ExploreOptions {
  readonly variant: Variant;
  readonly views: number;
  readonly byzantine: number;
  readonly core?: boolean;
  readonly gateways?: number;
  readonly timeouts?: boolean;
  readonly restart?: boolean;
  readonly maxStates: number;
  readonly json?: boolean;
}

/** Of four validators. */
const TOLERATED = 1;

export function exploreCommand(): Command {
  return new Command("explore")
    .description("tries every order of events among four validators, N = 4")
    .addOption(
      new Option("--variant <name>", "the protocol, or a mistake in it")
        .choices([...VARIANTS])
        .default("full"),
    )
    .option("--views <n>", "views, 1 to 3", range(1, 3), 2)
    .option("--byzantine <n>", "Byzantine validators, 0 to 3", range(0, 3), 1)
    .option("--core", "explore four real cores; the model of the voting rules when left out")
    .option("--gateways <n>", "with --core: top-level gateways, 1 to 4 (default: 1)", range(1, 4))
    .option("--timeouts", "with --core: timeouts arrive one by one too")
    .option("--restart", "with --core: one validator may restart from its log")
    .option("--max-states <n>", "give up after so many", positive, 20_000_000)
    .option("--json", "print one JSON object")
    .addHelpText(
      "after",
      `
Verdicts: safe, violated (two values can be decided; a shortest way there is printed), stuck (a state
that no correct leader can end), unfinished (--max-states was too small). The exit code is 1 where the
protocol itself is found violated or stuck with at most one Byzantine validator.
Two views take seconds. Three take seconds too, with --core minutes and 4 GB of memory: give it
--max-states 250000000.

Examples:
  bbft-sim explore                                         the rules, 2 views
  bbft-sim explore --variant single-phase --byzantine 0    the papers' mistake, step by step
  bbft-sim explore --core --restart                        four real cores, one restarts`,
    )
    .action(exploreFour);
}

function exploreFour(options: ExploreOptions): void {
  const { core: isCore, gateways, timeouts, restart, json, ...rest } = options;
  if (isCore !== true)
    for (const [name, value] of Object.entries({ gateways, timeouts, restart }))
      if (value !== undefined) throw new RangeError(`--${name} is for real cores; add --core`);
  const progress = createProgress();
  progress.show(`exploring ${rest.views} views of ${rest.variant}`);
  const found: Exploration | CoreExploration =
    isCore === true
      ? exploreCore({ ...rest, gateways, hasTimeouts: timeouts, hasRestart: restart })
      : explore(rest);
  progress.end();
  const { verdict, states } = found;
  const isBroken = verdict === "violated" || verdict === "stuck";
  if (isBroken && rest.variant === "full" && rest.byzantine <= TOLERATED) process.exitCode = 1;
  if (json === true) {
    console.log(JSON.stringify({ ...options, ...found }));
    return;
  }
  const isCores = "coreSteps" in found;
  if (isBroken)
    console.log(isCores ? "What each honest validator is shown, in its order:" : "A shortest way:");
  const steps = isCores ? found.counterexample : tellWalk(found.counterexample, rest.variant);
  for (const step of steps) console.log(`  ${step}`);
  if (verdict === "violated") console.log("Now both values can be decided.");
  const counts = isCores
    ? [
        `${states} states of the network`,
        `${found.coreStates} of single cores`,
        `${found.coreSteps} steps run`,
        `${found.refused} of them not allowed by the model`,
      ]
    : [`${states} states`];
  const advice = verdict === "unfinished" ? "; give a larger --max-states" : "";
  console.log(`${rest.variant}: ${verdict}; ${counts.join(", ")}${advice}`);
}
