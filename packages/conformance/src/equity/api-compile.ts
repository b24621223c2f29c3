import { formatInstructions, mainChain } from "@bystack/bvm";
import { answerCompileRequest } from "@bystack/equity-compiler";
import { bytes, codeOf, count, equal, type Fields, list, object, text } from "../check.ts";
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
          checkDecode(request, count(status, "status"), response);
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
const FAULTS: { readonly [code: string]: string } = {
  "long-program": "BTM767",
  "short-program": "BTM771",
};

/** An error without a code of its own: a text that is no hex, a length of 32 bits that overflows. */
const UNNAMED = "BTM000";

/** The listing of a program is the machine's; its error is told by the code. */
function checkDecode(request: unknown, status: number, response: unknown): void {
  const program = text(object(request, "request")["program"], "program");
  const expected = object(response, "response");
  let listing: Fields;
  try {
    const instructions = formatInstructions(mainChain.convertProgram(bytes(program, "program")));
    listing = { status: "success", data: { instructions } };
  } catch (error) {
    const code = isHex(program) ? (FAULTS[codeOf(error)] ?? UNNAMED) : UNNAMED;
    listing = { status: "fail", code };
  }
  equal(200, status, "HTTP status");
  for (const name of Object.keys(listing)) equal(listing[name], expected[name], name);
}

const isHex = (text: string): boolean => text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text);
