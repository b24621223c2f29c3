/**
 * What the parser makes of a source text.
 *
 * @see spec 30-equity, section 3 "Grammar"
 */
import type { BinaryOperator, UnaryOperator } from "./operators.ts";
import type { Place, Range, SourceText } from "./source.ts";
import type { NamedType } from "./types.ts";

/** An identifier where it stands. */
export interface Name {
  readonly text: string;
  readonly range: Range;
}

export interface Parameter {
  readonly name: Name;
  readonly declared: NamedType;
  readonly typeRange: Range;
}

export interface Contract {
  readonly source: SourceText;
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  /** Names under which clauses see the amount and the asset of the locked value. */
  readonly amount: Name;
  readonly asset: Name;
  readonly clauses: readonly Clause[];
  readonly range: Range;
}

export interface Clause {
  readonly name: Name;
  readonly parameters: readonly Parameter[];
  readonly statements: readonly Statement[];
  readonly range: Range;
}

export interface Import {
  /** As written. */
  readonly path: string;
  readonly place: Place;
}

export type Statement =
  | VerifyStatement
  | LockStatement
  | UnlockStatement
  | DefineStatement
  | AssignStatement
  | IfStatement;

export interface VerifyStatement {
  readonly type: "verify";
  readonly range: Range;
  readonly condition: Expression;
}

export interface LockStatement {
  readonly type: "lock";
  readonly range: Range;
  readonly amount: Expression;
  readonly asset: Expression;
  readonly program: Expression;
}

export interface UnlockStatement {
  readonly type: "unlock";
  readonly range: Range;
  readonly amount: Expression;
  readonly asset: Expression;
}

export interface DefineStatement {
  readonly type: "define";
  readonly range: Range;
  readonly name: Name;
  readonly declared: NamedType;
  readonly typeRange: Range;
  readonly value: Expression | undefined;
}

export interface AssignStatement {
  readonly type: "assign";
  readonly range: Range;
  readonly name: Name;
  readonly value: Expression;
}

export interface IfStatement {
  readonly type: "if";
  readonly range: Range;
  readonly condition: Expression;
  readonly trueBody: readonly Statement[];
  readonly falseBody: readonly Statement[];
}

interface Node {
  readonly range: Range;
  /** Levels of expressions in this one, from 1. */
  readonly depth: number;
}

export interface Identifier extends Node {
  readonly type: "identifier";
  readonly name: string;
}

interface IntegerLiteral extends Node {
  readonly type: "integer";
  readonly value: bigint;
}

interface BooleanLiteral extends Node {
  readonly type: "boolean";
  readonly value: boolean;
}

/** A string or hex literal. */
interface DataLiteral extends Node {
  readonly type: "data";
  /** Lower-case hex of the bytes. */
  readonly hex: string;
}

export interface ListExpression extends Node {
  readonly type: "list";
  readonly elements: readonly Expression[];
}

export interface UnaryExpression extends Node {
  readonly type: "unary";
  readonly operator: UnaryOperator;
  readonly operand: Expression;
}

export interface BinaryExpression extends Node {
  readonly type: "binary";
  readonly operator: BinaryOperator;
  readonly operatorRange: Range;
  readonly left: Expression;
  readonly right: Expression;
}

export interface CallExpression extends Node {
  readonly type: "call";
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
}

export type Expression =
  | Identifier
  | IntegerLiteral
  | BooleanLiteral
  | DataLiteral
  | ListExpression
  | UnaryExpression
  | BinaryExpression
  | CallExpression;

/**
 * The text of an expression in the compiler's own spelling, in which it appears in output, in error
 * facts and as a name on the model stack.
 *
 * @see spec 30-equity, section 7.7 "Texts"
 */
export function expressionText(expression: Expression): string {
  switch (expression.type) {
    case "identifier":
      return expression.name;
    case "integer":
      return expression.value.toString();
    case "boolean":
      return expression.value ? "true" : "false";
    case "data":
      return `0x${expression.hex}`;
    case "list":
      return `[${expression.elements.map(expressionText).join(", ")}]`;
    case "unary":
      return expression.operator.symbol + expressionText(expression.operand);
    case "binary": {
      const { left, operator, right } = expression;
      return `(${expressionText(left)} ${operator.symbol} ${expressionText(right)})`;
    }
    case "call": {
      const args = expression.arguments.map(expressionText).join(", ");
      return `${expressionText(expression.callee)}(${args})`;
    }
    default:
      return expression satisfies never;
  }
}

/** Calls `visit` for every identifier of an expression, function names included. */
export function forEachIdentifier(
  expression: Expression,
  visit: (identifier: Identifier) => void,
): void {
  switch (expression.type) {
    case "identifier":
      visit(expression);
      break;
    case "list":
      for (const element of expression.elements) forEachIdentifier(element, visit);
      break;
    case "unary":
      forEachIdentifier(expression.operand, visit);
      break;
    case "binary":
      forEachIdentifier(expression.left, visit);
      forEachIdentifier(expression.right, visit);
      break;
    case "call":
      forEachIdentifier(expression.callee, visit);
      for (const argument of expression.arguments) forEachIdentifier(argument, visit);
      break;
    case "integer":
    case "boolean":
    case "data":
      break;
    default:
      expression satisfies never;
  }
}

/** The expressions that stand in a statement itself, not in the bodies of an if. */
export function ownExpressions(statement: Statement): readonly Expression[] {
  switch (statement.type) {
    case "verify":
    case "if":
      return [statement.condition];
    case "lock":
      return [statement.amount, statement.asset, statement.program];
    case "unlock":
      return [statement.amount, statement.asset];
    case "define":
      return statement.value === undefined ? [] : [statement.value];
    case "assign":
      return [statement.value];
    default:
      return statement satisfies never;
  }
}
