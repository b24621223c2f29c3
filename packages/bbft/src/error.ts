/**
 * Why bytes, a signature, a message or a request was refused. The names are those of the
 * specification without their prefix: `ERR_TC_GROUPS` is `tc-groups`.
 *
 * @see spec 90-bbft, section 16 "Library interfaces", item 4
 */
export type BbftErrorCode =
  | "length"
  | "kind"
  | "scheme"
  | "valset"
  | "bitmap"
  | "quorum"
  | "signature"
  | "tc-groups"
  | "tc-qc"
  | "pop"
  | "double-sign"
  | "not-leader"
  | "justification"
  | "stale"
  | "app-divergence"
  | "limit"
  | "wal"
  | "engine-data"
  | "trust"
  | "remote";

/** What is known about a refusal; every field is optional because most checks know only some. */
export interface BbftErrorFacts {
  readonly height?: bigint;
  readonly view?: number;
  /** Index of the validator that is to blame or concerned. */
  readonly validator?: number;
  /** Length in bytes, or number of items, that was found. */
  readonly found?: number;
  /** Length in bytes, or number of items, that was allowed or needed. */
  readonly expected?: number;
  /** What to do about it, where the code does not say enough. */
  readonly advice?: string;
}

/**
 * Input from outside that breaks a rule of the protocol. A caller's own mistake is a RangeError or
 * TypeError.
 */
export class BbftError extends Error {
  override readonly name = "BbftError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: BbftErrorCode;
  readonly facts: BbftErrorFacts;

  constructor(code: BbftErrorCode, facts: BbftErrorFacts = {}, options?: { cause?: unknown }) {
    const shown = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
    super(shown.length === 0 ? code : `${code} (${shown.join(", ")})`, options);
    this.code = code;
    this.facts = facts;
  }
}
