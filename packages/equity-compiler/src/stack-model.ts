/**
 * The compiler's model of the machine's stack: named cells, linked from the top down. Cells are
 * shared between stacks and renamed in place, which other stacks that hold them then see.
 *
 * @see spec 30-equity, section 7.1 "Stack model"
 */
export interface Cell {
  name: string;
  readonly below: Stack;
}

/** A stack: its top cell, undefined when it is empty. */
export type Stack = Cell | undefined;

export function push(stack: Stack, name: string): Cell {
  return { name, below: stack };
}

/** The stack without its `count` top cells. */
export function drop(stack: Stack, count = 1): Stack {
  let rest = stack;
  for (let i = 0; i < count; i++) rest = rest?.below;
  return rest;
}

/** Depth of the deepest cell with the name, 0 for the top; -1 if there is none. */
export function find(stack: Stack, name: string): number {
  let found = -1;
  let depth = 0;
  for (let cell = stack; cell !== undefined; cell = cell.below, depth++)
    if (cell.name === name) found = depth;
  return found;
}

/** The cell `depth` below the top. */
export function peek(stack: Stack, depth: number): Stack {
  return drop(stack, depth);
}

/** The stack with the cell at `depth` moved to the top; all cells above are new ones. */
export function roll(stack: Stack, depth: number): Stack {
  const above: string[] = [];
  let cell = stack;
  for (; cell !== undefined && above.length < depth; cell = cell.below) above.push(cell.name);
  if (cell === undefined) return stack;
  let rolled: Stack = cell.below;
  for (let i = above.length - 1; i >= 0; i--) rolled = push(rolled, above[i] ?? "");
  return push(rolled, cell.name);
}

/** The same names in new cells. */
export function copyOnto(base: Stack, stack: Stack): Stack {
  let copy = base;
  for (const name of namesOf(stack).reverse()) copy = push(copy, name);
  return copy;
}

/** Names of the cells, top first. */
function namesOf(stack: Stack): string[] {
  const names: string[] = [];
  for (let cell = stack; cell !== undefined; cell = cell.below) names.push(cell.name);
  return names;
}

/** Have both stacks the same names in the same order? */
export function isSameStack(a: Stack, b: Stack): boolean {
  let [left, right] = [a, b];
  for (; left !== right; left = left.below, right = right.below)
    if (left === undefined || right === undefined || left.name !== right.name) return false;
  return true;
}

/** The stack as text, its top at the right end: `[... a b]`; `[]` when it is empty. */
export function formatStack(stack: Stack): string {
  return stack === undefined ? "[]" : `[... ${namesOf(stack).reverse().join(" ")}]`;
}
