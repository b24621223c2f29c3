/**
 * Warnings: contracts that compile, but hardly to what was meant. The code is not changed.
 */

import type { CallExpression, Clause, Contract, Expression, Statement } from "./ast.ts";
import { expressionText, ownExpressions } from "./ast.ts";
import type { Place, Range } from "./source.ts";

/** Which trap of the language a contract steps into. */
export type WarningCode =
  | "concat-order"
  | "condition-type"
  | "multisig-before-reference"
  | "text-after-contracts"
  | "uneven-branches"
  | "value-not-released"
  | "zero-byte-literal";

/** What is odd and where. */
export interface Warning {
  readonly code: WarningCode;
  readonly message: string;
  readonly place: Place;
  readonly hint: string;
}

/** Takes warnings; undefined when nobody wants them. */
export type Warn = ((warning: Warning) => void) | undefined;

const TEXTS: Readonly<Record<WarningCode, { readonly message: string; readonly hint: string }>> = {
  "concat-order": {
    message: "the result begins with the second argument",
    hint: "concat(x, y) is y followed by x, and concatpush(x, y) is y followed by a push of x",
  },
  "condition-type": {
    message: "the condition of this if is not Boolean",
    hint: "conditions of ifs are not checked; any item with a byte other than zero is true",
  },
  "multisig-before-reference": {
    message: "names behind checkTxMultiSig are looked up one item too deep on the stack",
    hint: "make the multisignature check the last condition of the clause; lock amounts and assets of the locked value are not affected",
  },
  "text-after-contracts": {
    message: "text behind the last contract is ignored",
    hint: "contracts begin with the word contract",
  },
  "uneven-branches": {
    message: "the bodies of this if leave different stacks, and statements follow",
    hint: "statements behind the if see the stack of its last body only; define variables before the if",
  },
  "value-not-released": {
    message: "the clause neither unlocks the value nor locks it again",
    hint: "whoever satisfies the clause may take the value anyway; write unlock to say so",
  },
  "zero-byte-literal": {
    message: "a literal of one zero byte becomes the empty string",
    hint: "one byte long literals are pushed as numbers, and zero is empty",
  },
};

export function warning(code: WarningCode, place: Place): Warning {
  return { code, place, ...TEXTS[code] };
}

/** The warnings that the syntax alone gives reason for. */
export function* syntaxWarnings({ source, clauses }: Contract): Generator<Warning> {
  const at = (code: WarningCode, range: Range): Warning => warning(code, { source, range });
  for (const clause of clauses) {
    if (!releases(clause.statements)) yield at("value-not-released", clause.name.range);
    for (const expression of expressionsOf(clause)) {
      if (expression.type === "data" && expression.hex === "00")
        yield at("zero-byte-literal", expression.range);
      if (expression.type === "call" && isOrdered(expression))
        yield at("concat-order", expression.range);
    }
  }
}

/** Does any path of the statements say where value goes? */
function releases(statements: readonly Statement[]): boolean {
  return statements.some((statement) => {
    if (statement.type === "if")
      return releases(statement.trueBody) || releases(statement.falseBody);
    return statement.type === "lock" || statement.type === "unlock";
  });
}

function isOrdered({ callee, arguments: args }: CallExpression): boolean {
  if (callee.type !== "identifier") return false;
  if (callee.name !== "concat" && callee.name !== "concatpush") return false;
  const [first, second] = args.map(expressionText);
  return callee.name === "concatpush" || first !== second;
}

/** Every expression of a clause, outer ones first. */
function* expressionsOf({ statements }: Pick<Clause, "statements">): Generator<Expression> {
  for (const statement of statements) {
    for (const expression of ownExpressions(statement)) yield* withInner(expression);
    if (statement.type !== "if") continue;
    yield* expressionsOf({ statements: statement.trueBody });
    yield* expressionsOf({ statements: statement.falseBody });
  }
}

function* withInner(root: Expression): Generator<Expression> {
  const pending = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    if (next.type === "unary") pending.push(next.operand);
    else if (next.type === "binary") pending.push(next.right, next.left);
    else if (next.type === "call") pending.push(...next.arguments.toReversed());
    else if (next.type === "list") pending.push(...next.elements.toReversed());
  }
}
