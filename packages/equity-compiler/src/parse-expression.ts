/**
 * Expressions: precedence climbing over literals, calls and lists.
 *
 * @see spec 30-equity, section 3 "Grammar"
 */
import type { Expression } from "./ast.ts";
import { MAX_NESTING } from "./limits.ts";
import { UNARY_OPERATORS } from "./operators.ts";
import type { Scanner } from "./scanner.ts";

const LOWEST_PRECEDENCE = 1;

/** Takes an expression. `level` is the number of expressions and statements around it. */
export function parseExpression(scanner: Scanner, level: number): Expression {
  return parseBinary(scanner, level, LOWEST_PRECEDENCE);
}

function parseBinary(scanner: Scanner, level: number, precedence: number): Expression {
  let left = parseUnary(scanner, level);
  for (;;) {
    const operator = scanner.peekOperator();
    if (operator === undefined || operator.precedence < precedence) return left;
    const operatorRange = scanner.take(operator.symbol);
    const right = parseBinary(scanner, level + 1, operator.precedence + 1);
    const range = { start: left.range.start, end: right.range.end };
    const depth = 1 + Math.max(left.depth, right.depth);
    checkNesting(scanner, level + depth);
    left = { type: "binary", operator, operatorRange, left, right, range, depth };
  }
}

function parseUnary(scanner: Scanner, level: number): Expression {
  checkNesting(scanner, level);
  const literal = parseLiteral(scanner);
  if (literal !== undefined) return literal;
  for (const operator of UNARY_OPERATORS) {
    const start = scanner.skip(operator.symbol)?.start;
    if (start === undefined) continue;
    const operand = parseUnary(scanner, level + 1);
    const range = { start, end: operand.range.end };
    return { type: "unary", operator, operand, range, depth: 1 + operand.depth };
  }
  const callee = parsePrimary(scanner, level);
  if (!scanner.peek("(")) return callee;
  const list = parseList(scanner, level, "(", ")");
  return {
    type: "call",
    callee,
    arguments: list.elements,
    range: { start: callee.range.start, end: scanner.position },
    depth: Math.max(callee.depth, list.depth) + 1,
  };
}

function parseLiteral(scanner: Scanner): Expression | undefined {
  const integer = scanner.takeInteger();
  if (integer !== undefined) return { type: "integer", ...integer, depth: 1 };
  const string = scanner.takeString();
  if (string !== undefined)
    return { type: "data", hex: hexOfByteString(string.value), range: string.range, depth: 1 };
  const hex = scanner.takeHex();
  if (hex !== undefined) return { type: "data", hex: hex.value, range: hex.range, depth: 1 };
  const word = scanner.peekWord();
  if (word !== "true" && word !== "false") return undefined;
  const { range } = scanner.takeWord();
  return { type: "boolean", value: word === "true", range, depth: 1 };
}

function parsePrimary(scanner: Scanner, level: number): Expression {
  const open = scanner.skip("(");
  if (open !== undefined) {
    const inner = parseExpression(scanner, level + 1);
    const close = scanner.take(")");
    return { ...inner, range: { start: open.start, end: close.end } };
  }
  if (scanner.peek("[")) {
    const start = scanner.next();
    const { elements, depth } = parseList(scanner, level, "[", "]");
    return { type: "list", elements, range: { start, end: scanner.position }, depth: depth + 1 };
  }
  const { value: name, range } = scanner.takeWord();
  return { type: "identifier", name, range, depth: 1 };
}

function parseList(
  scanner: Scanner,
  level: number,
  open: string,
  close: string,
): { elements: Expression[]; depth: number } {
  const elements: Expression[] = [];
  let depth = 0;
  scanner.take(open);
  while (!scanner.peek(close)) {
    if (elements.length > 0) scanner.take(",");
    const element = parseExpression(scanner, level + 1);
    depth = Math.max(depth, element.depth);
    elements.push(element);
  }
  scanner.take(close);
  return { elements, depth };
}

function checkNesting(scanner: Scanner, level: number): void {
  if (level > MAX_NESTING) throw scanner.failure("nesting-too-deep");
}

function hexOfByteString(bytes: string): string {
  let hex = "";
  for (let i = 0; i < bytes.length; i++) hex += bytes.charCodeAt(i).toString(16).padStart(2, "0");
  return hex;
}
