/**
 * Why a program stopped, in the specification's names.
 *
 * `overflow` (a push whose length leaves 32 bits) and `missing-entry` (an output that the
 * transaction lacks) have no number in the node's HTTP API; all others have one.
 *
 * @see spec 20-bvm, section 11
 */
export type FaultCode =
  | "alt-stack-underflow"
  | "bad-value"
  | "context"
  | "data-stack-underflow"
  | "disallowed-opcode"
  | "div-zero"
  | "false-vm-result"
  | "long-program"
  | "missing-entry"
  | "overflow"
  | "range"
  | "return"
  | "run-limit-exceeded"
  | "short-program"
  | "unexpected"
  | "unsupported-vm"
  | "verify-failed";

/** Why bytes, text or parameters were refused outside of a run. */
export type BvmErrorCode =
  | "bad-hex"
  | "bad-jump-address"
  | "bad-value"
  | "label-redefined"
  | "label-undefined"
  | "long-program"
  | "overflow"
  | "short-program"
  | "token"
  | "token-too-long"
  | "unknown-witness-version"
  | "unresolved-jump";

/**
 * A program, an assembler text or the parameters of a standard program that cannot be used.
 *
 * Runs never throw it: what stops a run is data, the `error` of an `Execution`, because failing is
 * an ordinary outcome there and must stay cheap.
 */
export class BvmError extends Error {
  override readonly name = "BvmError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: BvmErrorCode;
  /** Where: a byte offset of the program, or a character offset of the text. */
  readonly position: number | undefined;
  /** The token, label or parameter at fault. */
  readonly subject: string | undefined;

  constructor(
    code: BvmErrorCode,
    facts: { readonly position?: number; readonly subject?: string; readonly cause?: unknown } = {},
  ) {
    const { position, subject, cause } = facts;
    const where = position === undefined ? "" : ` at ${position}`;
    const what = subject === undefined ? "" : `: ${subject.slice(0, 80)}`;
    super(`${code}${where}${what}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.position = position;
    this.subject = subject;
  }
}
