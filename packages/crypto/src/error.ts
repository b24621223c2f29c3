/** Why a backend was refused. */
export type CryptoErrorCode = "backend-unavailable" | "backend-disagrees";

/**
 * A backend that cannot be used here. Hashing and verifying themselves never throw: any bytes have
 * a digest, and any bytes are a signature or not.
 */
export class CryptoError extends Error {
  override readonly name = "CryptoError";
  /** Machine-readable reason; part of the public contract. */
  readonly code: CryptoErrorCode;
  /** Name of the backend. */
  readonly backend: string;

  constructor(code: CryptoErrorCode, backend: string, options?: { cause: unknown }) {
    super(`${code}: ${backend}`, options);
    this.code = code;
    this.backend = backend;
  }
}
