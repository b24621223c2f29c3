/**
 * The package's error.
 *
 * @see spec 30-equity, section 13 "Error classes"
 */
import { errorMessage } from "./messages.ts";
import { type Place, type Position, positionAt, type Range } from "./source.ts";

/** Why a text cannot be parsed: the historical compilers' classes. */
export type ParseErrorCode =
  | "expected-contract"
  | "expected-identifier"
  | "expected-keyword"
  | "expected-token"
  | "odd-hex"
  | "unknown-statement"
  | "unknown-type"
  | "unterminated-string";

/** Why an import cannot be followed; `import-cycle` is ours, where the original never ends. */
export type ImportErrorCode =
  | "import-cycle"
  | "import-empty"
  | "import-format"
  | "import-open"
  | "import-parse"
  | "import-path"
  | "import-read";

/** Why a parsed contract is not compiled: the historical compilers' classes. */
export type CompileErrorCode =
  | "assign-not-a-variable"
  | "assign-type"
  | "assign-undefined"
  | "boolean-compare"
  | "builtin-arg-count"
  | "builtin-arg-type"
  | "clause-param-unused"
  | "contract-arg-count"
  | "contract-arg-type"
  | "contract-not-compiled-yet"
  | "crash"
  | "define-type"
  | "define-unused"
  | "empty-contract"
  | "if-lock-count"
  | "label-redefined"
  | "left-operand-type"
  | "list-outside-call"
  | "lock-amount-type"
  | "lock-asset-type"
  | "lock-program-type"
  | "multisig-needs-list"
  | "name-conflict"
  | "param-unused"
  | "right-operand-type"
  | "sig-param"
  | "type-mismatch"
  | "unary-operand-type"
  | "undefined-reference"
  | "unknown-function"
  | "unlock-amount-type"
  | "unlock-asset-type"
  | "unlock-not-contract-value"
  | "verify-type";

/** A bound of ours was exceeded. */
export type LimitErrorCode =
  | "description-too-large"
  | "nesting-too-deep"
  | "program-too-large"
  | "source-too-large"
  | "too-many-files"
  | "too-many-names";

/** Why a compiled contract cannot be used as asked. */
export type UseErrorCode =
  | "argument-count"
  | "argument-format"
  | "argument-type"
  | "bad-artifact"
  | "clause-shift"
  | "unknown-clause"
  | "unknown-contract";

/** Every code of an {@link EquityError}. */
export type EquityErrorCode =
  | ParseErrorCode
  | ImportErrorCode
  | CompileErrorCode
  | LimitErrorCode
  | UseErrorCode;

/** What an {@link EquityError} is made of, besides its code. */
export interface EquityErrorFacts {
  /** What the class is about, in the order of spec 30-equity §13: names, types, texts. */
  readonly names?: readonly string[] | undefined;
  readonly place?: Place | undefined;
  /** What to do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  /** Further errors of the same run. */
  readonly others?: readonly EquityError[] | undefined;
}

/**
 * A contract that does not compile, or a compiled one that cannot be used as asked.
 *
 * Errors about a source text say where: {@link EquityError.line} and {@link EquityError.column} are
 * the position that the historical compiler reports (for errors that it reports without a place,
 * the start of the text at fault), {@link EquityError.range} is the text at fault.
 */
export class EquityError extends Error {
  override readonly name = "EquityError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: EquityErrorCode;
  /** Names, types and texts that the code is about, in the order of spec 30-equity §13. */
  readonly names: readonly string[];
  /** The text at fault, for errors about a source text. */
  readonly place: Place | undefined;
  /** What to do about it, where that can be said. */
  readonly hint: string | undefined;
  /** Further errors of the same run, in the order in which they were found. */
  readonly others: readonly EquityError[];

  constructor(code: EquityErrorCode, facts: EquityErrorFacts = {}) {
    const { names = [], place, hint, cause, others = [] } = facts;
    super(errorMessage(code, names), cause === undefined ? undefined : { cause });
    this.code = code;
    this.names = names;
    this.place = place;
    this.hint = hint;
    this.others = others;
  }

  /** The same error, with those that were found after it. */
  withOthers(others: readonly EquityError[]): EquityError {
    const { code, names, place, hint, cause } = this;
    return new EquityError(code, { names, place, hint, cause, others });
  }

  /** Name of the file at fault. */
  get file(): string | undefined {
    return this.place?.source.file;
  }

  /** From 1. */
  get line(): number | undefined {
    return this.#position()?.line;
  }

  /** Bytes after the last newline, from 0. */
  get column(): number | undefined {
    return this.#position()?.column;
  }

  /** Bytes of the source text that are at fault. */
  get range(): Range | undefined {
    return this.place?.range;
  }

  #position(): Position | undefined {
    if (this.place === undefined) return undefined;
    return this.place.position ?? positionAt(this.place.source, this.place.range.start);
  }
}

/** Does something that may fail with an error which is reported and which nothing depends on. */
export function attempt<T>(report: (error: EquityError) => void, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof EquityError)) throw error;
    report(error);
    return undefined;
  }
}
