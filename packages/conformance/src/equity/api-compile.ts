import { formatInstructions, mainChain } from "@bystack/bvm";
import { answerCompileRequest } from "@bystack/equity-compiler";
import { bytes, codeOf, count, equal, list, object, text, thrownBy } from "../check.ts";
import type { HandlerContext } from "../runner.ts";

/** Recorded calls of a node that need no chain. */
export function apiCalls(file: unknown, { check }: HandlerContext): void {
  for (const value of list(object(file, "file")["vectors"], "vectors")) {
    const { name, path, request, status, response } = object(value, "call");
    check(text(name, "name"), () => {
      switch (path) {
        case "/compile":
          checkCompile(request, count(status, "status"), response);
          break;
        case "/decode-program":
          checkDecode(request, response);
          break;
        default:
          throw new Error(`unknown path ${String(path)}`);
      }
    });
  }
}

function checkCompile(request: unknown, status: number, response: unknown): void {
  const { httpStatus, body } = answerCompileRequest(request);
  equal(httpStatus, status, "HTTP status");
  equal(sorted(body), sorted(response), "response");
}

/** The same with the keys of all objects in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}

/** What the API calls the faults of the machine: spec 20-bvm, section 11. */
const FAULTS: { readonly [apiCode: string]: string } = {
  BTM767: "long-program",
  BTM771: "short-program",
};

/** The listing of a program is the machine's; texts that are no hex never reach it. */
function checkDecode(request: unknown, response: unknown): void {
  const program = text(object(request, "request")["program"], "program");
  const { status, data, code } = object(response, "response");
  const listing = () => formatInstructions(mainChain.convertProgram(bytes(program, "program")));
  if (status === "success") {
    equal(listing(), object(data, "data")["instructions"], "instructions");
    return;
  }
  const error = thrownBy(listing, "decode");
  const fault = FAULTS[text(code, "code")];
  if (fault !== undefined) equal(codeOf(error), fault, "code");
}
