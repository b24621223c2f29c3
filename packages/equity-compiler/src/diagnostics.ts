/** Errors and warnings in one form, as data and as text. */
import type { EquityError, EquityErrorCode } from "./error.ts";
import { type Position, positionAt, type Range, type SourceText, textOf } from "./source.ts";
import type { Warning, WarningCode } from "./warning.ts";

/** An error or a warning about a source text. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  readonly code: EquityErrorCode | WarningCode;
  readonly message: string;
  readonly file: string;
  /** Where the text at fault starts; {@link EquityError.line} is where the original reports it. */
  readonly start: Position;
  readonly end: Position;
  /** Bytes at fault. */
  readonly range: Range;
  /** What to do about it. */
  readonly hint: string | undefined;
  /** Names, types and texts that an error is about, in the order of spec 30-equity §13. */
  readonly names: readonly string[];
  /** The text that the range belongs to: an imported file has its own. */
  readonly source: SourceText;
}

export function errorDiagnostic(error: EquityError): Diagnostic {
  const { code, message, names, hint, place } = error;
  const source = place?.source ?? { file: "", text: "", bytes: "" };
  const range = place?.range ?? { start: 0, end: 0 };
  return { severity: "error", code, message, names, hint, ...located(source, range) };
}

export function warningDiagnostic({ code, message, hint, place }: Warning): Diagnostic {
  const { source, range } = place;
  return { severity: "warning", code, message, names: [], hint, ...located(source, range) };
}

function located(
  source: SourceText,
  range: Range,
): Pick<Diagnostic, "file" | "start" | "end" | "range" | "source"> {
  const start = positionAt(source, range.start);
  return { file: source.file, start, end: positionAt(source, range.end), range, source };
}

/**
 * A diagnostic for a terminal: place, code and message, the line with a caret below the text at
 * fault, the hint. Columns count characters from 1, as editors do.
 *
 * @example
 * // offer.equity:3:10: error[type-mismatch]: operands of "(a == s)" have different types: …
 * //   3 |   verify a == s
 * //     |          ^^^^^^
 */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { severity, code, message, file, start, hint } = diagnostic;
  const { line, before, marked, after } = markedLine(diagnostic);
  const number = `${line}`;
  const gutter = " ".repeat(number.length);
  const caret = "^".repeat(Math.max(1, [...marked].length));
  const lines = [
    `${file}:${line}:${[...lineBefore(diagnostic)].length + 1}: ${severity}[${code}]: ${message}`,
    `  ${number} | ${before}${marked}${after}`,
    `  ${gutter} | ${before.replaceAll(/[^\t]/gu, " ")}${caret}`,
  ];
  if (hint !== undefined) lines.push(`  ${gutter} = ${hint}`);
  return start.line === line ? lines.join("\n") : message;
}

/** Most characters that are shown at either side of the text at fault. */
const MAX_CONTEXT = 80;

interface MarkedLine {
  readonly line: number;
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

function markedLine(diagnostic: Diagnostic): MarkedLine {
  const { source, range, start, end } = diagnostic;
  const lineEnd = source.bytes.indexOf("\n", range.start);
  const stop = lineEnd < 0 ? source.bytes.length : lineEnd;
  const markedEnd = end.line === start.line ? range.end : stop;
  const before = lineBefore(diagnostic);
  const marked = slice(source, range.start, markedEnd);
  const after = slice(source, markedEnd, stop);
  return {
    line: start.line,
    before: before.length > MAX_CONTEXT ? `…${before.slice(-MAX_CONTEXT)}` : before,
    marked: marked.length > MAX_CONTEXT ? `${marked.slice(0, MAX_CONTEXT)}…` : marked,
    after: after.length > MAX_CONTEXT ? `${after.slice(0, MAX_CONTEXT)}…` : after,
  };
}

/** The line up to the text at fault. */
function lineBefore({ source, range, start }: Diagnostic): string {
  return slice(source, range.start - start.column, range.start);
}

/** The text of some bytes; control characters, which could steer a terminal, are shown as dots. */
function slice({ bytes }: SourceText, start: number, end: number): string {
  return textOf(bytes.slice(start, end)).replaceAll(/[^\P{Cc}\t]/gu, "·");
}
