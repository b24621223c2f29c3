/** What the generators of one clause share. */
import type { CallExpression, Clause, Contract, Expression } from "./ast.ts";
import type { Dialect } from "./dialect.ts";
import type { Emitter } from "./emitter.ts";
import type { ContractState, Entry, Environment } from "./environment.ts";
import { EquityError, type EquityErrorCode, type EquityErrorFacts } from "./error.ts";
import type { OutputIndexes } from "./output-indexes.ts";
import { type Counts, countReferences } from "./references.ts";
import type { Range } from "./source.ts";
import { find } from "./stack-model.ts";
import { suggestName } from "./suggest-name.ts";
import type { Type } from "./types.ts";
import type { WarningCode } from "./warning.ts";

/** A call of a hash function, as the output lists it. */
export interface HashCall {
  readonly hash: string;
  readonly argument: string;
  readonly argumentType: Type;
}

export interface ClauseGeneration {
  readonly dialect: Dialect;
  readonly contract: ContractState;
  readonly clause: Clause;
  readonly environment: Environment;
  readonly emitter: Emitter;
  readonly outputs: OutputIndexes;
  /** Numbers the ifs of a contract. */
  readonly nextIf: () => number;
  /** Takes a warning; it changes nothing. */
  readonly warn: (code: WarningCode, range: Range) => void;
  /** The multisignature check behind which the model stack is one cell too deep. */
  multisig: CallExpression | undefined;
  /** References to come. */
  counts: Counts;
  readonly hashCalls: HashCall[];
  /** Called contracts, in the order of generation. */
  readonly calledContracts: string[];
  /** Texts of block heights that top-level conditions compare with. */
  readonly blockHeights: string[];
}

/** An error at a part of the contract's source text. */
export function failure(
  { syntax: { source } }: { readonly syntax: Contract },
  code: EquityErrorCode,
  range: Range,
  facts: Omit<EquityErrorFacts, "place"> = {},
): EquityError {
  return new EquityError(code, { ...facts, place: { source, range } });
}

/**
 * Brings the value of a name to the top: moved when this is the last reference, copied otherwise.
 *
 * @see spec 30-equity, section 7.3
 */
export function reference(generation: ClauseGeneration, name: string, range: Range): void {
  const { emitter, counts, environment, contract } = generation;
  const depth = find(emitter.stack, name);
  if (depth < 0)
    throw failure(contract, "undefined-reference", range, {
      names: [name],
      hint: suggestName(name, environment),
    });
  if (generation.multisig !== undefined) {
    generation.warn("multisig-before-reference", generation.multisig.range);
    generation.multisig = undefined;
  }
  const left = counts.get(name) ?? 0;
  if (left > 0) counts.set(name, left - 1);
  const isLast = left === 1;
  if (depth === 0) {
    if (!isLast) emitter.duplicate();
  } else if (depth === 1) {
    if (isLast) emitter.swap();
    else emitter.over();
  } else if (isLast) emitter.roll(depth);
  else emitter.pick(depth);
}

/**
 * Puts the locked value's amount and asset on the stack for expressions that mention them.
 *
 * @see spec 30-equity, section 7.4 "Value references"
 */
export function valueReferences(generation: ClauseGeneration, expression: Expression): void {
  if (generation.dialect === "node") return;
  const references = countReferences(expression);
  valueReference(generation, "amount", references);
  valueReference(generation, "asset", references);
}

/** Pushes one half of the locked value if there are references to it; says whether there are. */
export function valueReference(
  { emitter, counts, contract }: ClauseGeneration,
  half: "amount" | "asset",
  references: Counts,
): void {
  const name = contract.syntax[half].text;
  const count = references.get(name) ?? 0;
  if (count === 0) return;
  counts.set(name, count);
  emitter.push(half === "amount" ? "AMOUNT" : "ASSET", name);
}

/** The role of a name that an expression consists of. */
export function entryOf(
  { environment }: ClauseGeneration,
  expression: Expression,
): Entry | undefined {
  return expression.type === "identifier" ? environment.lookup(expression.name) : undefined;
}
