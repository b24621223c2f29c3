/**
 * The output that each lock statement checks, by its place in the clause.
 *
 * @see spec 30-equity, section 7.5 "Statements"
 */
import type { IfStatement, LockStatement, Statement } from "./ast.ts";

/** Index of the output of each lock statement. */
export type OutputIndexes = ReadonlyMap<LockStatement, number>;

/** The bodies of this if use different numbers of outputs. */
export interface UnevenIf {
  readonly uneven: IfStatement;
}

/** Numbers the outputs of a clause. */
export function outputIndexes(statements: readonly Statement[]): OutputIndexes | UnevenIf {
  const indexes = new Map<LockStatement, number>();
  const last = statements.length - 1;
  let next = 0;
  for (const [position, statement] of statements.entries()) {
    next = advance(statement, next, position === last, indexes);
    if (next < 0 && statement.type === "if") return { uneven: statement };
  }
  return indexes;
}

/** The next free index behind a statement; -1 behind an if whose bodies differ. */
function advance(
  statement: Statement,
  next: number,
  isLast: boolean,
  indexes: Map<LockStatement, number>,
): number {
  if (statement.type === "lock") indexes.set(statement, next);
  if (statement.type === "lock" || statement.type === "unlock") return next + 1;
  if (statement.type !== "if") return next;
  const behind = (body: readonly Statement[]) =>
    body.reduce((index, inner) => advance(inner, index, isLast, indexes), next);
  const [trueEnd, falseEnd] = [behind(statement.trueBody), behind(statement.falseBody)];
  if (trueEnd === falseEnd) return trueEnd;
  // Nothing follows the last statement of a clause, so its bodies may differ.
  return isLast ? next : -1;
}
