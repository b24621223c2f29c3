/** `bbft-sim explore`: every order of events among four validators. */
import { Command, Option } from "commander";
import { explore } from "../explore/explore.ts";
import { exploreCore } from "../explore/explore-core.ts";
import { VARIANTS, type Variant } from "../explore/model.ts";
import { positive, whole } from "./arguments.ts";

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

export function exploreCommand(): Command {
  return new Command("explore")
    .description("tries every order of events among four validators, N = 4")
    .addOption(
      new Option("--variant <name>", "the protocol, or a mistake in it")
        .choices([...VARIANTS])
        .default("full"),
    )
    .option("--views <n>", "views, 1 to 3", positive, 2)
    .option("--byzantine <n>", "Byzantine validators, 0 to 3", whole, 1)
    .option("--core", "explore four real cores; the model of the voting rules when left out")
    .option("--gateways <n>", "with --core: top-level gateways, 1 to 4", positive, 1)
    .option("--timeouts", "with --core: timeouts arrive one by one too")
    .option("--restart", "with --core: one validator may restart from its log")
    .option("--max-states <n>", "give up after so many", positive, 20_000_000)
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
}
