import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseVectors } from "./exact-json.ts";

/** What a handler works with. */
export interface HandlerContext {
  /** Runs one case: a throw (or rejection) counts as failed, everything else as passed. */
  check(label: string, body: () => void | Promise<void>): void | Promise<void>;
  /** Another file of the same suite and DIR, for files that build on it. */
  load(file: string): unknown;
  /** Options of the command line that are meant for handlers. */
  readonly options: { readonly kernel?: string | undefined };
  /** Prints a fact worth knowing: which backends ran. Not shown with `--json`. */
  note(text: string): void;
}

/** Runs all cases of one file. */
export type Handler = (file: unknown, context: HandlerContext) => void | Promise<void>;

/** The handlers of a suite, by file name without `.json` and without a trailing `-<digits>`. */
export interface Suite {
  readonly [kind: string]: Handler;
}

export interface FileResult {
  readonly suite: string;
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly firstFailure?: string;
}

export interface RunOptions {
  readonly directory: string;
  readonly suites: { readonly [name: string]: Suite };
  /** `NAME` or `NAME/FILE`; everything in the directory when empty. */
  readonly wanted: readonly string[];
  readonly options: HandlerContext["options"];
  readonly note: (text: string) => void;
}

/** Runs the vectors of a directory, one result a file, in the order of their names. */
export async function* run(options: RunOptions): AsyncGenerator<FileResult> {
  for (const [suite, file] of select(options)) yield await runFile(options, suite, file);
}

/** The files to run, as suite and file name. */
export function select({
  directory,
  wanted,
}: Pick<RunOptions, "directory" | "wanted">): [string, string][] {
  const all = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .flatMap(({ name }) =>
      readdirSync(join(directory, name))
        .filter((file) => file.endsWith(".json"))
        .sort()
        .map((file): [string, string] => [name, file]),
    );
  if (wanted.length === 0) return all;
  return wanted.flatMap((name) => {
    const [suite = "", file] = name.split("/");
    const matching = all.filter(
      ([s, f]) =>
        s === suite &&
        (file === undefined || f.replace(/\.json$/, "") === file.replace(/\.json$/, "")),
    );
    if (matching.length === 0) throw new Error(`no vectors for "${name}" in ${directory}`);
    return matching;
  });
}

/** Runs all cases of one file. */
export async function runFile(
  run: Omit<RunOptions, "wanted">,
  suite: string,
  file: string,
): Promise<FileResult> {
  let passed = 0;
  let failed = 0;
  let firstFailure: string | undefined;
  const fail = (label: string, error: unknown) => {
    failed++;
    firstFailure ??= `${label}: ${error instanceof Error ? error.message : String(error)}`;
  };
  const context: HandlerContext = {
    options: run.options,
    note: (text) => run.note(`${suite}/${file}: ${text}`),
    load: (name) => readJson(join(run.directory, suite, name)),
    check(label, body) {
      try {
        const result = body();
        if (result instanceof Promise)
          return result.then(
            () => void passed++,
            (error: unknown) => fail(label, error),
          );
        passed++;
      } catch (error) {
        fail(label, error);
      }
      return undefined;
    },
  };
  try {
    const handler = findHandler(run.suites[suite], suite, file);
    await handler(readJson(join(run.directory, suite, file)), context);
    if (passed + failed === 0) throw new Error("the file has no case");
  } catch (error) {
    fail(file, error);
  }
  const result = { suite, file, passed, failed };
  return firstFailure === undefined ? result : { ...result, firstFailure };
}

function findHandler(suite: Suite | undefined, name: string, file: string): Handler {
  if (suite === undefined) throw new Error(`no handlers for suite "${name}"`);
  const kind = file.replace(/\.json$/, "").replace(/-\d+$/, "");
  const handler = Object.hasOwn(suite, kind) ? suite[kind] : suite["*"];
  if (handler === undefined) throw new Error(`no handler for "${kind}" in suite "${name}"`);
  return handler;
}

function readJson(path: string): unknown {
  return parseVectors(readFileSync(path, "utf8"));
}
