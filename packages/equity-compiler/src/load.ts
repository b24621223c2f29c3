/**
 * Source texts and what they import, parsed.
 *
 * @see spec 30-equity, section 11 "Command line", imports
 */
import type { Contract, Import } from "./ast.ts";
import type { Dialect } from "./dialect.ts";
import { EquityError } from "./error.ts";
import { MAX_FILES } from "./limits.ts";
import { parse } from "./parser.ts";
import { type SourceText, sourceText } from "./source.ts";
import type { Warn } from "./warning.ts";

/** What a resolver found under a path. */
export interface ResolvedFile {
  /** A name that is the same whenever the same file is meant; diagnostics show it. */
  readonly file: string;
  readonly text: string;
}

/**
 * Finds imported files. The compiler itself touches no file system.
 *
 * @param path the text behind `import`
 * @param from name of the file that imports it
 * @returns undefined when there is no such file; may throw, which becomes `import-read`
 */
export type ImportResolver = (path: string, from: string) => ResolvedFile | undefined;

/**
 * Parses a text and everything that it imports; imported contracts come first.
 *
 * @throws {@link EquityError} a parse error, an import error, `too-many-files`
 */
export function load(
  source: SourceText,
  dialect: Dialect,
  resolve: ImportResolver | undefined,
  warn: Warn,
): Contract[] {
  let files = 0;
  const loadFile = (file: SourceText, importing: readonly string[]): Contract[] =>
    parse(file, dialect, {
      warn,
      follow: (statement) => {
        if (++files > MAX_FILES)
          throw new EquityError("too-many-files", { place: statement.place });
        const imported = find(statement, file.file, resolve);
        const chain = [...importing, file.file];
        if (chain.includes(imported.file))
          throw new EquityError("import-cycle", {
            names: [statement.path],
            place: statement.place,
            hint: [...chain, imported.file].join(" imports "),
          });
        return parseImported(statement, () => loadFile(imported, chain));
      },
    });
  return loadFile(source, []);
}

function find(
  { path, place }: Import,
  from: string,
  resolve: ImportResolver | undefined,
): SourceText {
  if (resolve === undefined)
    throw new EquityError("import-open", {
      names: [path],
      place,
      hint: "imports need the option resolveImport",
    });
  let found: ResolvedFile | undefined;
  try {
    found = resolve(path, from);
  } catch (cause) {
    throw new EquityError("import-read", { names: [path], place, cause });
  }
  if (found === undefined)
    throw new EquityError("import-path", {
      place,
      hint: "paths are relative to the working directory, not to the importing file",
    });
  return sourceText(found.text, found.file);
}

/** An error in an imported file is an error of the import; the error itself comes along. */
function parseImported({ path, place }: Import, action: () => Contract[]): Contract[] {
  try {
    return action();
  } catch (cause) {
    if (!(cause instanceof EquityError)) throw cause;
    const others = [cause, ...cause.others];
    throw new EquityError("import-parse", { names: [path], place, cause, others });
  }
}
