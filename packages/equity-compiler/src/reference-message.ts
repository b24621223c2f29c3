import type { EquityError, EquityErrorCode } from "./error.ts";

const WITHOUT_PREFIX: ReadonlySet<EquityErrorCode> = new Set<EquityErrorCode>([
  "argument-count",
  "argument-format",
  "argument-type",
  "clause-shift",
]);

const PARSE_ERRORS: ReadonlySet<EquityErrorCode> = new Set<EquityErrorCode>([
  "expected-contract",
  "expected-identifier",
  "expected-keyword",
  "expected-token",
  "import-cycle",
  "import-empty",
  "import-format",
  "import-open",
  "import-parse",
  "import-path",
  "import-read",
  "nesting-too-deep",
  "odd-hex",
  "unknown-statement",
  "unknown-type",
  "unterminated-string",
]);

/**
 * An error in the form of the historical compilers: which stage it is of, for parse errors its
 * place, and the sentence. The wording of the sentences is theirs only where it is known.
 *
 * @example
 * referenceMessage(error); // "parse error: line 1, col 8: expected identifier"
 */
export function referenceMessage(error: EquityError): string {
  const { code, message, line, column } = error;
  if (WITHOUT_PREFIX.has(code)) return message;
  if (!PARSE_ERRORS.has(code)) return `compiling contract: ${message}`;
  return `parse error: line ${line ?? 1}, col ${column ?? 0}: ${message}`;
}
