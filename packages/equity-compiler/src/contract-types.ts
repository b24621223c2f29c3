/** Types of arguments, inferred from an artifact that is declared `as const`. */
import type { ArtifactClause, ArtifactParameter, ContractInterface } from "./artifact.ts";

/**
 * Stands for a signature that is made when the transaction is complete. `signer` is whatever the
 * transaction builder needs to make it.
 */
export interface SignaturePlaceholder {
  readonly type: "signature";
  readonly signer: unknown;
}

/** An item of a witness: bytes, or the place of a signature to come. */
export type WitnessArgument = Uint8Array | SignaturePlaceholder;

/**
 * What a parameter of an Equity type takes. A text is hex, except for String, where it is the text
 * itself, in UTF-8.
 */
export type ArgumentOf<Type extends string> = Type extends "Amount" | "Integer"
  ? bigint
  : Type extends "Boolean"
    ? boolean
    : Type extends "Signature"
      ? Uint8Array | string | SignaturePlaceholder
      : Uint8Array | string;

/** Arguments by the names of the parameters. */
export type ArgumentsOf<Parameters extends readonly ArtifactParameter[]> = {
  readonly [P in Parameters[number] as P["name"]]: ArgumentOf<P["type"]>;
};

/** Arguments of a contract by name. */
export type ContractArguments<C extends ContractInterface> = ArgumentsOf<C["params"]>;

/** Names of a contract's clauses. */
export type ClauseName<C extends ContractInterface> = C["clauses"][number]["name"];

/** The clause of a contract with a name. */
export type ClauseOf<C extends ContractInterface, Name extends string> = Extract<
  C["clauses"][number],
  { readonly name: Name }
>;

/** Arguments of a clause by name. */
export type ClauseArguments<C extends ContractInterface, Name extends ClauseName<C>> = ArgumentsOf<
  ClauseOf<C, Name>["params"]
>;

/** Has a clause a parameter that only the transaction builder can fill? */
export type HasSignature<Clause extends ArtifactClause> =
  "Signature" extends Clause["params"][number]["type"] ? true : false;

/** What unlocks value: plain bytes for clauses without signatures. */
export type ClauseWitness<C extends ContractInterface, Name extends ClauseName<C>> =
  HasSignature<ClauseOf<C, Name>> extends true ? WitnessArgument[] : Uint8Array[];
