/**
 * The error numbers of the HTTP API that this node can answer with.
 *
 * `temporary` and `status` show only in the transport form (bad body, unknown path, no
 * authentication); a handler's failure is HTTP 200.
 *
 * @see spec 60-api, section 2 "Error codes"
 */
export const API_ERRORS = {
  BTM000: { status: 500, message: "Bytom API Error", temporary: true },
  BTM002: { status: 400, message: "Invalid request body", temporary: false },
  BTM860: { status: 401, message: "Request could not be authenticated", temporary: false },
} as const;

export type ApiErrorCode = keyof typeof API_ERRORS;

/** A request that cannot be served, before its handler ran or from within. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: ApiErrorCode;
  /** What the reference nodes call `detail` or `error_detail`. */
  readonly detail: string;

  constructor(code: ApiErrorCode, detail: string, options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.code = code;
    this.detail = detail;
  }
}
