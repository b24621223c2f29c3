/** `equity build`: artifacts of the contracts of files. */
import { join } from "node:path";
import { artifactOf } from "../artifact.ts";
import { artifactModule } from "../artifact-source.ts";
import { formatDiagnostic } from "../diagnostics.ts";
import { type CheckOptions, checkFile } from "./check.ts";
import type { System } from "./system.ts";
import { repeat } from "./watch.ts";

export interface BuildOptions extends CheckOptions {
  readonly ts?: boolean;
  readonly out: string;
}

export function buildFiles(
  system: System,
  files: readonly string[],
  options: BuildOptions,
): Promise<number> {
  return repeat(system, files, options, () => {
    let exitCode = 0;
    const written: string[] = [];
    for (const file of files) {
      const { contracts, diagnostics } = checkFile(system, file, options.dialect);
      const errors = diagnostics.filter(({ severity }) => severity === "error");
      for (const diagnostic of diagnostics) system.err(`${formatDiagnostic(diagnostic)}\n`);
      if (errors.length > 0) {
        exitCode = 1;
        continue;
      }
      for (const contract of contracts) {
        const artifact = artifactOf(contract);
        const path = join(options.out, `${contract.name}.${options.ts === true ? "ts" : "json"}`);
        const text =
          options.ts === true
            ? artifactModule(artifact)
            : `${JSON.stringify(artifact, undefined, 2)}\n`;
        system.write(path, text);
        written.push(path);
      }
    }
    if (options.json === true) system.out(JSON.stringify({ written }));
    else for (const path of written) system.out(path);
    return exitCode;
  });
}
