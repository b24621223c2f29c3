/**
 * Types of the language. `""` is the type of what has none: results of bit operations, names of
 * functions and clauses.
 *
 * @see spec 30-equity, section 4 "Types"
 */
import type { Dialect } from "./dialect.ts";

/** A type that a source text can name. */
export type NamedType =
  | "Amount"
  | "Asset"
  | "Boolean"
  | "Hash"
  | "Integer"
  | "List"
  | "Predicate"
  | "Program"
  | "PublicKey"
  | "Sign"
  | "Signature"
  | "String";

/** The hash of a String or a PublicKey, which says what it is the hash of. */
export type HashSubtype =
  | "Sha3(String)"
  | "Sha3(PublicKey)"
  | "Sha256(String)"
  | "Sha256(PublicKey)";

/** Every type that an expression can have. */
export type Type = NamedType | HashSubtype | "Contract" | "";

const NAMED: ReadonlySet<string> = new Set<NamedType>([
  "Amount",
  "Asset",
  "Boolean",
  "Hash",
  "Integer",
  "List",
  "Predicate",
  "Program",
  "PublicKey",
  "Signature",
  "String",
]);

/** The type names of a dialect, for messages and completion. */
export function typeNames(dialect: Dialect): NamedType[] {
  const names = [...NAMED] as NamedType[];
  return dialect === "node" ? names : [...names, "Sign"];
}

export function isTypeName(name: string, dialect: Dialect): name is NamedType {
  return NAMED.has(name) || (name === "Sign" && dialect === "0.1.1");
}

export function isHashSubtype(type: Type): type is HashSubtype {
  return type.startsWith("Sha");
}

/** Type of `sha3(x)` or `sha256(x)` for an x of a type. */
export function hashType(hash: "sha3" | "sha256", argument: Type): Type {
  if (argument !== "String" && argument !== "PublicKey") return "Hash";
  return `${hash === "sha3" ? "Sha3" : "Sha256"}(${argument})`;
}

/** Integer or Amount: what arithmetic takes. */
export function isNumeric(type: Type): boolean {
  return type === "Integer" || type === "Amount";
}
