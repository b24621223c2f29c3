/**
 * What an editor asks about a text, as functions of the text. Offsets count characters.
 */
import { builtins } from "../builtins.ts";
import { check } from "../compiler.ts";
import type { Dialect } from "../dialect.ts";
import type { ImportResolver } from "../load.ts";
import { characterOffset } from "../source.ts";
import { type NamedType, typeNames } from "../types.ts";
import { builtinDetail, declarationsAt, withoutText } from "./scope.ts";

export interface LanguageOptions {
  readonly dialect: Dialect;
  readonly file: string;
  readonly resolveImport?: ImportResolver | undefined;
}

/** An error or a warning in a text. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Hover {
  /** A line of Equity. */
  readonly code: string;
  readonly description: string;
}

export interface Completion {
  readonly label: string;
  readonly kind: "keyword" | "type" | "function" | "contract" | "clause" | "variable";
  readonly detail: string;
}

const TYPES: Readonly<Record<NamedType, string>> = {
  Amount: "Units of an asset, 0 to 2^63 - 1",
  Asset: "Asset id, 32 bytes",
  Boolean: "true or false",
  Hash: "Hash, 32 bytes",
  Integer: "Signed 64-bit number",
  List: "A list, which only checkTxMultiSig takes",
  Predicate: "A program that is checked",
  Program: "Control program",
  PublicKey: "ed25519 public key, 32 bytes",
  Sign: "Signature of a message, 64 bytes",
  Signature: "Signature of the transaction, 64 bytes",
  String: "Bytes",
};

const KEYWORDS: Readonly<Record<string, string>> = {
  contract: "contract Name(parameters) locks amount of asset { clauses }",
  clause: "clause name(parameters) { statements }",
  verify: "verify condition",
  lock: "lock amount of asset with program",
  unlock: "unlock amount of asset",
  define: "define name: Type = value",
  assign: "assign name = value",
  if: "if condition { statements } else { statements }",
  else: "else { statements }",
  locks: "locks amount of asset",
  of: "amount of asset",
  with: "with program",
  import: "import 'path'",
  true: "true",
  false: "false",
};

/** Errors and warnings; those of imported files are with their import. */
export function findings(
  text: string,
  { dialect, file, resolveImport }: LanguageOptions,
): Finding[] {
  return check(text, { dialect, file, resolveImport })
    .diagnostics.filter(({ source }) => source.file === file)
    .map(({ severity, code, message, hint, range, source }) => ({
      severity,
      code,
      message: hint === undefined ? message : `${message}\n${hint}`,
      start: characterOffset(source, range.start),
      end: Math.max(characterOffset(source, range.end), characterOffset(source, range.start) + 1),
    }));
}

/** What the name at an offset is. */
export function hover(
  text: string,
  offset: number,
  { dialect }: LanguageOptions,
): Hover | undefined {
  const name = wordAt(text, offset);
  if (name === undefined) return undefined;
  const declared = declarationsAt(text, offset).findLast((known) => known.name === name);
  if (declared !== undefined) return { code: declared.detail, description: declared.role };
  const builtin = builtins(dialect).get(name);
  if (builtin !== undefined)
    return { code: builtinDetail(name, dialect) ?? name, description: builtin.description };
  const type = typeNames(dialect).find((known) => known === name);
  if (type !== undefined) return { code: type, description: TYPES[type] };
  const form = Object.hasOwn(KEYWORDS, name) ? KEYWORDS[name] : undefined;
  return form === undefined ? undefined : { code: form, description: "keyword" };
}

/** Where the name at an offset is declared in the text; its first character. */
export function definition(text: string, offset: number): number | undefined {
  const name = wordAt(text, offset);
  if (name === undefined) return undefined;
  return declarationsAt(text, offset).findLast((known) => known.name === name)?.start;
}

/** What can be written at an offset. */
export function completions(
  text: string,
  offset: number,
  { dialect }: LanguageOptions,
): Completion[] {
  const before = withoutText(text.slice(0, offset));
  if (/:\s*\w*$/.test(before))
    return typeNames(dialect).map((label) => ({ label, kind: "type", detail: TYPES[label] }));
  const keywords = Object.entries(KEYWORDS).map(
    ([label, detail]): Completion => ({ label, kind: "keyword", detail }),
  );
  const functions = [...builtins(dialect).keys()].map(
    (label): Completion => ({
      label,
      kind: "function",
      detail: builtinDetail(label, dialect) ?? "",
    }),
  );
  const names = declarationsAt(text, offset).map(({ name, role, detail }): Completion => {
    const kind = role === "contract" || role === "clause" ? role : "variable";
    return { label: name, kind, detail };
  });
  return [...names, ...functions, ...keywords];
}

/** The name that an offset is in or behind; undefined in comments and strings. */
function wordAt(text: string, offset: number): string | undefined {
  const code = withoutText(text);
  let start = offset;
  while (start > 0 && /\w/.test(code.charAt(start - 1))) start--;
  return /^[A-Za-z_]\w*/.exec(code.slice(start))?.[0];
}
