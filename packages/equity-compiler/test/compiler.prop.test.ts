import { assemble, parseProgram } from "@bystack/bvm";
import fc from "fast-check";
import { expect, it } from "vitest";
import { toHex } from "../src/hex.ts";
import {
  artifactOf,
  check,
  compile,
  type Dialect,
  EquityError,
  formatSource,
  optimizeText,
} from "../src/index.ts";
import { optimizeModel, RULES } from "./model.ts";

/** Runs of each law; `EQUITY_PROPERTY_RUNS` makes a long campaign. */
const numRuns = Number(process.env["EQUITY_PROPERTY_RUNS"] ?? 150);

const dialect = fc.constantFrom<Dialect>("0.1.1", "node");

/** Expressions of a type over the parameters of {@link contractSource}. */
const { integer, boolean } = fc.letrec<{
  integer: string;
  boolean: string;
  string: string;
}>((tie) => ({
  integer: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "b", "x"),
    fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
    fc
      .tuple(tie("integer"), fc.constantFrom("+", "-", "*", "/", "%", "<<", ">>"), tie("integer"))
      .map(([l, op, r]) => `(${l} ${op} ${r})`),
    tie("string").map((s) => `size(${s})`),
    fc.tuple(tie("integer"), tie("integer")).map(([l, r]) => `max(${l}, ${r})`),
    tie("integer").map((e) => `-(${e})`),
  ),
  boolean: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("f", "true", "false"),
    fc
      .tuple(tie("integer"), fc.constantFrom("<", ">", "<=", ">=", "==", "!="), tie("integer"))
      .map(([l, op, r]) => `(${l} ${op} ${r})`),
    fc
      .tuple(tie("boolean"), fc.constantFrom("&&", "||"), tie("boolean"))
      .map(([l, op, r]) => `(${l} ${op} ${r})`),
    tie("boolean").map((e) => `!(${e})`),
    tie("string").map((s) => `(${s} == t)`),
    tie("integer").map((e) => `above(${e})`),
  ),
  string: fc.oneof(
    { depthSize: "small" },
    fc.constant("t"),
    fc.uint8Array({ minLength: 1, maxLength: 90 }).map((bytes) => `0x${toHex(bytes)}`),
    fc.string({ maxLength: 10 }).map((s) => `'${s.replaceAll(/['\\]/g, "_")}'`),
    fc.tuple(tie("string"), tie("string")).map(([l, r]) => `concat(${l}, ${r})`),
  ),
}));

const statements: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      boolean.map((e) => `verify ${e}`),
      integer.map((e) => `lock ${e} of k with p`),
      fc
        .tuple(boolean, boolean, boolean)
        .map(([c, t, e]) => `if ${c} { verify ${t} } else { verify ${e} }`),
    ),
    { maxLength: 5 },
  )
  .map((list) => list.join("\n"));

/** Contracts that are well typed and use every parameter. */
const contractSource = fc.array(statements, { minLength: 1, maxLength: 4 }).map((bodies) => {
  const clauses = bodies.map(
    (body, i) => `clause c${i}(x: Integer) {
${body}
verify a + b > x && f && t == 'x'
lock q of k with p
unlock q of k
}`,
  );
  return `contract Z(a, b: Integer, f: Boolean, t: String, p: Program) locks q of k { ${clauses.join("\n")} }`;
});

it("well-typed contracts compile to programs that decode, and whose text assembles to them", () => {
  fc.assert(
    fc.property(contractSource, dialect, (source, dialect) => {
      const [contract] = compile(source, { dialect });
      if (contract === undefined) throw new Error("no contract");
      const instructions = parseProgram(contract.body);
      expect(toHex(assemble(contract.opcodes))).toBe(toHex(contract.body));
      expect(contract.origins()).toHaveLength(instructions.length);
      const { sourceMap } = artifactOf(contract);
      for (const [, start, end] of sourceMap) expect(start).toBeLessThan(end);
    }),
    { numRuns },
  );
});

it("formatting keeps the program and is idempotent", () => {
  fc.assert(
    fc.property(contractSource, fc.constantFrom(" ", "\n", "\t", " // note\n"), (source, blank) => {
      const loose = source.replaceAll("\n", blank);
      const formatted = formatSource(loose);
      expect(formatSource(formatted)).toBe(formatted);
      const bodies = (text: string) => compile(text).map(({ body }) => toHex(body));
      expect(bodies(formatted)).toEqual(bodies(source));
    }),
    { numRuns },
  );
});

const words = fc.constantFrom(
  ..."contract clause verify lock unlock of with locks define assign if else import Z a b x : ; , ( ) { } [ ] = == != < > + - * / % & | ^ ~ ! && || Integer String Hash sha3 size concat checkTxMultiSig 1 -1 0 0x 0x12 'a \"b' // \n true".split(
    " ",
  ),
  " ",
  "\n",
);

it("any text ends in contracts or in the package's error", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(words, { maxLength: 80 }).map((list) => list.join(" ")),
        fc.string({ unit: "binary" }),
      ),
      dialect,
      (text, dialect) => {
        for (const source of [
          text,
          `contract Z(a: Integer) locks q of k { clause s(x: Integer) { ${text}`,
        ]) {
          const { contracts, diagnostics } = check(source, { dialect });
          const errors = diagnostics.filter(({ severity }) => severity === "error");
          expect(contracts.length + errors.length).toBeGreaterThan(0);
          try {
            compile(source, { dialect });
            expect(errors).toHaveLength(0);
          } catch (error) {
            if (!(error instanceof EquityError)) throw error;
            expect(error.code).toBe(errors[0]?.code);
          }
        }
      },
    ),
    { numRuns: 4 * numRuns },
  );
});

it("rewriting tokens is the same as replacing text", () => {
  const token = fc.constantFrom(
    ...new Set(RULES.flatMap(([before]) => before.split(" "))),
    "$l",
    "7",
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
      const text = tokens.join(" ");
      expect(optimizeText(text)).toBe(optimizeModel(text));
    }),
    { numRuns: 20 * numRuns },
  );
});
