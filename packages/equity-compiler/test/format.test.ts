import { describe, expect, it } from "vitest";
import generated from "../../../vectors/equity/generated-1.json" with { type: "json" };
import odd from "../../../vectors/equity/odd-but-accepted.json" with { type: "json" };
import templates from "../../../vectors/equity/templates.json" with { type: "json" };
import { toHex } from "../src/hex.ts";
import { compile, formatSource } from "../src/index.ts";

const bodies = (source: string): string[] => compile(source).map(({ body }) => toHex(body));

describe("every contract of the vectors", () => {
  it.each(
    [...templates.vectors, ...odd.vectors, ...generated.vectors].map(({ name, source }) => [
      name,
      source,
    ]),
  )("%s keeps its program, and formatting again changes nothing", (_name, source = "") => {
    const formatted = formatSource(source);
    expect(bodies(formatted)).toEqual(bodies(source));
    expect(formatSource(formatted)).toBe(formatted);
  });
});

it("lays out statements, blanks and brackets", () => {
  const source =
    "import 'x' contract A ( a,b :Integer,p:Program )locks q of k{clause s(x:Integer){if a>x{verify-a==- 3&&!(b<x)}else{}lock q of k with A(a ,b,p)}clause t(){verify checkTxMultiSig([ a ] ,[b])unlock q of k}}contract B() locks q of k {clause s(){}}";
  expect(formatSource(source)).toBe(`import 'x'

contract A(a, b: Integer, p: Program) locks q of k {
  clause s(x: Integer) {
    if a > x {
      verify -a == - 3 && !(b < x)
    } else {}
    lock q of k with A(a, b, p)
  }
  clause t() {
    verify checkTxMultiSig([a], [b])
    unlock q of k
  }
}

contract B() locks q of k {
  clause s() {}
}
`);
});

it("keeps comments and single empty lines", () => {
  const source = `// head


// second
contract A(p: Program) // locks what
locks q of k { // body

  clause s() {
    // before
    verify 1 == // why
      1 // trailing


    lock q of k with p
    // last
  }

} // end
// tail`;
  const formatted = formatSource(source);
  expect(formatted).toBe(`// head

// second
contract A(p: Program) // locks what
locks q of k { // body
  clause s() {
    // before
    verify 1 == // why
    1 // trailing

    lock q of k with p
    // last
  }
} // end
// tail
`);
  expect(formatSource(formatted)).toBe(formatted);
  expect(bodies(formatted)).toEqual(bodies(source));
});

it("keeps text behind the last contract and characters beyond ASCII", () => {
  const source =
    "contract A(t: String) locks q of k { clause s() { verify t == 'π' unlock q of k } } // ∎\n garbage → here";
  const formatted = formatSource(source);
  expect(formatted).toContain("'π'");
  expect(formatted.endsWith("// ∎\ngarbage → here\n")).toBe(true);
  expect(formatSource(formatted)).toBe(formatted);
});

it("refuses what cannot be parsed", () => {
  expect(() => formatSource("contract")).toThrow(
    expect.objectContaining({ code: "expected-identifier" }),
  );
});
