import { describe, expect, it } from "vitest";
import { check, compile, EquityError, formatDiagnostic } from "../src/index.ts";

/** Compiles a text in which «…» encloses what the first error must be about. */
function firstError(marked: string): { error: EquityError; atFault: string; marked: string } {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»");
  const source = marked.replace("«", "").replace("»", "");
  try {
    compile(source, { resolveImport: () => undefined });
  } catch (error) {
    if (!(error instanceof EquityError)) throw error;
    const { range } = error;
    return {
      error,
      atFault: range === undefined ? "" : source.slice(range.start, range.end),
      marked: source.slice(start, end - 1),
    };
  }
  return expect.unreachable("compiled");
}

const clause = (body: string, parameters = "a: Integer, p: Program, t: String") =>
  `contract Z(${parameters}) locks q of k {
  clause s(x: Integer, b: Boolean, sg: Signature) {
    ${body}
    verify a == x && b && t == 'x' && size(sg) == 64
    lock q of k with p
  }
}`;

describe("every error class points at the text at fault", () => {
  it.each([
    ["expected-contract", "«contrct» Z() locks q of k { clause s() { unlock q of k } }"],
    ["expected-identifier", "contract «(») locks q of k { clause s() { unlock q of k } }"],
    ["expected-keyword", "contract Z() «lock» q of k { clause s() { unlock q of k } }"],
    ["expected-token", "contract Z() locks q of k «clause» s() { unlock q of k } }"],
    ["unknown-type", "contract Z(a: «integer») locks q of k { clause s() { unlock q of k } }"],
    ["unknown-statement", clause("«verfy» a == x")],
    ["unterminated-string", clause('verify t == «"»abc')],
    ["odd-hex", clause("verify t == «0x123»")],
    ["import-path", "«import 'x'» contract Z() locks q of k { clause s() { unlock q of k } }"],
    ["empty-contract", "contract «Z»() locks q of k { }"],
    ["name-conflict", "contract Z(a, «a»: Integer) locks q of k { clause s() { verify a == 1 } }"],
    ["sig-param", "contract Z(g: «Signature») locks q of k { clause s() { verify size(g) == 1 } }"],
    ["param-unused", "contract Z(«n»: Integer) locks q of k { clause s() { unlock q of k } }"],
    [
      "clause-param-unused",
      "contract Z() locks q of k { clause s(«n»: Integer) { unlock q of k } }",
    ],
    ["left-operand-type", clause("verify «t» + 1 == a")],
    ["right-operand-type", clause("verify a + «t» == 1")],
    ["unary-operand-type", clause("verify -«t» == a")],
    ["type-mismatch", clause("verify «a == t»")],
    ["boolean-compare", clause("verify «b == b»")],
    ["contract-arg-count", clause("lock q of k with «Z(a)»")],
    ["contract-arg-type", clause("lock q of k with Z(a, p, «a»)")],
    ["unknown-function", clause("verify «sha33»(t) == t")],
    ["builtin-arg-count", clause("verify «min(a)» == a")],
    ["builtin-arg-type", clause("verify abs(«t») == a")],
    ["multisig-needs-list", clause("verify checkTxMultiSig(«t», [sg])")],
    ["list-outside-call", clause("verify «[a]»")],
    ["undefined-reference", clause("verify «aa» == x")],
    ["define-unused", clause("define «d»: Integer = x")],
    ["assign-undefined", clause("assign «d» = x")],
    ["assign-not-a-variable", clause("assign «a» = x")],
    ["if-lock-count", clause("«if a > x { lock q of k with p }»")],
    ["define-type", clause("define d: Hash = «x» verify d == d")],
    ["assign-type", clause("define d: Integer = x assign d = «t» verify d == d")],
    ["verify-type", clause("verify «a»")],
    ["lock-amount-type", clause("lock «t» of k with p")],
    ["lock-asset-type", clause("lock q of «a» with p")],
    ["lock-program-type", clause("lock q of k with «t»")],
    ["unlock-amount-type", clause("unlock «t» of k")],
    ["unlock-asset-type", clause("unlock q of «a»")],
    [
      "unlock-not-contract-value",
      clause("«unlock q of z»", "a: Integer, p: Program, t: String, z: Asset"),
    ],
    ["crash", clause("define d: Integer «assign d = x» verify d == d")],
  ])("%s", (code, source) => {
    const { error, atFault, marked } = firstError(source);
    expect(error.code).toBe(code);
    expect(atFault).toBe(marked);
    expect(error.message).not.toContain("undefined");
    expect(error.line).toBeGreaterThan(0);
  });

  it.each([
    [
      "contract-not-compiled-yet",
      "contract A(p: Program) locks q of k { clause s() { lock q of k with «B»(p) } }\ncontract B(p: Program) locks q of k { clause s() { lock q of k with p } }",
    ],
    [
      "label-redefined",
      "contract Z() locks q of k { clause «_end»(a: Integer) { verify a == 1 unlock q of k } clause t() { unlock q of k } }",
    ],
  ])("%s", (code, source) => {
    const { error, atFault, marked } = firstError(source);
    expect([error.code, atFault]).toEqual([code, marked]);
  });
});

it("a contract of several clauses without parameters cannot call itself", () => {
  const { error } = firstError(
    "contract R() locks q of k { clause a() { lock q of k with «R»() } clause b() { unlock q of k } }",
  );
  expect(error).toMatchObject({ code: "undefined-reference", names: ["R"] });
  expect(error.hint).toContain("needs a parameter");
});

