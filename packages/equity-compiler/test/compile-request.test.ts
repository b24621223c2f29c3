import { describe, expect, it } from "vitest";
import calls from "../../../vectors/equity/api-compile.json" with { type: "json" };
import { answerCompileRequest } from "../src/index.ts";

describe("recorded calls of a node", () => {
  const compileCalls = calls.vectors.filter(({ path }) => path === "/compile");

  it.each(compileCalls)("$name", ({ request, status, response }) => {
    expect(answerCompileRequest(request)).toEqual({ httpStatus: status, body: response });
  });
});

const contract =
  "contract All(n: Integer, f: Boolean, t: String) locks q of k { clause s() { verify n > 1 && f && size(t) > 0 unlock q of k } }";
const call = (...args: unknown[]) => answerCompileRequest({ contract, args });

it("integers of 64 bits arrive whole, as bigint or as an exact number", () => {
  const program = (integer: unknown) => {
    const { body } = call({ integer }, { boolean: true }, { string: "00" });
    return body.status === "success" ? body.data.program : body;
  };
  expect(program(2n ** 63n - 1n)).toContain("08ffffffffffffff7f");
  expect(program(5)).toEqual(program(5n));
});

it("the first known key counts; null is no value", () => {
  const { body } = call(
    { string: "00", integer: 3n },
    { boolean: false, integer: 1n },
    { boolean: null, string: "00" },
  );
  expect(body.status).toBe("success");
});

it.each([
  ["a fraction", [{ integer: 1.5 }]],
  ["an inexact number", [{ integer: 2 ** 60 }]],
  ["more than 64 bits", [{ integer: 2n ** 63n }]],
  ["a boolean that is none", [{ boolean: "true" }]],
  ["a string that is none", [{ string: 5 }]],
  ["odd hex", [{ string: "5" }]],
  ["no object", [5]],
])("%s is a bad request", (_name, args) => {
  expect(call(...args)).toMatchObject({ httpStatus: 400, body: { code: "BTM002" } });
});

it.each([
  [{ contract: 5 }, 400],
  [{ contract, args: {} }, 400],
  [null, 200],
  ["text", 200],
])("odd bodies are answered: %o", (body, httpStatus) => {
  expect(answerCompileRequest(body)).toMatchObject({ httpStatus, body: { status: "fail" } });
});
