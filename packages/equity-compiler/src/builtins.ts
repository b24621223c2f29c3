/**
 * The built-in functions as data.
 *
 * @see spec 30-equity, section 4 "Built-in functions"
 */
import type { Dialect } from "./dialect.ts";
import type { Type } from "./types.ts";

type BuiltinName =
  | "sha3"
  | "sha256"
  | "size"
  | "abs"
  | "min"
  | "max"
  | "checkTxSig"
  | "checkMsgSig"
  | "concat"
  | "concatpush"
  | "below"
  | "above"
  | "checkTxMultiSig";

export interface Builtin {
  readonly name: BuiltinName;
  /** Types of the arguments; undefined takes any. */
  readonly arguments: readonly (Type | undefined)[];
  readonly opcodes: string;
  /** Type of the result; the hash functions give a subtype of it for some arguments. */
  readonly result: Type;
  /** What it does, for people. */
  readonly description: string;
}

const ALL: readonly Builtin[] = [
  row("sha3", [undefined], "SHA3", "Hash", "SHA3-256 of the bytes"),
  row("sha256", [undefined], "SHA256", "Hash", "SHA-256 of the bytes"),
  row("size", [undefined], "SIZE SWAP DROP", "Integer", "Length in bytes"),
  row("abs", ["Integer"], "ABS", "Integer", "Magnitude of a number"),
  row("min", ["Integer", "Integer"], "MIN", "Integer", "The smaller number"),
  row("max", ["Integer", "Integer"], "MAX", "Integer", "The greater number"),
  row(
    "checkTxSig",
    ["PublicKey", "Signature"],
    "TXSIGHASH SWAP CHECKSIG",
    "Boolean",
    "Has the key signed this transaction?",
  ),
  row("concat", [undefined, undefined], "CAT", "String", "The second argument, then the first"),
  row(
    "concatpush",
    [undefined, undefined],
    "CATPUSHDATA",
    "String",
    "The second argument, then an instruction that pushes the first",
  ),
  row(
    "below",
    ["Integer"],
    "BLOCKHEIGHT GREATERTHAN",
    "Boolean",
    "Is the block below this height?",
  ),
  row("above", ["Integer"], "BLOCKHEIGHT LESSTHAN", "Boolean", "Is the block above this height?"),
  row(
    "checkTxMultiSig",
    ["List", "List"],
    "CHECKMULTISIG",
    "Boolean",
    "Has a key of the first list signed this transaction for each signature of the second, in the same order?",
  ),
];

const CHECK_MESSAGE_SIGNATURE = row(
  "checkMsgSig",
  ["PublicKey", "Hash", "Sign"],
  "CHECKSIG",
  "Boolean",
  "Has the key signed this hash?",
);

const TABLES: Readonly<Record<Dialect, ReadonlyMap<string, Builtin>>> = {
  node: byName(ALL),
  "0.1.1": byName([...ALL, CHECK_MESSAGE_SIGNATURE]),
};

/** The built-in functions that a dialect knows, by name. */
export function builtins(dialect: Dialect): ReadonlyMap<string, Builtin> {
  return TABLES[dialect];
}

function row(
  name: BuiltinName,
  args: readonly (Type | undefined)[],
  opcodes: string,
  result: Type,
  description: string,
): Builtin {
  return { name, arguments: args, opcodes, result, description };
}

function byName(list: readonly Builtin[]): ReadonlyMap<string, Builtin> {
  return new Map(list.map((builtin) => [builtin.name, builtin]));
}
