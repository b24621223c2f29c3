import { API_ERRORS, type ApiError } from "./error.ts";
import { type Writable, writeJson } from "./json-writer.ts";

/** One HTTP answer: status and JSON text with its final line feed. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A handler's success. `data` is left out when there is none. */
export function success(data?: Writable): Answer {
  return answer(200, { status: "success", data });
}

/** A handler's failure: always HTTP 200. */
export function failure(error: ApiError): Answer {
  const { code, detail } = error;
  const { message } = API_ERRORS[code];
  return answer(200, { status: "fail", code, msg: message, error_detail: detail });
}

/** A failure before any handler ran: bad body, unknown path, no authentication. */
export function transportFailure(error: ApiError): Answer {
  const { code, detail } = error;
  const { status, message, temporary } = API_ERRORS[code];
  return answer(status, { code, msg: message, status: "fail", detail, temporary });
}

function answer(status: number, body: Writable): Answer {
  return { status, body: `${writeJson(body)}\n` };
}
