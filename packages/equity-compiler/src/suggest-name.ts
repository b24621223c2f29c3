import type { Environment, Role } from "./environment.ts";
import { nearest } from "./suggest.ts";

const WHY: Partial<Readonly<Record<Role, string>>> = {
  keyword: "it is a word of the language",
  "built-in function": "it is a function; call it with arguments",
  contract:
    "a contract is called with arguments, as the program of a lock statement; one of several clauses needs a parameter to call itself",
  clause: "it is a clause; clauses are chosen by the one who spends",
  "contract value":
    "dialect node: the names of the locked value can only stand in lock and unlock statements",
  "clause variable": "it has no value here: another reference has used it up",
};

/** Why a name has no value, or which one may have been meant. */
export function suggestName(name: string, environment: Environment): string | undefined {
  const entry = environment.lookup(name);
  if (entry !== undefined) return WHY[entry.role] ?? "it has been used up by another reference";
  return nearest(name, environment.names());
}
