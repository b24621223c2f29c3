import { describe, expect, it } from "vitest";
import { check, compile, EquityError } from "../src/index.ts";
import { MAX_NAMES, MAX_NESTING, MAX_SOURCE_BYTES } from "../src/limits.ts";

function codeOf(source: string): string {
  try {
    compile(source);
    return "compiled";
  } catch (error) {
    if (error instanceof EquityError) return error.code;
    throw error;
  }
}

const contract = (body: string, parameters = "a: Integer") =>
  `contract Z(${parameters}) locks q of k { clause s() { ${body} unlock q of k } }`;

describe("nesting", () => {
  it.each([
    ["brackets", (n: number) => contract(`verify ${"(".repeat(n)}a${")".repeat(n)} == 1`)],
    ["unary operators", (n: number) => contract(`verify ${"~".repeat(n)}a != ~a`)],
    ["calls", (n: number) => contract(`verify ${"abs(".repeat(n)}a${")".repeat(n)} == 1`)],
    ["lists", (n: number) => contract(`verify ${"[".repeat(n)}a${"]".repeat(n)}`)],
    ["operator chains", (n: number) => contract(`verify a${" + a".repeat(n)} == 1`)],
    ["ifs", (n: number) => contract(`${"if a > 1 { ".repeat(n)}verify a == 1${" }".repeat(n)}`)],
  ])("%s", (_name, make) => {
    expect(codeOf(make(100_000))).toMatch(/^(nesting-too-deep|source-too-large)$/);
    expect(codeOf(make(MAX_NESTING + 1))).toBe("nesting-too-deep");
    expect(codeOf(make(100))).toMatch(/^(compiled|list-outside-call)$/);
  });

  it("compiles at the limit", () => {
    expect(codeOf(contract(`verify a${" + a".repeat(MAX_NESTING - 10)} == 1`))).toBe("compiled");
  });
});

describe("size", () => {
  it("of the source", () => {
    expect(codeOf(`// ${"x".repeat(MAX_SOURCE_BYTES)}`)).toBe("source-too-large");
  });

  it("of the names", () => {
    const names = Array.from({ length: MAX_NAMES }, (_, i) => `p${i}`).join(", ");
    expect(codeOf(contract("verify a == 1", `a, ${names}: Integer`))).toBe("too-many-names");
  });

  it("of the program: bodies inside bodies double", () => {
    let source = "contract C0(p: Program) locks q of k { clause s() { lock q of k with p } }\n";
    for (let i = 1; i < 40; i++)
      source += `contract C${i}(p: Program) locks q of k { clause s() { lock q of k with C${i - 1}(p) lock q of k with C${i - 1}(p) } }\n`;
    expect(codeOf(source)).toBe("program-too-large");
  });

  it("of the model: every reference moves an item from far below", () => {
    const names = Array.from({ length: 300 }, (_, i) => `p${i}`).join(",");
    const clauses = (count: number) =>
      Array.from(
        { length: count },
        (_, i) => `clause c${i}() { verify checkTxMultiSig([${names}], []) }`,
      ).join("\n");
    const source = (count: number) =>
      `contract Z(${names}: PublicKey) locks q of k { ${clauses(count)} }`;
    expect(codeOf(source(2))).toBe("compiled");
    expect(codeOf(source(60))).toBe("program-too-large");
  });

  it("of all programs together: a body that many contracts contain many times", () => {
    let source = "contract C0(p: Program) locks q of k { clause s() { lock q of k with p } }\n";
    for (let i = 1; i < 9; i++)
      source += `contract C${i}(p: Program) locks q of k { clause s() { lock q of k with C${i - 1}(p) lock q of k with C${i - 1}(p) } }\n`;
    const user = (i: number) =>
      `contract U${i}(p: Program) locks q of k { clause s() { ${"lock q of k with C8(p) ".repeat(8)} } }`;
    const users = (count: number) => Array.from({ length: count }, (_, i) => user(i)).join("\n");
    expect(codeOf(source + users(5))).toBe("compiled");
    expect(codeOf(source + users(100))).toBe("program-too-large");
  });

  it("of the output: variables that use variables double", () => {
    let body = "define v0: Integer = a ";
    for (let i = 1; i < 60; i++) body += `define v${i}: Integer = v${i - 1} + v${i - 1} `;
    expect(codeOf(contract(`${body} verify v59 > 1`))).toBe("description-too-large");
  });

  it("of the imports", () => {
    const options = {
      resolveImport: (path: string) => ({
        file: path,
        text: `import '${path}x' contract ${path}() locks q of k { clause s() { unlock q of k } }`,
      }),
    };
    expect(() =>
      compile("import 'A' contract Z() locks q of k { clause s() { unlock q of k } }", options),
    ).toThrow(expect.objectContaining({ code: "import-parse" }));
  });
});

it("many errors are many diagnostics, not a hang", () => {
  const clauses = Array.from({ length: 900 }, (_, i) => `clause c${i}() { verify b${i} }`).join(
    "\n",
  );
  const { diagnostics } = check(`contract Z() locks q of k { ${clauses} }`);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toHaveLength(900);
});

it("positions are cheap, however many are asked for", () => {
  const body = "verify a\n".repeat(15_000);
  const { diagnostics } = check(
    `// é\ncontract Z(a: Integer) locks q of k { clause s() {\n${body}}}`,
  );
  const types = diagnostics.filter(({ code }) => code === "verify-type");
  expect(types).toHaveLength(15_000);
  expect(types.at(-1)?.start).toEqual({ line: 15_002, column: 7 });
});

it("bytes that are white space only as bytes", () => {
  // U+0105 is c4 85 and U+00E0 is c3 a0: their second bytes are white space, their first are not.
  expect(codeOf("contract\u00a0Z() locks q of k { clause s() { unlock q of k } }")).toBe(
    "expected-identifier",
  );
  expect(codeOf("contract Z() locks q of k { clause s() { unlock q of k } }\u0105")).toBe(
    "compiled",
  );
});
