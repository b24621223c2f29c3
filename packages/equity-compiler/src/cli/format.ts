/** `equity fmt`: source files in one layout. */

import { errorDiagnostic, formatDiagnostic } from "../diagnostics.ts";
import type { Dialect } from "../dialect.ts";
import { EquityError } from "../error.ts";
import { formatSource } from "../format.ts";
import type { System } from "./system.ts";

export interface FormatFilesOptions {
  readonly dialect: Dialect;
  readonly check?: boolean;
}

export function formatFiles(
  system: System,
  files: readonly string[],
  { dialect, check }: FormatFilesOptions,
): number {
  let exitCode = 0;
  for (const file of files) {
    const text = system.read(file);
    try {
      const formatted = formatSource(text, { file, dialect });
      if (formatted === text) continue;
      system.out(file);
      if (check === true) exitCode = 1;
      else system.write(file, formatted);
    } catch (error) {
      if (!(error instanceof EquityError)) throw error;
      system.err(formatDiagnostic(errorDiagnostic(error)));
      exitCode = 1;
    }
  }
  return exitCode;
}
