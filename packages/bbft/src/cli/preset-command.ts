/** `bbft-sim preset <name>`: the tables of the specification, each with the options it has. */
import { Command } from "commander";
import { positive, whole } from "./arguments.ts";
import { type Output, print, withOutput } from "./output.ts";
import { type Preset, type PresetOptions, presets } from "./presets.ts";
import { createProgress } from "./progress.ts";

export function presetCommand(): Command {
  const group = new Command("preset").description("reproduces a table of the specification");
  for (const [name, preset] of Object.entries(presets)) group.addCommand(one(name, preset));
  return group;
}

function one(name: string, preset: Preset): Command {
  const command = withOutput(new Command(name).description(preset.description));
  const { options: has } = preset;
  if (has.includes("maxN"))
    command.option("--max-n <n>", "largest number of validators", positive, 256);
  if (has.includes("seeds"))
    command.option("--seeds <n>", "runs of each scenario, seeds 1 to n", positive, 20);
  if (has.includes("seed"))
    command.option("--seed <n>", "seed of the latencies", whole, preset.seed);
  return command
    .addHelpText("after", `\nExample: bbft-sim preset ${name} ${preset.example}`)
    .action((options: Output & Partial<PresetOptions>) => {
      const { maxN = 256, seeds = 20, seed = preset.seed } = options;
      const progress = createProgress();
      const { tables, plots } = preset.run({ maxN, seeds, seed, onProgress: progress.show });
      progress.end();
      const title = has.includes("seed") ? `BBFT: ${name}, seed ${seed}` : `BBFT: ${name}`;
      print(title, tables, plots, options);
    });
}
