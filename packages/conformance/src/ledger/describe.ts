import { toHex } from "@bystack/butxo";
import { equal, type Fields, list, object, text, UnreadableCase } from "../check.ts";
import type { HandlerContext } from "../runner.ts";

/** Checks each case of each list of a file; a list that nobody knows makes the file unreadable. */
export function checkLists(
  file: unknown,
  context: HandlerContext,
  checks: { readonly [list: string]: (fields: Fields) => void },
): void {
  for (const [name, cases] of Object.entries(object(file, "file"))) {
    if (COMMENTS.has(name)) continue;
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) throw new UnreadableCase(`unknown list "${name}"`);
    list(cases, name).forEach((value, index) => {
      context.check(`${name} ${index}`, () => check(object(value, "case")));
    });
  }
}

/** Compares every field that a case has with ours; a field that we do not know makes the case unreadable. */
export function compareFields(ours: Fields, expected: Fields, what: string): void {
  for (const [name, value] of Object.entries(expected)) {
    if (COMMENTS.has(name)) continue;
    if (!Object.hasOwn(ours, name)) throw new UnreadableCase(`${what} has an unknown "${name}"`);
    equal(ours[name], value, `${what} ${name}`);
  }
}

/** Fields that are for people. */
const COMMENTS = new Set(["note", "name", "origin"]);

/** What was read, as we write it: hex of either case is read. */
export function lowerCase(hex: unknown): string {
  return text(hex, "hex").toLowerCase();
}

/** Ids as hex, sorted. */
export function sortedIds(ids: readonly Uint8Array[]): string[] {
  return ids.map(toHex).sort();
}
