/** `equity check`: errors and warnings of files. */
import { type CheckResult, check } from "../compiler.ts";
import { type Diagnostic, formatDiagnostic } from "../diagnostics.ts";
import type { Dialect } from "../dialect.ts";
import { importsFrom, type System } from "./system.ts";
import { repeat, type WatchOptions } from "./watch.ts";

export interface CheckOptions extends WatchOptions {
  readonly dialect: Dialect;
  readonly json?: boolean;
}

export function checkFiles(
  system: System,
  files: readonly string[],
  options: CheckOptions,
): Promise<number> {
  return repeat(system, files, options, () => {
    const diagnostics = files.flatMap((file) => [
      ...checkFile(system, file, options.dialect).diagnostics,
    ]);
    const hasErrors = diagnostics.some(({ severity }) => severity === "error");
    if (options.json === true) system.out(JSON.stringify(diagnostics.map(diagnosticJson)));
    else for (const diagnostic of diagnostics) system.out(`${formatDiagnostic(diagnostic)}\n`);
    return hasErrors ? 1 : 0;
  });
}

export function checkFile(system: System, file: string, dialect: Dialect): CheckResult {
  return check(system.read(file), { file, dialect, resolveImport: importsFrom(system) });
}

/** A diagnostic without the source text. */
function diagnosticJson({ source: _, ...diagnostic }: Diagnostic): object {
  return diagnostic;
}
