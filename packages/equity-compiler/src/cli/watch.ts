import type { System } from "./system.ts";

export interface WatchOptions {
  readonly watch?: boolean;
}

/** Runs an action once, or once and after every change of the files. */
export async function repeat(
  system: System,
  files: readonly string[],
  { watch }: WatchOptions,
  action: () => number,
): Promise<number> {
  const exitCode = action();
  if (watch !== true) return exitCode;
  await system.watch(files, () => {
    try {
      action();
    } catch (error) {
      // A file that an editor is just replacing can be missing for a moment.
      system.err(error instanceof Error ? error.message : String(error));
    }
  });
  return exitCode;
}
