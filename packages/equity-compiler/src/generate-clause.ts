/**
 * Code and description of one clause, with all checks of it.
 *
 * @see spec 30-equity, section 5, step 5
 */
import type { Clause } from "./ast.ts";
import { statementErrors } from "./check-statements.ts";
import type { Dialect } from "./dialect.ts";
import type { Emitter } from "./emitter.ts";
import { type ContractState, Environment, type ParameterState } from "./environment.ts";
import type { EquityError } from "./error.ts";
import { generateStatements } from "./generate-statement.ts";
import { type ClauseGeneration, failure, type HashCall } from "./generation.ts";
import { type ClauseMetadata, clauseMetadata } from "./metadata.ts";
import { type OutputIndexes, outputIndexes } from "./output-indexes.ts";
import { countClauseReferences, mentionedNames } from "./references.ts";
import { copyOnto, push, type Stack } from "./stack-model.ts";
import { type Warn, warning } from "./warning.ts";

/** A clause whose code is generated. */
export interface GeneratedClause {
  readonly clause: Clause;
  readonly parameters: readonly ParameterState[];
  readonly metadata: ClauseMetadata;
  readonly hashCalls: readonly HashCall[];
  readonly calledContracts: readonly string[];
  readonly blockHeights: readonly string[];
}

/** What the clauses of a contract share. */
export interface ContractGeneration {
  readonly state: ContractState;
  readonly dialect: Dialect;
  readonly environment: Environment;
  readonly emitter: Emitter;
  /** Numbers the ifs of the contract, from 1. */
  readonly nextIf: () => number;
  /** Takes an error that does not end the clause. */
  readonly report: (error: EquityError) => void;
  readonly warn: Warn;
}

/**
 * Generates the code of a clause.
 *
 * @param contractStack the model stack that the clause finds, without its own parameters
 * @throws EquityError the error that ends the clause
 */
export function generateClause(
  { state, dialect, emitter, nextIf, report, ...contract }: ContractGeneration,
  clause: Clause,
  contractStack: Stack,
): GeneratedClause {
  const environment = new Environment(contract.environment);
  const parameters = clause.parameters.map(({ name, declared }): ParameterState => {
    const { source } = state.syntax;
    const entry = environment.declare("clause parameter", name, declared, source);
    return { name: name.text, declared, entry };
  });
  const generation: ClauseGeneration = {
    dialect,
    contract: state,
    clause,
    environment,
    emitter,
    outputs: numberOutputs(state, clause),
    nextIf,
    warn: (code, range) => contract.warn?.(warning(code, { source: state.syntax.source, range })),
    multisig: undefined,
    counts: countClauseReferences(clause.statements, dialect),
    hashCalls: [],
    calledContracts: [],
    blockHeights: [],
  };
  let stack: Stack;
  for (const { name } of parameters) stack = push(stack, name);
  emitter.stack = copyOnto(stack, contractStack);
  generateStatements(generation, clause.statements);
  emitter.forgetPendingVerify();
  const metadata = clauseMetadata(generation);
  for (const error of statementErrors(generation, clause.statements)) report(error);
  for (const error of unusedParameters(generation)) report(error);
  const { hashCalls, calledContracts, blockHeights } = generation;
  return { clause, parameters, metadata, hashCalls, calledContracts, blockHeights };
}

function numberOutputs(state: ContractState, clause: Clause): OutputIndexes {
  const outputs = outputIndexes(clause.statements);
  if (!("uneven" in outputs)) return outputs;
  throw failure(state, "if-lock-count", outputs.uneven.range, {
    names: [clause.name.text],
    hint: "lock or unlock as many values in both bodies, or make the if the last statement",
  });
}

function* unusedParameters({ contract, clause }: ClauseGeneration): Generator<EquityError> {
  const mentioned = mentionedNames(clause.statements);
  for (const { name } of clause.parameters)
    if (!mentioned.has(name.text))
      yield failure(contract, "clause-param-unused", name.range, {
        names: [name.text, clause.name.text],
        hint: "remove it, or use it in the clause",
      });
}
