/**
 * Code of statements.
 *
 * @see spec 30-equity, section 7.5 "Statements"
 */
import type {
  AssignStatement,
  DefineStatement,
  Expression,
  IfStatement,
  LockStatement,
  Statement,
  VerifyStatement,
} from "./ast.ts";
import { expressionText, ownExpressions } from "./ast.ts";
import { typeOf } from "./expression-type.ts";
import { generateExpression } from "./generate-expression.ts";
import { type ClauseGeneration, failure, valueReference, valueReferences } from "./generation.ts";
import { addReferences, countReferences } from "./references.ts";
import { find, isSameStack } from "./stack-model.ts";
import { suggestName } from "./suggest-name.ts";

export function generateStatements(
  generation: ClauseGeneration,
  statements: readonly Statement[],
): void {
  for (const [index, statement] of statements.entries())
    generateStatement(generation, statement, index === statements.length - 1);
}

function generateStatement(
  generation: ClauseGeneration,
  statement: Statement,
  isLast: boolean,
): void {
  const { emitter, clause } = generation;
  emitter.range = statement.range;
  switch (statement.type) {
    case "verify":
      generateVerify(generation, statement);
      break;
    case "lock":
      generateLock(generation, statement);
      break;
    case "unlock":
      if (clause.statements.length === 1) emitter.push("TRUE", "true");
      break;
    case "define":
      generateDefine(generation, statement);
      break;
    case "assign":
      generateAssign(generation, statement);
      break;
    case "if":
      generateIf(generation, statement, isLast);
      break;
    default:
      statement satisfies never;
  }
}

function generateVerify(generation: ClauseGeneration, statement: VerifyStatement): void {
  const { emitter, blockHeights } = generation;
  const { condition, range } = statement;
  generateWithValue(generation, condition);
  emitter.range = range;
  emitter.verify();
  if (condition.type !== "call" || condition.callee.type !== "identifier") return;
  const [height] = condition.arguments;
  const { name } = condition.callee;
  if ((name === "below" || name === "above") && height !== undefined)
    blockHeights.push(expressionText(height));
}

function generateLock(generation: ClauseGeneration, statement: LockStatement): void {
  const { emitter, contract, outputs } = generation;
  const { amount, asset, program, range } = statement;
  const index = `${outputs.get(statement) ?? 0}`;
  emitter.push(index, index);
  const references = countReferences(amount, asset, program);
  const half = (expression: Expression, which: "amount" | "asset"): string => {
    const name = contract.syntax[which].text;
    emitter.range = expression.range;
    if (isName(expression, name)) {
      emitter.push(which === "amount" ? "AMOUNT" : "ASSET", name);
      return name;
    }
    valueReference(generation, which, references);
    return generateExpression(generation, expression);
  };
  const amountText = half(amount, "amount");
  const assetText = half(asset, "asset");
  emitter.range = range;
  emitter.push("1", "1");
  const programText = generateExpression(generation, program);
  emitter.range = range;
  emitter.replace("CHECKOUTPUT", 5, `checkOutput(${amountText}, ${assetText}, ${programText})`);
  emitter.verify();
}

function isName(expression: Expression, name: string): boolean {
  return expression.type === "identifier" && expression.name === name;
}

function generateDefine(generation: ClauseGeneration, statement: DefineStatement): void {
  const { environment, counts, contract, clause, emitter } = generation;
  const { name, declared, value } = statement;
  environment.declare("clause variable", name, declared, contract.syntax.source);
  if ((counts.get(name.text) ?? 0) === 0)
    throw failure(contract, "define-unused", name.range, {
      names: [name.text, clause.name.text],
      hint: "remove it, or use it in a later statement of the clause",
    });
  if (value === undefined) return;
  generateWithValue(generation, value);
  emitter.rename(name.text);
}

function generateAssign(generation: ClauseGeneration, statement: AssignStatement): void {
  const { environment, contract, clause, counts, emitter } = generation;
  const { name, value, range } = statement;
  const entry = environment.lookup(name.text);
  if (entry === undefined)
    throw failure(contract, "assign-undefined", name.range, {
      names: [name.text, clause.name.text],
      hint: suggestName(name.text, environment) ?? `write define ${name.text}: … first`,
    });
  if (entry.role !== "clause variable")
    throw failure(contract, "assign-not-a-variable", name.range, {
      names: [clause.name.text],
      hint: `"${name.text}" is a ${entry.role}; only variables that define made can be assigned`,
    });
  const own = countReferences(value).get(name.text) ?? 0;
  const left = (counts.get(name.text) ?? 0) - own;
  if (own > 0) counts.set(name.text, 1);
  else dropVariable(generation, statement);
  generateWithValue(generation, value);
  if (own > 0) counts.set(name.text, left);
  emitter.range = range;
  emitter.rename(name.text);
}

/** Removes the old value of a variable that its new value does not depend on. */
function dropVariable({ emitter, contract }: ClauseGeneration, statement: AssignStatement): void {
  const depth = find(emitter.stack, statement.name.text);
  if (depth < 0)
    throw failure(contract, "crash", statement.range, {
      hint: `give ${statement.name.text} a value where it is defined: define … = …`,
    });
  if (depth === 1) emitter.swap();
  else if (depth > 1) emitter.roll(depth);
  emitter.consume("DROP");
}

function generateIf(generation: ClauseGeneration, statement: IfStatement, isLast: boolean): void {
  const { emitter } = generation;
  const { condition, trueBody, falseBody, range } = statement;
  const k = generation.nextIf();
  const text = generateWithValue(generation, condition);
  emitter.range = range;
  emitter.replace("NOT", 1, `!${text}`);
  // NOP tells this jump from those that select a clause.
  emitter.mark("NOP");
  emitter.consume(`JUMPIF:$${falseBody.length > 0 ? "else" : "endif"}_${k}`);
  emitter.mark(`$if_${k}`);
  if (typeOf(condition, generation.environment) !== "Boolean")
    generation.warn("condition-type", condition.range);
  const stack = emitter.stack;
  const counts = new Map(generation.counts);
  if (trueBody.length > 0) generateBody(generation, trueBody);
  const trueStack = emitter.stack;
  if (falseBody.length > 0) {
    const after = generation.counts;
    generation.counts = counts;
    emitter.range = range;
    emitter.emit(`JUMP:$endif_${k}`, stack);
    emitter.mark(`$else_${k}`);
    generateBody(generation, falseBody);
    generation.counts = after;
  }
  emitter.range = range;
  emitter.mark(`$endif_${k}`);
  const falseStack = falseBody.length > 0 ? emitter.stack : stack;
  if (!isLast && !isSameStack(trueStack, falseStack))
    generation.warn("uneven-branches", condition.range);
}

/** References of the statements of a body are counted again before it, as they always were. */
function generateBody(generation: ClauseGeneration, body: readonly Statement[]): void {
  for (const statement of body) {
    if (statement.type === "define" && statement.value === undefined)
      throw failure(generation.contract, "crash", statement.range, {
        hint: "a variable that is defined inside an if needs a value: define … = …",
      });
    addReferences(generation.counts, ownExpressions(statement));
  }
  generateStatements(generation, body);
}

function generateWithValue(generation: ClauseGeneration, expression: Expression): string {
  generation.emitter.range = expression.range;
  valueReferences(generation, expression);
  return generateExpression(generation, expression);
}
