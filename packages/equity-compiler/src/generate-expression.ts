/**
 * Code of expressions. Each leaves one cell more on the model stack; what is returned is the
 * expression's text, which is the cell's name.
 *
 * @see spec 30-equity, section 7.6 "Expressions"
 */
import type { BinaryExpression, Expression, UnaryExpression } from "./ast.ts";
import { expressionText } from "./ast.ts";
import { typeOf } from "./expression-type.ts";
import { generateCall } from "./generate-call.ts";
import { type ClauseGeneration, entryOf, failure, reference } from "./generation.ts";
import { isEquality, type OperandRule } from "./operators.ts";
import { explainType } from "./suggest-type.ts";
import { isHashSubtype, isNumeric, type Type } from "./types.ts";

export function generateExpression(generation: ClauseGeneration, expression: Expression): string {
  const { emitter, contract } = generation;
  emitter.range = expression.range;
  switch (expression.type) {
    case "identifier":
      reference(generation, expression.name, expression.range);
      return expression.name;
    case "integer":
    case "boolean": {
      const text = expressionText(expression);
      emitter.push(expression.type === "boolean" ? text.toUpperCase() : text, text);
      return text;
    }
    case "data":
      emitter.push(dataText(expression.hex), dataText(expression.hex));
      return `0x${expression.hex}`;
    case "list":
      throw failure(contract, "list-outside-call", expression.range, {
        hint: "only checkTxMultiSig takes lists: checkTxMultiSig([key1, key2], [signature1, signature2])",
      });
    case "unary":
      return generateUnary(generation, expression);
    case "binary":
      return generateBinary(generation, expression);
    case "call":
      return generateCall(generation, expression);
    default:
      return expression satisfies never;
  }
}

/** Assembler text that pushes bytes: a byte alone becomes a number, which changes `00` to empty. */
export function dataText(hex: string): string {
  if (hex === "") return "0";
  return hex.length === 2 ? `${Number.parseInt(hex, 16)}` : `0x${hex}`;
}

function generateUnary(generation: ClauseGeneration, expression: UnaryExpression): string {
  const { emitter, contract, environment } = generation;
  const { operator, operand, range } = expression;
  const text = operator.symbol + generateExpression(generation, operand);
  const type = typeOf(operand, environment);
  if (operator.operand !== undefined && type !== operator.operand)
    throw failure(contract, "unary-operand-type", operand.range, {
      names: [text, type, operator.operand],
      hint: explainType(type, operator.operand),
    });
  emitter.range = range;
  emitter.modify(operator.opcodes, text);
  return text;
}

function generateBinary(generation: ClauseGeneration, expression: BinaryExpression): string {
  const { emitter } = generation;
  const { operator, left, right, range } = expression;
  const leftText = generateExpression(generation, left);
  const rightText = generateExpression(generation, right);
  const text = `(${leftText} ${operator.symbol} ${rightText})`;
  checkOperand(generation, left, operator.operands, text, "left-operand-type");
  checkOperand(generation, right, operator.operands, text, "right-operand-type");
  if (isEquality(operator)) checkEquality(generation, expression, text);
  emitter.range = range;
  emitter.replace(operator.opcodes, 2, text);
  return text;
}

function checkOperand(
  { contract, environment }: ClauseGeneration,
  operand: Expression,
  rule: OperandRule,
  text: string,
  code: "left-operand-type" | "right-operand-type",
): void {
  if (rule === undefined) return;
  const type = typeOf(operand, environment);
  if (rule === "number" ? isNumeric(type) : type === rule) return;
  const must = rule === "number" ? "Integer" : rule;
  throw failure(contract, code, operand.range, {
    names: [text, type, must],
    hint: explainType(type, must),
  });
}

/** @see spec 30-equity, section 6.3 "Checked while generating" */
function checkEquality(
  generation: ClauseGeneration,
  { left, right, operator, range }: BinaryExpression,
  text: string,
): void {
  const { environment, contract } = generation;
  const [leftType, rightType] = [typeOf(left, environment), typeOf(right, environment)];
  if (leftType !== rightType) {
    if (leftType === "Hash" && isHashSubtype(rightType)) narrow(generation, left, rightType);
    else if (rightType === "Hash" && isHashSubtype(leftType)) narrow(generation, right, leftType);
    else
      throw failure(contract, "type-mismatch", range, {
        names: [text, leftType, rightType],
        hint: explainMismatch(leftType, rightType),
      });
  }
  if (leftType === "Boolean")
    throw failure(contract, "boolean-compare", range, {
      names: [text, operator.symbol],
      hint: "combine conditions with &&, || and ! instead",
    });
}

/** A Hash that is compared with the hash of something is the hash of such a thing from now on. */
function narrow(generation: ClauseGeneration, side: Expression, type: Type): void {
  const entry = entryOf(generation, side);
  if (entry !== undefined) entry.type = type;
}

function explainMismatch(left: Type, right: Type): string | undefined {
  if (left === "" || right === "")
    return "the result of ^ | & ~ has no type and can only be compared with another such result";
  if ([left, right].sort().join() === "Amount,Integer")
    return "Amount and Integer cannot be compared for equality; use <= and >= instead";
  if (isHashSubtype(left) && isHashSubtype(right))
    return "hashes of different things or by different functions are never equal";
  return undefined;
}
