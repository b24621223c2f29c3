/** `bbft-sim preset <name>`: the tables of the specification, each with the options it has. */
import { Command } from "commander";
import { positive, range, whole } from "./arguments.ts";
import { checkFiles, type Output, print, withOutput } from "./output.ts";
import { type Preset, type PresetOptions, presets } from "./presets.ts";
import { createProgress } from "./progress.ts";

const DEFAULT_MAX_N = 256;
const DEFAULT_SEEDS = 20;

export function presetCommand(): Command {
  const group = new Command("preset").description(
    "reproduces a table of the specification, with its printed figures beside",
  );
  for (const [name, preset] of Object.entries(presets)) group.addCommand(one(name, preset));
  return group;
}

function one(name: string, preset: Preset): Command {
  const command = new Command(name).description(preset.description);
  const { options: has, sizes = [1, 1] } = preset;
  const [low, high] = sizes;
  if (has.includes("maxN"))
    command.option(
      "--max-n <n>",
      `largest number of validators, ${low} to ${high}`,
      range(low, high),
      DEFAULT_MAX_N,
    );
  if (has.includes("seeds"))
    command.option("--seeds <n>", "runs of each scenario, seeds 1 to n", positive, DEFAULT_SEEDS);
  if (has.includes("seed"))
    command.option("--seed <n>", "seed of the latencies", whole, preset.seed);
  return withOutput(command, preset.hasPictures)
    .addHelpText("after", `\nExample: bbft-sim preset ${name} ${preset.example}`)
    .action((options: Output & Partial<PresetOptions>) => {
      const { maxN = DEFAULT_MAX_N, seeds = DEFAULT_SEEDS, seed = preset.seed } = options;
      checkFiles(options);
      const progress = createProgress();
      const { tables, plots } = preset.run({ maxN, seeds, seed, onProgress: progress.show });
      progress.end();
      const title = has.includes("seed") ? `BBFT: ${name}, seed ${seed}` : `BBFT: ${name}`;
      print(title, tables, plots, options);
    });
}
