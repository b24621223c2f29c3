/** Why a request was refused. */
export type TensorityErrorCode =
  | "wrong-length"
  | "kernel-unavailable"
  | "queue-full"
  | "worker-failed"
  | "pool-closed"
  | "no-template"
  | "empty-submission"
  | "unreadable-header"
  | "template-changed"
  | "orphan-block";

/** What is known about a refusal; each code names the facts it carries. */
export interface TensorityErrorFacts {
  /** `wrong-length`: which argument, `kernel-unavailable`: which kernel. */
  readonly subject?: string | undefined;
  /** `wrong-length`: bytes expected, `queue-full`: jobs that may wait. */
  readonly limit?: number | undefined;
  /** `wrong-length`: bytes given. */
  readonly actual?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A hash that could not be computed (the input has the wrong shape, the machine cannot run the kernel
 * asked for, the pool cannot take the job) or mined work that cannot be used.
 */
export class TensorityError extends Error {
  override readonly name = "TensorityError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: TensorityErrorCode;
  readonly subject: string | undefined;
  readonly limit: number | undefined;
  readonly actual: number | undefined;

  constructor(code: TensorityErrorCode, facts: TensorityErrorFacts = {}) {
    super(describe(code, facts), facts.cause === undefined ? {} : { cause: facts.cause });
    this.code = code;
    this.subject = facts.subject;
    this.limit = facts.limit;
    this.actual = facts.actual;
  }
}

/**
 * The bytes, when there are exactly `length` of them.
 *
 * @throws {@link TensorityError} `wrong-length`
 */
export function checkLength(bytes: Uint8Array, length: number, subject: string): Uint8Array {
  if (bytes.length === length) return bytes;
  throw new TensorityError("wrong-length", { subject, limit: length, actual: bytes.length });
}

function describe(code: TensorityErrorCode, facts: TensorityErrorFacts): string {
  switch (code) {
    case "wrong-length":
      return `${facts.subject} must have ${facts.limit} bytes, not ${facts.actual}`;
    case "kernel-unavailable":
      return `this machine cannot run the kernel "${facts.subject}"`;
    case "queue-full":
      return `${facts.limit} jobs are waiting already`;
    case "worker-failed":
      return "the worker of this job failed twice";
    case "pool-closed":
      return "the pool is closed";
    case "no-template":
      return "no block is ready for mining";
    case "empty-submission":
      return "can't submit empty block";
    case "unreadable-header":
      return "the submitted header cannot be read";
    case "template-changed":
      return "pending mining block has been changed";
    case "orphan-block":
      return "submit result is orphan";
  }
}
