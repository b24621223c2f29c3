import { describe, expect, it } from "vitest";
import { builtins } from "../src/builtins.ts";
import { completions, definition, findings, hover } from "../src/language/service.ts";
import { typeNames } from "../src/types.ts";
import grammar from "../syntaxes/equity.tmLanguage.json" with { type: "json" };

const options = { dialect: "0.1.1", file: "a.equity" } as const;

/** A text with the cursor at `‸`. */
function at(marked: string): { text: string; offset: number } {
  return { text: marked.replace("‸", ""), offset: marked.indexOf("‸") };
}

const hoverAt = (marked: string) => {
  const { text, offset } = at(marked);
  return hover(text, offset, options);
};

describe("hover", () => {
  it.each([
    ["contract A(own‸er: PublicKey)", "owner: PublicKey", "contract parameter"],
    ["contract A() locks amo‸unt of asset {", "amount: Amount", "contract value"],
    ["contract A() locks q of k { clause s(a, b‸: Hash) { } }", "b: Hash", "clause parameter"],
    [
      "contract A() locks q of k { clause s() { define d: Integer = 1 verify d‸ ",
      "d: Integer",
      "clause variable",
    ],
    [
      "contract A(p: Program) locks q of k { clause s() { lock q of k with A‸(",
      "contract A(p: Program) locks q of k",
      "contract",
    ],
    [
      "contract A() locks q of k { clause s() { verify checkTx‸Sig(",
      "checkTxSig(PublicKey, Signature): Boolean",
      "Has the key signed this transaction?",
    ],
    ["contract A(a: Progr‸am", "Program", "Control program"],
    ["contract A() locks q of k { clause s() { ver‸ify", "verify condition", "keyword"],
  ])("%s", (marked, code, description) => {
    expect(hoverAt(marked)).toEqual({ code, description });
  });

  it("of nothing: comments, strings, unknown names, names of other clauses", () => {
    expect(hoverAt("contract A(owner: PublicKey) // own‸er")).toBeUndefined();
    expect(
      hoverAt("contract A(owner: PublicKey) locks q of k { clause s() { verify 'own‸er'"),
    ).toBeUndefined();
    expect(hoverAt("nam‸e")).toBeUndefined();
    expect(
      hoverAt("contract A() locks q of k { clause s(x: Hash) { } clause t() { verify x‸ "),
    ).toBeUndefined();
  });
});

it("definition is where the name is declared", () => {
  const text =
    "contract A(p: Program) locks q of k { clause s(p2: Hash) { define d: Hash = p2 verify d == p2 lock q of k with A(p) } }";
  const target = (needle: string, word: string) => {
    const start = definition(text, text.lastIndexOf(needle)) ?? -1;
    return [start, text.slice(start, start + word.length)];
  };
  expect(target("p) }", "p")).toEqual([11, "p"]);
  expect(target("p2 lock", "p2")).toEqual([text.indexOf("p2: Hash"), "p2"]);
  expect(target("d == p2", "d")).toEqual([text.indexOf("d: Hash ="), "d"]);
  expect(target("A(p)", "A")).toEqual([9, "A"]);
  expect(target("q of k with", "q")).toEqual([text.indexOf("q of k {"), "q"]);
  expect(definition(text, text.indexOf("verify"))).toBeUndefined();
});

describe("completion", () => {
  const labels = (marked: string) => {
    const { text, offset } = at(marked);
    return completions(text, offset, options).map(({ label }) => label);
  };

  it("offers types behind a colon", () => {
    expect(labels("contract A(a: ‸")).toEqual(typeNames("0.1.1"));
    expect(labels("contract A(a: Int‸")).toEqual(typeNames("0.1.1"));
  });

  it("offers the names that are visible, functions and keywords", () => {
    const found = labels(
      "contract A(a: Hash) locks q of k { clause one(x: Hash) { } clause two(y: Hash) { verify ‸",
    );
    expect(found).toEqual(
      expect.arrayContaining(["A", "a", "q", "k", "one", "two", "y", "sha3", "verify"]),
    );
    expect(found).not.toContain("x");
  });
});

it("hostile texts are read in time", () => {
  const head = "contract A(a: Hash) locks q of k { clause s(";
  for (const rest of [
    "a,".repeat(100_000),
    "a".repeat(200_000),
    "'\\'".repeat(70_000),
    " ".repeat(200_000),
    ":".repeat(200_000),
    "define a ".repeat(25_000),
  ]) {
    const text = head + rest;
    expect(completions(text, text.length, options).length).toBeGreaterThan(5);
    hover(text, head.length - 3, options);
  }
});

it("findings have offsets in characters", () => {
  const text = "// π\ncontract A(unused: Hash) locks q of k { clause s() { unlock q of k } }";
  const [finding] = findings(text, options);
  expect(text.slice(finding?.start, finding?.end)).toBe("unused");
  expect(finding).toMatchObject({ severity: "error", code: "param-unused" });
});

it("an error in an imported file is shown at the import", () => {
  const resolveImport = () => ({ file: "b.equity", text: "contract" });
  const text = "import 'b.equity' contract A() locks q of k { clause s() { unlock q of k } }";
  const found = findings(text, { ...options, resolveImport });
  expect(found.map(({ code, start, end }) => [code, text.slice(start, end)])).toEqual([
    ["import-parse", "import 'b.equity'"],
  ]);
});

describe("the TextMate grammar", () => {
  const rules = JSON.stringify(grammar);

  it("knows every type and every function of the language", () => {
    for (const type of typeNames("0.1.1")) expect(grammar.repository.type.match).toContain(type);
    for (const name of builtins("0.1.1").keys())
      expect(grammar.repository.builtin.match).toContain(name);
  });

  it("has patterns that compile", () => {
    const patterns = [...rules.matchAll(/"(?:match|begin|end)":("(?:\\.|[^"\\])*")/g)];
    expect(patterns.length).toBeGreaterThan(10);
    for (const [, json = ""] of patterns)
      expect(new RegExp(JSON.parse(json))).toBeInstanceOf(RegExp);
  });

  it("includes only what it defines", () => {
    for (const { include } of grammar.patterns)
      expect(Object.keys(grammar.repository)).toContain(include.slice(1));
  });
});
