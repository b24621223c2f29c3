/**
 * Code of a whole contract: the choice of the clause, then the clauses.
 *
 * @see spec 30-equity, section 7.2 "Emission"
 */
import type { Budget } from "./budget.ts";
import type { Dialect } from "./dialect.ts";
import { Emitter, type Item } from "./emitter.ts";
import { type ContractState, Environment, type ParameterState } from "./environment.ts";
import { attempt, type EquityError } from "./error.ts";
import {
  type ContractGeneration,
  type GeneratedClause,
  generateClause,
} from "./generate-clause.ts";
import { failure } from "./generation.ts";
import { mentionedNames } from "./references.ts";
import { drop, push, type Stack } from "./stack-model.ts";
import { syntaxWarnings, type Warn } from "./warning.ts";

/** A contract whose code is generated. */
export interface GeneratedContract {
  readonly parameters: readonly ParameterState[];
  readonly clauses: readonly GeneratedClause[];
  readonly items: readonly Item[];
}

/**
 * Checks a contract and generates its code. Errors are reported, the first one first; clauses are
 * independent of each other, so one with an error does not hide those of the next.
 */
export function generateContract(
  state: ContractState,
  global: Environment,
  dialect: Dialect,
  report: (error: EquityError) => void,
  warn: Warn,
  budget: Budget,
): GeneratedContract {
  const { syntax, recursive } = state;
  budget.nextContract();
  const environment = new Environment(global);
  const parameters = declareNames(state, environment, report);
  let stack: Stack;
  if (syntax.clauses.length > 1) stack = push(stack, "<clause selector>");
  for (const { name } of parameters.toReversed()) stack = push(stack, name);
  if (recursive) stack = push(stack, syntax.name.text);
  const emitter = new Emitter(syntax.source, syntax.name.range, stack, budget);
  let ifs = 0;
  const nextIf = () => ++ifs;
  const generation = { state, dialect, environment, emitter, nextIf, report, warn };
  if (warn !== undefined) for (const found of syntaxWarnings(syntax)) warn(found);
  const clauses =
    syntax.clauses.length > 1
      ? generateChoice(generation, parameters.length)
      : syntax.clauses.map((clause) =>
          attempt(report, () => generateClause(generation, clause, stack)),
        );
  return {
    parameters,
    clauses: clauses.filter((clause) => clause !== undefined),
    items: emitter.items,
  };
}

/** @see spec 30-equity, section 5, steps 1 to 4 */
function declareNames(
  state: ContractState,
  environment: Environment,
  report: (error: EquityError) => void,
): ParameterState[] {
  const { syntax } = state;
  const { source, clauses } = syntax;
  if (clauses.length === 0)
    report(failure(state, "empty-contract", syntax.name.range, { hint: "add a clause" }));
  const parameters: ParameterState[] = [];
  for (const { name, declared } of syntax.parameters)
    attempt(report, () => {
      const entry = environment.declare("contract parameter", name, declared, source);
      parameters.push({ name: name.text, declared, entry });
    });
  const { amount, asset } = syntax;
  attempt(report, () => environment.declare("contract value", amount, "Amount", source));
  attempt(report, () => environment.declare("contract value", asset, "Asset", source));
  for (const { name } of clauses)
    attempt(report, () => environment.declare("clause", name, "", source));
  for (const error of parameterErrors(state)) report(error);
  return parameters;
}

function* parameterErrors(state: ContractState): Generator<EquityError> {
  const { parameters, clauses } = state.syntax;
  for (const { name, declared, typeRange } of parameters)
    if (declared === "Signature")
      yield failure(state, "sig-param", typeRange, {
        names: [name.text],
        hint: "a signature is made when the value is spent, so it is a parameter of a clause",
      });
  if (clauses.length === 0) return;
  const mentioned = clauses.map(({ statements }) => mentionedNames(statements));
  for (const { name } of parameters)
    if (!mentioned.some((names) => names.has(name.text)))
      yield failure(state, "param-unused", name.range, {
        names: [name.text],
        hint: "remove it, or use it in a clause",
      });
}

/** The jumps to the clauses, then each clause with its label. */
function generateChoice(
  generation: ContractGeneration,
  parameterCount: number,
): (GeneratedClause | undefined)[] {
  const { emitter, state, report } = generation;
  const { clauses } = state.syntax;
  if (parameterCount > 0) emitter.roll(parameterCount + (state.recursive ? 1 : 0));
  for (let i = clauses.length - 1; i >= 2; i--) {
    emitter.duplicate();
    emitter.push(`${i}`, `${i}`);
    emitter.replace("NUMEQUAL", 2, `(<clause selector> == ${i})`);
    emitter.consume(`JUMPIF:$${clauses[i]?.name.text}`);
  }
  const withSelector = emitter.stack;
  emitter.consume(`JUMPIF:$${clauses[1]?.name.text}`);
  const withoutSelector = drop(withSelector);
  return clauses.map((clause, i) => {
    emitter.range = clause.name.range;
    emitter.emit(`$${clause.name.text}`, i < 2 ? withoutSelector : withSelector);
    if (i >= 2) emitter.consume("DROP");
    const stack = emitter.stack;
    const generated = attempt(report, () => generateClause(generation, clause, stack));
    emitter.range = clause.name.range;
    emitter.emit(i < clauses.length - 1 ? "JUMP:$_end" : "$_end", stack);
    return generated;
  });
}