describe("several errors in one run", () => {
  const source = `contract A(a: Integer, unused: Hash) locks q of k {
  clause one(x: String, left: Integer) { verify a == x unlock q of k }
  clause two(y: Integer) { verify y lock a of a with y }
}
contract B(p: Program) locks q of k {
  clause s() { lock q of k with A(1, p) }
  clause t() { verify p > 1 unlock q of k }
}`;

  it("reports each clause and each contract, the historical compiler's error first", () => {
    const codes = check(source).diagnostics.map(({ code }) => code);
    expect(codes).toEqual([
      "param-unused",
      "type-mismatch",
      "verify-type",
      "lock-asset-type",
      "lock-program-type",
      "contract-arg-type",
      "left-operand-type",
    ]);
  });

  it("throws the first and carries the others", () => {
    try {
      compile(source);
      expect.unreachable();
    } catch (error) {
      if (!(error instanceof EquityError)) throw error;
      expect(error.code).toBe("param-unused");
      expect(error.others).toHaveLength(6);
    }
  });

  it("goes on with the next clause and the next contract after a parse error", () => {
    const { diagnostics } = check(`contract A(a: Integer) locks q of k {
  clause one() { verfy a == 1 }
  clause two() { verify a == 'x }
  clause three() { unlock q of k }
}
contract B(a Integer) locks q of k {
  clause s() { unlock q of k }
}
contract C() locks q of k { clause s() { lock q of k } }`);
    expect(diagnostics.map(({ code, start }) => [code, start.line])).toEqual([
      ["unknown-statement", 2],
      ["unterminated-string", 3],
      ["expected-token", 6],
      ["expected-keyword", 9],
    ]);
  });

  it("stops after some parse errors", () => {
    const { diagnostics } = check("contract\n".repeat(20_000));
    expect(diagnostics.length).toBeLessThan(30);
  });

  it("is quiet about calls of a contract that has an error itself", () => {
    const { diagnostics } =
      check(`contract A(a: Integer) locks q of k { clause s() { verify a unlock q of k } }
contract B(n: Integer) locks q of k { clause s() { lock q of k with A(n) } }`);
    expect(diagnostics.map(({ code }) => code)).toEqual(["verify-type"]);
  });

  it("still gives the contracts without errors", () => {
    const { contracts } =
      check(`contract A(a: Integer) locks q of k { clause s() { verify a unlock q of k } }
contract B() locks q of k { clause s() { unlock q of k } }`);
    expect(contracts.map(({ name }) => name)).toEqual(["B"]);
  });
});

describe("text of a diagnostic", () => {
  const texts = (source: string) =>
    check(source, { file: "a.equity" }).diagnostics.map(formatDiagnostic);

  it("shows place, line, caret and hint", () => {
    expect(texts("contract Z(a: Integr)")).toEqual([
      [
        "a.equity:1:15: error[unknown-type]: unknown type Integr",
        "  1 | contract Z(a: Integr)",
        "    |               ^^^^^^",
        '    = did you mean "Integer"?',
      ].join("\n"),
    ]);
  });

  it("keeps tabs before the caret and counts characters, not bytes", () => {
    const [text] = texts(
      "contract Z() locks q of k {\n\tclause s() { verify 'π' == 1 unlock q of k }\n}",
    );
    expect(text?.split("\n")[0]).toContain("a.equity:2:22: error[type-mismatch]");
    expect(text?.split("\n")[2]).toBe(`    | \t${" ".repeat(20)}^^^^^^^^`);
  });

  it("lets no control character of the source through", () => {
    expect(texts("contract \x1b[31mZ").join("")).not.toContain("\x1b");
  });

  it("cuts long lines", () => {
    const [text = ""] = texts(
      `contract Z() locks q of k { clause s() { ${" ".repeat(5000)} ? ${"x".repeat(5000)}`,
    );
    expect(text.length).toBeLessThan(600);
  });
});

describe("warnings", () => {
  const codes = (source: string) =>
    check(source)
      .diagnostics.filter(({ severity }) => severity === "warning")
      .map(({ code }) => code);
  const body = (text: string) =>
    `contract Z(a, b: Integer, key: PublicKey) locks q of k { clause s(g: Signature, t: String) { ${text} unlock q of k } }`;

  it.each([
    ["concat-order", "verify concat(t, a) == t && a == b && size(g) > 0 && size(key) > 0"],
    ["zero-byte-literal", "verify t == 0x00 && a == b && size(g) > 0 && size(key) > 0"],
    ["condition-type", "if a { verify a == b } verify size(t) + size(g) + size(key) > 0"],
    [
      "multisig-before-reference",
      "verify checkTxMultiSig([key], [g]) verify a == b && size(t) > 0",
    ],
    [
      "uneven-branches",
      "if a == b { define c: Integer = a verify c == b } verify size(t) + size(g) + size(key) > 0",
    ],
  ])("%s", (code, text) => {
    expect(codes(body(text))).toEqual([code]);
  });

  it("value-not-released, text-after-contracts", () => {
    expect(codes("contract Z() locks q of k { clause s() { } }")).toEqual(["value-not-released"]);
    expect(codes("contract Z() locks q of k { clause s() { unlock q of k } } contrct Y")).toEqual([
      "text-after-contracts",
    ]);
  });

  it("none for a contract without traps", () => {
    expect(codes(body("verify a == b && size(t) > 0 verify checkTxMultiSig([key], [g])"))).toEqual(
      [],
    );
  });
});
