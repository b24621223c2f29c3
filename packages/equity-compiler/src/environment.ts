/**
 * Names and what they stand for, in three levels: global, contract, clause.
 *
 * @see spec 30-equity, section 5 "Names and order of checks"
 */
import type { Contract, Name } from "./ast.ts";
import { type Builtin, builtins } from "./builtins.ts";
import type { Dialect } from "./dialect.ts";
import { EquityError } from "./error.ts";
import { MAX_NAMES } from "./limits.ts";
import type { Range, SourceText } from "./source.ts";
import type { NamedType, Type } from "./types.ts";

/** What a name is used for, in the words of the errors. */
export type Role =
  | "keyword"
  | "built-in function"
  | "contract"
  | "contract parameter"
  | "contract value"
  | "clause"
  | "clause parameter"
  | "clause variable";

/** What a name stands for. */
export interface Entry {
  readonly role: Role;
  readonly name: string;
  /** The type as written; `""` for names that are no value. */
  readonly declared: Type;
  /** The type at this moment: comparing a Hash with a hash subtype narrows it. */
  type: Type;
  /** Where the name is declared; undefined for keywords and built-in functions. */
  readonly place?: { readonly source: SourceText; readonly range: Range } | undefined;
  readonly builtin?: Builtin | undefined;
  readonly contract?: ContractState | undefined;
}

/** A parameter in the compiler's hands. */
export interface ParameterState {
  readonly name: string;
  readonly declared: NamedType;
  readonly entry: Entry;
}

/** A contract in the compiler's hands. */
export interface ContractState {
  readonly syntax: Contract;
  /** Does one of its lock statements call itself? */
  readonly recursive: boolean;
  /** Hex of the program; undefined until it is compiled. */
  body: string | undefined;
  /** It has an error, so what depends on it is not worth an error of its own. */
  failed: boolean;
}

const KEYWORDS = [
  "contract",
  "clause",
  "verify",
  "locks",
  "of",
  "lock",
  "with",
  "unlock",
  "if",
  "else",
  "define",
  "assign",
  "true",
  "false",
];

/** Names of one level; those of the levels around it are visible too. */
export class Environment {
  readonly #names = new Map<string, Entry>();
  readonly #outer: Environment | undefined;

  constructor(outer?: Environment) {
    this.#outer = outer;
  }

  lookup(name: string): Entry | undefined {
    return this.#names.get(name) ?? this.#outer?.lookup(name);
  }

  /** Names visible from here. */
  get size(): number {
    return this.#names.size + (this.#outer?.size ?? 0);
  }

  /** Names visible from here. */
  *names(): Generator<string> {
    yield* this.#names.keys();
    if (this.#outer !== undefined) yield* this.#outer.names();
  }

  /**
   * Adds a name.
   *
   * @throws {@link EquityError} `name-conflict` when it is visible already, `too-many-names`
   */
  declare(
    role: Role,
    name: Name,
    type: Type,
    source: SourceText,
    contract?: ContractState | undefined,
  ): Entry {
    const place = { source, range: name.range };
    const other = this.lookup(name.text);
    if (other !== undefined)
      throw new EquityError("name-conflict", {
        names: [role, name.text, other.role],
        place,
        hint: conflictHint(other),
      });
    if (this.size >= MAX_NAMES) throw new EquityError("too-many-names", { place });
    const entry: Entry = { role, name: name.text, declared: type, type, place, contract };
    this.#names.set(name.text, entry);
    return entry;
  }

  /** Adds a name of the language itself. */
  predeclare(entry: Entry): void {
    this.#names.set(entry.name, entry);
  }
}

/** The level of contracts, around it the names of the language. */
export function globalEnvironment(dialect: Dialect): Environment {
  return new Environment(LANGUAGE[dialect]);
}

const LANGUAGE: Readonly<Record<Dialect, Environment>> = {
  node: /* @__PURE__ */ languageEnvironment("node"),
  "0.1.1": /* @__PURE__ */ languageEnvironment("0.1.1"),
};

function languageEnvironment(dialect: Dialect): Environment {
  const environment = new Environment();
  for (const name of KEYWORDS)
    environment.predeclare({ role: "keyword", name, declared: "", type: "" });
  for (const builtin of builtins(dialect).values())
    environment.predeclare({
      role: "built-in function",
      name: builtin.name,
      declared: "",
      type: "",
      builtin,
    });
  return environment;
}

function conflictHint({ role, place }: Entry): string {
  if (place === undefined) return `the language uses this name as a ${role}; choose another`;
  return "every name must differ from all names that are visible at the same place; choose another";
}
