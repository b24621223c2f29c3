/**
 * How often names are referenced. The counts decide whether a reference copies a stack item or
 * moves it, so the historical rules matter, odd as they are.
 *
 * @see spec 30-equity, section 7.3 "Reference counts"
 */
import { type Expression, forEachIdentifier, ownExpressions, type Statement } from "./ast.ts";
import type { Dialect } from "./dialect.ts";

/** References that are still to come, by name. */
export type Counts = Map<string, number>;

/** References in some expressions. */
export function countReferences(...expressions: readonly Expression[]): Counts {
  const counts: Counts = new Map();
  addReferences(counts, expressions);
  return counts;
}

/** Adds the references in expressions. */
export function addReferences(counts: Counts, expressions: readonly Expression[]): void {
  for (const expression of expressions)
    forEachIdentifier(expression, ({ name }) => counts.set(name, (counts.get(name) ?? 0) + 1));
}

/** References in the statements of a clause, by the rule of the dialect. */
export function countClauseReferences(statements: readonly Statement[], dialect: Dialect): Counts {
  const counts: Counts = new Map();
  if (dialect === "0.1.1") addRecursively(counts, statements);
  else addOneLevel(counts, statements);
  return counts;
}

function addRecursively(counts: Counts, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement.type === "unlock") continue;
    addReferences(counts, ownExpressions(statement));
    if (statement.type !== "if") continue;
    addRecursively(counts, statement.trueBody);
    addRecursively(counts, statement.falseBody);
  }
}

function addOneLevel(counts: Counts, statements: readonly Statement[]): void {
  for (const statement of statements) {
    addReferences(counts, ownExpressions(statement));
    if (statement.type !== "if") continue;
    for (const inner of [...statement.trueBody, ...statement.falseBody])
      addReferences(counts, ownExpressions(inner));
  }
}

/** All names that the statements mention, in ifs and in unlock statements too. */
export function mentionedNames(statements: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  const visit = (list: readonly Statement[]) => {
    for (const statement of list) {
      for (const expression of ownExpressions(statement))
        forEachIdentifier(expression, ({ name }) => names.add(name));
      if (statement.type !== "if") continue;
      visit(statement.trueBody);
      visit(statement.falseBody);
    }
  };
  visit(statements);
  return names;
}
