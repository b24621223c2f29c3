/**
 * Why bytes, a text or values are not what the ledger calls well-formed.
 *
 * Wire: `eof` (nothing left), `unexpected-eof` (less left than announced), `varint-overflow` (does not fit
 * 64 bits), `value-out-of-range` (does not fit the field), `trailing-garbage`.
 * Text: `odd-length-hex`, `invalid-hex`, `hash-length`.
 * Addresses, in the order in which they are looked for: `unknown-address-type` to `unsupported-witness-version`.
 */
export type ButxoErrorCode =
  | "eof"
  | "unexpected-eof"
  | "varint-overflow"
  | "value-out-of-range"
  | "trailing-garbage"
  | "unsupported-serflags"
  | "unsupported-serialization-flags"
  | "unsupported-input-type"
  | "unsupported-output-type"
  | "unsupported-asset-version"
  | "unrecognized-vm-version"
  | "asset-id-mismatch"
  | "coinbase-without-outputs"
  | "seal-mismatch"
  | "hash-length"
  | "odd-length-hex"
  | "invalid-hex"
  | "unknown-address-type"
  | "bech32-length"
  | "bech32-character"
  | "bech32-mixed-case"
  | "bech32-separator"
  | "bech32-charset"
  | "bech32-checksum"
  | "invalid-witness-version"
  | "bech32-padding"
  | "witness-program-length"
  | "unsupported-witness-version";

/** The facts that go with a {@link ButxoErrorCode}, where there are any. */
export interface ButxoErrorFacts {
  /** Byte (or character) offset of the item that was refused. */
  readonly offset?: number | undefined;
  /** The value that was refused: a flag, a type byte, a version, a number of bytes left over. */
  readonly value?: bigint | number | undefined;
  readonly cause?: unknown;
}

/**
 * The one error of this package: the input is not well-formed, or a value cannot be encoded.
 *
 * @example
 * try { decodeTransaction(bytes, bytom); }
 * catch (error) { if (error instanceof ButxoError && error.code === "unexpected-eof") … }
 */
export class ButxoError extends Error {
  override readonly name = "ButxoError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: ButxoErrorCode;
  /** Byte (or character) offset of the item that was refused. */
  readonly offset: number | undefined;
  /** The value that was refused: a flag, a type byte, a version, a number of bytes left over. */
  readonly value: bigint | number | undefined;

  constructor(code: ButxoErrorCode, facts: ButxoErrorFacts = {}) {
    const { offset, value, cause } = facts;
    const at = offset === undefined ? "" : ` at ${offset}`;
    const what = value === undefined ? "" : ` (${value})`;
    super(`${code}${at}${what}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.offset = offset;
    this.value = value;
  }
}
