/**
 * The names of a text that is being written, and so often cannot be parsed: declarations are found
 * by their form alone.
 */
import { builtins } from "../builtins.ts";
import type { Dialect } from "../dialect.ts";

/** A name with what an editor shows of it. Offsets count characters. */
export interface Declaration {
  readonly name: string;
  readonly role:
    | "contract"
    | "contract parameter"
    | "contract value"
    | "clause"
    | "clause parameter"
    | "clause variable";
  /** `name: Type`, or the head of a contract or clause. */
  readonly detail: string;
  readonly start: number;
}

/** A part of the text in which declarations are visible. */
interface Section {
  readonly text: string;
  readonly start: number;
}

/**
 * Comments and strings as blanks, so that nothing in them looks like code. A string that is not
 * closed ends with its line, as it is probably still being written.
 */
export function withoutText(text: string): string {
  return text.replaceAll(/\/\/[^\n]*|'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?/g, (match) =>
    match.replaceAll(/[^\n]/g, " "),
  );
}

/** What is visible at an offset: contracts everywhere, the rest inside of its contract and clause. */
export function declarationsAt(text: string, offset: number): Declaration[] {
  const code = withoutText(text);
  const contracts = sections(code, /\bcontract\s+[A-Za-z_]\w*/g);
  const declarations = contracts.map((section) => headOf(section, "contract"));
  const contract = sectionAt(contracts, offset);
  if (contract === undefined) return declarations;
  const clauses = sections(contract.text, /\bclause\s+[A-Za-z_]\w*/g, contract.start);
  const head = contract.text.slice(
    0,
    (clauses[0]?.start ?? Number.POSITIVE_INFINITY) - contract.start,
  );
  declarations.push(...parameters({ ...contract, text: head }, "contract parameter"));
  declarations.push(...lockedValue({ ...contract, text: head }));
  declarations.push(...clauses.map((section) => headOf(section, "clause")));
  const clause = sectionAt(clauses, offset);
  if (clause === undefined) return declarations;
  const bodyStart = clause.text.indexOf("{");
  const clauseHead = bodyStart < 0 ? clause.text : clause.text.slice(0, bodyStart);
  declarations.push(...parameters({ ...clause, text: clauseHead }, "clause parameter"));
  declarations.push(...variables(clause));
  return declarations;
}

function sections(code: string, begin: RegExp, base = 0): Section[] {
  const starts = [...code.matchAll(begin)].map(({ index }) => index);
  return starts.map((start, i) => ({
    text: code.slice(start, starts[i + 1]),
    start: base + start,
  }));
}

function sectionAt(list: readonly Section[], offset: number): Section | undefined {
  return list.findLast(({ start, text }) => start <= offset && offset <= start + text.length);
}

function headOf({ text, start }: Section, role: "contract" | "clause"): Declaration {
  const [, keyword = "", name = ""] = /^(\w+\s+)(\w+)/.exec(text) ?? [];
  const [head = text] = text.split("{");
  return { name, role, detail: head.trim().replaceAll(/\s+/g, " "), start: start + keyword.length };
}

/** Groups of names before a type: `a, b: T`. */
function parameters({ text, start }: Section, role: Declaration["role"]): Declaration[] {
  const declarations: Declaration[] = [];
  for (const group of text.matchAll(
    /\b([A-Za-z_]\w*(?:\s*,\s*[A-Za-z_]\w*){0,99})\s*:\s*([A-Za-z]\w*)/g,
  )) {
    const [, names = "", type = ""] = group;
    for (const { 0: name, index } of names.matchAll(/\w+/g))
      declarations.push({
        name,
        role,
        detail: `${name}: ${type}`,
        start: start + group.index + index,
      });
  }
  return declarations;
}

function lockedValue({ text, start }: Section): Declaration[] {
  const match = /\blocks\s+([A-Za-z_]\w*)\s+of\s+([A-Za-z_]\w*)/d.exec(text);
  if (match === null) return [];
  return (["Amount", "Asset"] as const).map((type, i) => ({
    name: match[i + 1] ?? "",
    role: "contract value" as const,
    detail: `${match[i + 1]}: ${type}`,
    start: start + (match.indices?.[i + 1]?.[0] ?? 0),
  }));
}

function variables({ text, start }: Section): Declaration[] {
  return [...text.matchAll(/\bdefine\s+([A-Za-z_]\w*)\s*:\s*([A-Za-z]\w*)/g)].map((match) => {
    const [whole, name = "", type = ""] = match;
    const at = start + match.index + whole.indexOf(name, "define".length);
    return { name, role: "clause variable", detail: `${name}: ${type}`, start: at };
  });
}

/** Head of a built-in function, as if it were declared. */
export function builtinDetail(name: string, dialect: Dialect): string | undefined {
  const builtin = builtins(dialect).get(name);
  if (builtin === undefined) return undefined;
  const types = builtin.arguments.map((type) => (type === undefined ? "any" : type));
  return `${name}(${types.join(", ")}): ${builtin.result}`;
}
