/**
 * The type of an expression.
 *
 * @see spec 30-equity, section 6.2 "Type of an expression"
 */
import type { CallExpression, Expression } from "./ast.ts";
import type { Entry, Environment } from "./environment.ts";
import { hashType, type Type } from "./types.ts";

export function typeOf(expression: Expression, environment: Environment): Type {
  switch (expression.type) {
    case "identifier":
      return environment.lookup(expression.name)?.type ?? "";
    case "integer":
      return "Integer";
    case "boolean":
      return "Boolean";
    case "data":
      return "String";
    case "list":
      return "List";
    case "unary":
    case "binary":
      return expression.operator.result;
    case "call":
      return callType(expression, environment);
    default:
      return expression satisfies never;
  }
}

function callType(call: CallExpression, environment: Environment): Type {
  const entry = calleeOf(call, environment);
  if (entry?.contract !== undefined) return "Program";
  if (entry?.builtin === undefined)
    return typeOf(call.callee, environment) === "Predicate" ? "Boolean" : "";
  const { name, result } = entry.builtin;
  const [argument] = call.arguments;
  if ((name === "sha3" || name === "sha256") && argument !== undefined)
    return hashType(name, typeOf(argument, environment));
  return result;
}

/** What the name that is called stands for. */
export function calleeOf(call: CallExpression, environment: Environment): Entry | undefined {
  return call.callee.type === "identifier" ? environment.lookup(call.callee.name) : undefined;
}
