import { toHex } from "@bystack/butxo";
import { equal, type Fields, UnreadableCase } from "../check.ts";

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

/** Ids as hex, sorted. */
export function sortedIds(ids: readonly Uint8Array[]): string[] {
  return ids.map(toHex).sort();
}
