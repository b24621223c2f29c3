import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonNumber, JsonSyntaxError, readJson } from "../src/http/json-reader.ts";
import { RawJson, writeJson } from "../src/http/json-writer.ts";

describe("readJson", () => {
  it("keeps the digits of a number", () => {
    expect(readJson("140700041250000000")).toEqual(new JsonNumber("140700041250000000"));
    expect(new JsonNumber("140700041250000000").toInteger()).toBe(140700041250000000n);
    expect(new JsonNumber("1.0").toInteger()).toBeUndefined();
    expect(new JsonNumber("1e3").toInteger()).toBeUndefined();
  });

  it("reads the first value and ignores the rest", () => {
    expect(readJson('"a" "b"')).toBe("a");
    expect(readJson("null}")).toBe(null);
  });

  it("takes the last of duplicate fields, also one called __proto__", () => {
    expect(readJson('{"a":true,"a":false}')).toEqual(
      Object.assign(Object.create(null), { a: false }),
    );
    const value = readJson('{"__proto__":{"x":"y"}}') as { x?: string };
    expect(value.x).toBeUndefined();
  });

  it.each([
    "",
    " ",
    "{",
    '{"a"',
    '{"a":}',
    "[1,]",
    '"',
    '"\\',
    '"\n"',
    "tru",
    "-",
    "01x",
    "+1",
    "nul",
  ])("refuses %j", (text) => {
    if (text === "01x") expect(readJson(text)).toEqual(new JsonNumber("0"));
    else expect(() => readJson(text)).toThrow(JsonSyntaxError);
  });

  it("refuses nesting that would exhaust the stack", () => {
    expect(() => readJson("[".repeat(1e6))).toThrow("nested too deep");
  });

  it("reads a string of many megabytes", () => {
    const text = "ab".repeat(4e6);
    expect(readJson(JSON.stringify(text))).toBe(text);
  });

  it("agrees with JSON.parse on every JSON text", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(plain(readJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("gives a value or a JsonSyntaxError on any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 0-1eEtrufalsn') }), (text) => {
        try {
          readJson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(JsonSyntaxError);
        }
      }),
    );
  });
});

function plain(value: unknown): unknown {
  if (value instanceof JsonNumber) return JSON.parse(value.literal);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}

describe("writeJson", () => {
  it("writes integers of any size, in the order of the fields, leaving out undefined", () => {
    const value = { b: 2n ** 64n - 1n, a: [1, true, null], c: undefined };
    expect(writeJson(value)).toBe('{"b":18446744073709551615,"a":[1,true,null]}');
  });

  it("escapes what a browser could take for markup, also in raw JSON", () => {
    expect(writeJson({ "<": new RawJson('"&>"'), line: "\u2028" })).toBe(
      '{"\\u003c":"\\u0026\\u003e","line":"\\u2028"}',
    );
  });
});
