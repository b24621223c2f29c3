import fc from "fast-check";
import { expect, it } from "vitest";
import generated1 from "../../../vectors/equity/generated-1.json" with { type: "json" };
import generated2 from "../../../vectors/equity/generated-2.json" with { type: "json" };
import invalid from "../../../vectors/equity/invalid.json" with { type: "json" };
import odd from "../../../vectors/equity/odd-but-accepted.json" with { type: "json" };
import templates from "../../../vectors/equity/templates.json" with { type: "json" };
import { toHex } from "../src/hex.ts";
import { type CompiledParameter, compile, type Dialect, EquityError } from "../src/index.ts";
import { compileModel, ModelError, Unsupported } from "./model.ts";

/** A campaign sets it: `EQUITY_MODEL_RUNS=100000 vitest run packages/equity-compiler/test/model`. */
const numRuns = Number(process.env["EQUITY_MODEL_RUNS"] ?? 400);

/** Milliseconds: a campaign takes its time. */
const TIMEOUT = 60_000 + 5 * numRuns;

const sources = [templates, odd, generated1, generated2, invalid].flatMap(({ vectors }) =>
  vectors.map(({ source }) => source),
);

const dialects: readonly Dialect[] = ["0.1.1", "node"];

function inferredTypes(parameters: readonly CompiledParameter[]): (string | undefined)[] {
  return parameters.map(({ inferredType }) => inferredType);
}

function actual(source: string, dialect: Dialect): unknown {
  try {
    return compile(source, { dialect }).map(
      ({ name, opcodes, body, recursive, parameters, clauses }) => ({
        name,
        opcodes,
        body: toHex(body),
        recursive,
        inferred: inferredTypes(parameters),
        clauses: clauses.map((clause) => ({
          name: clause.name,
          inferred: inferredTypes(clause.parameters),
          blockHeights: clause.blockHeights,
          hashCalls: clause.hashCalls,
          contracts: clause.contracts,
          metadata: { values: clause.values, conditionalValues: clause.conditionalValues },
        })),
      }),
    );
  } catch (error) {
    if (!(error instanceof EquityError)) throw error;
    const { code, names, line, column } = error;
    return { code, names, at: { line, column } };
  }
}

function check(source: string, dialect: Dialect): void {
  let expected: unknown;
  try {
    expected = compileModel(source, dialect).map(({ clauses, ...contract }) => ({
      ...contract,
      clauses: clauses.map((clause) => ({
        ...clause,
        metadata: clause.metadata ?? expect.anything(),
      })),
    }));
  } catch (error) {
    if (error instanceof Unsupported) return;
    if (!(error instanceof ModelError)) throw error;
    const { code, names, at } = error;
    // Only parse errors have a place in the specification.
    expected = { code, names, at: at ?? expect.anything() };
  }
  expect({ source, dialect, is: actual(source, dialect) }).toEqual({
    source,
    dialect,
    is: expected,
  });
}

it("the literal model and the compiler agree on the golden sources", () => {
  // Both dialects of every source are in the vectors themselves.
  for (const [i, source] of sources.entries()) check(source, dialects[i % 2] ?? "node");
});

const TOKEN =
  /\s+|\/\/[^\n]*|[A-Za-z_]\w*|0[xX][0-9a-fA-F]+|\d+|'(?:[^'\\]|\\.)*'|[<>=!&|]{2}|./gsu;

const tokens = sources.map((source) => source.match(TOKEN) ?? []);
const lines = sources.map((source) => source.split("\n"));
const SPICE = [
  ...["if", "else", "define", "assign", "lock", "unlock", "verify", "of", "with", "Hash", "Sign"],
  ...["size", "sha3", "concat", "checkTxMultiSig", "[", "]", "(", ")", "{", "}", ",", ":", "="],
  ...["-", "!", "~", "==", "!=", "+", "0", "1", "-1", "0x00", "0x0", "''", '"', "'", "\\", "é"],
];

interface Edit {
  readonly kind: "cut" | "repeat" | "swap" | "move" | "spice";
  readonly at: number;
  readonly to: number;
}

function edited(pieces: readonly string[], edits: readonly Edit[]): string[] {
  const list = [...pieces];
  for (const { kind, at, to } of edits) {
    const [i, j] = [at % list.length, to % list.length];
    const [one = "", other = ""] = [list[i], list[j]];
    if (kind === "cut") list.splice(i, 1);
    else if (kind === "repeat") list.splice(j, 0, one);
    else if (kind === "swap") [list[i], list[j]] = [other, one];
    else if (kind === "move") list.splice(j, 0, ...list.splice(i, 1));
    else list[i] = SPICE[to % SPICE.length] ?? "";
    if (list.length === 0) return list;
  }
  return list;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom<Edit["kind"]>("cut", "repeat", "swap", "move", "spice"),
  at: fc.nat(),
  to: fc.nat(),
});

it.each([
  ["tokens", tokens, ""],
  ["lines", lines, "\n"],
] as const)("and on golden sources with changed %s", { timeout: TIMEOUT }, (_of, all, between) => {
  fc.assert(
    fc.property(
      fc.nat(all.length - 1),
      fc.array(edit, { minLength: 1, maxLength: 3 }),
      fc.constantFrom(...dialects),
      (pick, edits, dialect) => {
        check(edited(all[pick] ?? [], edits).join(between), dialect);
      },
    ),
    { numRuns },
  );
});
