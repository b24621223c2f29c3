/**
 * Source text to syntax tree, recursive descent. The first error ends it.
 *
 * @see spec 30-equity, section 3 "Grammar"
 */
import type { Clause, Contract, Expression, Import, Name, Parameter, Statement } from "./ast.ts";
import type { Dialect } from "./dialect.ts";
import { EquityError } from "./error.ts";
import { MAX_NESTING, MAX_SOURCE_BYTES } from "./limits.ts";
import { parseExpression } from "./parse-expression.ts";
import { Scanner, type Token } from "./scanner.ts";
import { positionAt, type Range, type SourceText, textOf } from "./source.ts";
import { nearest } from "./suggest.ts";
import { isTypeName, type NamedType, typeNames } from "./types.ts";
import { type Warn, warning } from "./warning.ts";

/** Who is told of what, while a text is parsed. */
export interface ParseListener {
  readonly warn?: Warn;
  /** Every token, in order. */
  token?(token: Token): void;
  /** Gives the contracts of a file that is imported; they come before the text's own. */
  follow?(statement: Import): readonly Contract[];
}

/**
 * Parses a source text.
 *
 * @throws {@link EquityError} a parse error, `source-too-large`, `nesting-too-deep`, and what
 * `follow` throws
 */
export function parse(
  source: SourceText,
  dialect: Dialect,
  listener: ParseListener = {},
): Contract[] {
  if (source.bytes.length > MAX_SOURCE_BYTES)
    throw new EquityError("source-too-large", { place: { source, range: { start: 0, end: 0 } } });
  const scanner = new Scanner(source, dialect, (token) => listener.token?.(token));
  const contracts: Contract[] = [];
  while (dialect === "0.1.1" && scanner.peekWord() === "import") {
    const statement = parseImport(scanner);
    contracts.push(...(listener.follow?.(statement) ?? []));
  }
  const imported = contracts.length;
  const errors: EquityError[] = [];
  const report = (error: EquityError) => errors.push(error);
  while (scanner.peekWord() === "contract") {
    const contract = recoverable(scanner, "contract", report, () => parseContract(scanner, report));
    if (contract !== undefined) contracts.push(contract);
  }
  const [first, ...others] = errors;
  if (first !== undefined) throw first.withOthers(others.slice(0, MAX_FURTHER_ERRORS));
  if (contracts.length === imported) throw scanner.failure("expected-contract");
  const rest = { start: scanner.next(), end: source.bytes.length };
  if (rest.start < rest.end)
    listener.warn?.(warning("text-after-contracts", { source, range: rest }));
  return contracts;
}

/** Most errors of one text behind the first. */
const MAX_FURTHER_ERRORS = 20;

/**
 * Parses a contract or a clause. If that fails, the text goes on where a line begins with the same
 * keyword; what stands behind the last such line is not looked at.
 */
function recoverable<T>(
  scanner: Scanner,
  keyword: "contract" | "clause",
  report: (error: EquityError) => number,
  action: () => T,
): T | undefined {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof EquityError)) throw error;
    const isFound = scanner.seekLine(keyword);
    if (!isFound && keyword === "clause") throw error;
    if (report(error) > MAX_FURTHER_ERRORS) scanner.seekEnd();
    return undefined;
  }
}

function parseImport(scanner: Scanner): Import {
  const { start, end } = scanner.takeKeyword("import");
  const path = scanner.takeString();
  const range = { start, end: path === undefined ? end : scanner.position };
  const position = positionAt(scanner.source, scanner.position);
  const place = { source: scanner.source, range, position };
  if (path === undefined)
    throw new EquityError("import-format", { place, hint: "write import 'path/of/file'" });
  if (path.value === "") throw new EquityError("import-empty", { place });
  return { path: textOf(path.value), place };
}

function parseContract(scanner: Scanner, report: (error: EquityError) => number): Contract {
  const { start } = scanner.takeKeyword("contract");
  const name = takeName(scanner);
  const parameters = parseParameters(scanner);
  scanner.takeKeyword("locks");
  const amount = takeName(scanner);
  scanner.takeKeyword("of");
  const asset = takeName(scanner);
  const clauses: Clause[] = [];
  scanner.take("{");
  while (!scanner.peek("}")) {
    const clause = recoverable(scanner, "clause", report, () => parseClause(scanner));
    if (clause !== undefined) clauses.push(clause);
  }
  const { end } = scanner.take("}");
  const range = { start, end };
  return { source: scanner.source, name, parameters, amount, asset, clauses, range };
}

