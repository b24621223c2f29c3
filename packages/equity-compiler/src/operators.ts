/**
 * The operators as data.
 *
 * @see spec 30-equity, section 3 "Grammar"
 */
import type { Type } from "./types.ts";

/** What an operand must be: `"number"` takes Integer and Amount, undefined anything. */
export type OperandRule = "number" | "Boolean" | "Integer" | undefined;

export interface BinaryOperator {
  readonly symbol: string;
  /** Higher binds tighter. */
  readonly precedence: number;
  readonly opcodes: string;
  readonly operands: OperandRule;
  readonly result: Type;
}

export interface UnaryOperator {
  readonly symbol: string;
  readonly opcodes: string;
  readonly operand: OperandRule;
  readonly result: Type;
}

/** Longer symbols first, because the longest match counts. */
export const BINARY_OPERATORS: readonly BinaryOperator[] = [
  binary("||", 1, "BOOLOR", "Boolean", "Boolean"),
  binary("&&", 2, "BOOLAND", "Boolean", "Boolean"),
  binary(">=", 3, "GREATERTHANOREQUAL", "number", "Boolean"),
  binary("<=", 3, "LESSTHANOREQUAL", "number", "Boolean"),
  binary("==", 3, "EQUAL", undefined, "Boolean"),
  binary("!=", 3, "EQUAL NOT", undefined, "Boolean"),
  binary("<<", 5, "LSHIFT", "number", "Integer"),
  binary(">>", 5, "RSHIFT", "number", "Integer"),
  binary(">", 3, "GREATERTHAN", "number", "Boolean"),
  binary("<", 3, "LESSTHAN", "number", "Boolean"),
  binary("^", 4, "XOR", undefined, ""),
  binary("|", 4, "OR", undefined, ""),
  binary("+", 4, "ADD", "number", "Integer"),
  binary("-", 4, "SUB", "number", "Integer"),
  binary("&", 5, "AND", undefined, ""),
  binary("%", 5, "MOD", "number", "Integer"),
  binary("*", 5, "MUL", "number", "Integer"),
  binary("/", 5, "DIV", "number", "Integer"),
];

export const UNARY_OPERATORS: readonly UnaryOperator[] = [
  { symbol: "-", opcodes: "NEGATE", operand: "Integer", result: "Integer" },
  { symbol: "!", opcodes: "NOT", operand: "Boolean", result: "Boolean" },
  { symbol: "~", opcodes: "INVERT", operand: undefined, result: "" },
];

/** `==` and `!=`, whose operands must be of one type. */
export function isEquality({ symbol }: BinaryOperator): boolean {
  return symbol === "==" || symbol === "!=";
}

function binary(
  symbol: string,
  precedence: number,
  opcodes: string,
  operands: OperandRule,
  result: Type,
): BinaryOperator {
  return { symbol, precedence, opcodes, operands, result };
}
