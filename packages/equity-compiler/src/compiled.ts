/** What compiling gives. */
import type { AssembledContract, InstructionOrigin } from "./assemble-contract.ts";
import type { Dialect } from "./dialect.ts";
import type { Item } from "./emitter.ts";
import type { ContractState, ParameterState } from "./environment.ts";
import type { GeneratedClause } from "./generate-clause.ts";
import type { GeneratedContract } from "./generate-contract.ts";
import type { HashCall } from "./generation.ts";
import type { ClauseValue, ConditionalValues } from "./metadata.ts";
import type { Range, SourceText } from "./source.ts";
import { formatStack } from "./stack-model.ts";
import type { NamedType, Type } from "./types.ts";

/** A parameter of a compiled contract or clause. */
export interface CompiledParameter {
  readonly name: string;
  readonly type: NamedType;
  /** What a Hash turned out to be the hash of. */
  readonly inferredType?: Type | undefined;
}

/** A clause, as the compiler describes it. */
export interface CompiledClause {
  readonly name: string;
  readonly parameters: readonly CompiledParameter[];
  /** Texts of the block heights that its conditions compare with. */
  readonly blockHeights: readonly string[];
  readonly hashCalls: readonly HashCall[];
  /** Values that it locks and unlocks; those inside ifs are in `conditionalValues` (0.1.1). */
  readonly values: readonly ClauseValue[];
  readonly conditionalValues: readonly ConditionalValues[];
  /** Names of the contracts that it calls, as often as it does. */
  readonly contracts: readonly string[];
}

/** One step of code generation, before the peephole pass. */
export interface GenerationStep {
  readonly opcodes: string;
  /** The model stack behind it, top at the right end. */
  readonly stack: string;
  readonly range: Range;
}

/** What `compile` gives for one contract. */
export interface CompiledContract {
  readonly name: string;
  readonly dialect: Dialect;
  readonly source: SourceText;
  readonly parameters: readonly CompiledParameter[];
  /** Names that the contract gives to the amount and the asset of the locked value. */
  readonly value: { readonly amount: string; readonly asset: string };
  readonly clauses: readonly CompiledClause[];
  /** Does one of its clauses lock value with the contract itself? */
  readonly recursive: boolean;
  /** The program without arguments; `instantiate` makes a control program of it. */
  readonly body: Uint8Array;
  /** Assembler text of the body. */
  readonly opcodes: string;
  /** What part of the source text each instruction of the body was generated for. */
  origins(): readonly InstructionOrigin[];
  /** How the code came about, for people who study it. */
  steps(): readonly GenerationStep[];
}

/**
 * Puts the results of the passes together.
 *
 * @param items gives the emitted items with their stacks, which `generated` is not kept for
 */
export function compiledContract(
  { syntax, recursive }: ContractState,
  generated: GeneratedContract,
  { program, opcodes, origins }: AssembledContract,
  dialect: Dialect,
  items: () => readonly Item[],
): CompiledContract {
  return {
    name: syntax.name.text,
    dialect,
    source: syntax.source,
    parameters: generated.parameters.map(compiledParameter),
    value: { amount: syntax.amount.text, asset: syntax.asset.text },
    clauses: generated.clauses.map(compiledClause),
    recursive,
    body: program,
    opcodes,
    origins,
    steps: () =>
      items().map(({ text, stack, range }) => ({
        opcodes: text,
        stack: formatStack(stack),
        range,
      })),
  };
}

function compiledClause(generated: GeneratedClause): CompiledClause {
  const { clause, parameters, metadata, hashCalls, calledContracts, blockHeights } = generated;
  return {
    name: clause.name.text,
    parameters: parameters.map(compiledParameter),
    blockHeights,
    hashCalls,
    values: metadata.values,
    conditionalValues: metadata.conditionalValues,
    contracts: calledContracts,
  };
}

function compiledParameter({ name, declared, entry }: ParameterState): CompiledParameter {
  const parameter = { name, type: declared };
  return entry.type === declared ? parameter : { ...parameter, inferredType: entry.type };
}