function parseParameters(scanner: Scanner): Parameter[] {
  const parameters: Parameter[] = [];
  scanner.take("(");
  while (!scanner.peek(")")) {
    if (parameters.length > 0) scanner.take(",");
    parameters.push(...parseGroup(scanner));
  }
  scanner.take(")");
  return parameters;
}

/** Names that share the type behind them: `a, b: T`. */
function parseGroup(scanner: Scanner): Parameter[] {
  const names = [takeName(scanner)];
  while (scanner.skip(",") !== undefined) names.push(takeName(scanner));
  const { declared, typeRange } = parseType(scanner);
  return names.map((name) => ({ name, declared, typeRange }));
}

function parseType(scanner: Scanner): { declared: NamedType; typeRange: Range } {
  scanner.take(":");
  const { value, range } = scanner.takeWord();
  if (isTypeName(value, scanner.dialect)) return { declared: value, typeRange: range };
  const { source, dialect } = scanner;
  throw new EquityError("unknown-type", {
    names: [value],
    place: { source, range, position: positionAt(source, scanner.position) },
    hint: nearest(value, typeNames(dialect)) ?? `types are ${typeNames(dialect).join(", ")}`,
  });
}

function parseClause(scanner: Scanner): Clause {
  const { start } = scanner.takeKeyword("clause");
  const name = takeName(scanner);
  const parameters = parseParameters(scanner);
  const statements = parseBlock(scanner, 1);
  return { name, parameters, statements, range: { start, end: scanner.position } };
}

function parseBlock(scanner: Scanner, level: number): Statement[] {
  if (level > MAX_NESTING) throw scanner.failure("nesting-too-deep");
  const statements: Statement[] = [];
  scanner.take("{");
  while (!scanner.peek("}")) statements.push(parseStatement(scanner, level));
  scanner.take("}");
  return statements;
}

const STATEMENTS = ["verify", "lock", "unlock", "define", "assign", "if"];

function parseStatement(scanner: Scanner, level: number): Statement {
  const word = scanner.peekWord();
  if (!STATEMENTS.includes(word))
    throw scanner.failure("unknown-statement", { names: [word], hint: nearest(word, STATEMENTS) });
  const { start } = scanner.takeKeyword(word);
  const range = (): Range => ({ start, end: scanner.position });
  const expression = (): Expression => parseExpression(scanner, level);
  switch (word) {
    case "verify": {
      const condition = expression();
      return { type: "verify", condition, range: range() };
    }
    case "lock": {
      const { amount, asset } = parseValue(scanner, expression);
      scanner.takeKeyword("with");
      const program = expression();
      return { type: "lock", amount, asset, program, range: range() };
    }
    case "unlock": {
      const { amount, asset } = parseValue(scanner, expression);
      return { type: "unlock", amount, asset, range: range() };
    }
    case "define": {
      const name = takeName(scanner);
      const { declared, typeRange } = parseType(scanner);
      const value = scanner.skip("=") === undefined ? undefined : expression();
      return { type: "define", name, declared, typeRange, value, range: range() };
    }
    case "assign": {
      const name = takeName(scanner);
      scanner.take("=");
      const value = expression();
      return { type: "assign", name, value, range: range() };
    }
    default: {
      const condition = expression();
      const trueBody = parseBlock(scanner, level + 1);
      let falseBody: Statement[] = [];
      if (scanner.peekWord() === "else") {
        scanner.takeKeyword("else");
        falseBody = parseBlock(scanner, level + 1);
      }
      return { type: "if", condition, trueBody, falseBody, range: range() };
    }
  }
}

function parseValue(
  scanner: Scanner,
  expression: () => Expression,
): { amount: Expression; asset: Expression } {
  const amount = expression();
  scanner.takeKeyword("of");
  return { amount, asset: expression() };
}

function takeName(scanner: Scanner): Name {
  const { value: text, range } = scanner.takeWord();
  return { text, range };
}
