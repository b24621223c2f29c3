/**
 * What the output says about the clauses: which values they lock and unlock, under which
 * conditions. It is for wallets that show a contract; the program does not depend on it.
 *
 * @see spec 30-equity, section 9 "Compiler output"
 */
import type { CallExpression, Expression, IfStatement, Statement } from "./ast.ts";
import { expressionText, forEachIdentifier } from "./ast.ts";
import { calleeOf } from "./expression-type.ts";
import { type ClauseGeneration, failure } from "./generation.ts";
import { MAX_DESCRIPTION_LENGTH } from "./limits.ts";
import type { Type } from "./types.ts";

/** A name with its type. */
export interface NameType {
  readonly name: string;
  readonly type: Type;
}

/** A locked or unlocked value, as texts. */
export interface ClauseValue {
  readonly amount: string;
  readonly asset: string;
  /** The program that a lock statement names; undefined for unlock. */
  readonly program?: string | undefined;
  /** What an amount that is an expression depends on. */
  readonly amountParameters: readonly NameType[];
  readonly contractCalls: readonly ContractCall[];
}

/** An argument of a called contract that is more than a name. */
export interface ContractCall {
  readonly source: string;
  readonly position: number;
  readonly parameters: readonly NameType[];
}

/** An if with the values of its bodies. */
export interface ConditionalValues {
  readonly source: string;
  readonly parameters: readonly NameType[];
  readonly trueBody: readonly ClauseValue[];
  readonly falseBody: readonly ClauseValue[];
}

export interface ClauseMetadata {
  readonly values: readonly ClauseValue[];
  readonly conditionalValues: readonly ConditionalValues[];
}

/** The last value of each variable: its text and what that depends on. */
type Variables = Map<string, { readonly source: string; readonly parameters: readonly NameType[] }>;

interface Scope {
  readonly generation: ClauseGeneration;
  readonly variables: Variables;
  /** Characters of texts so far in which variables were replaced. */
  length: number;
}

/** Describes a clause whose code is generated. */
export function clauseMetadata(generation: ClauseGeneration): ClauseMetadata {
  const scope: Scope = { generation, variables: new Map(), length: 0 };
  const { statements } = generation.clause;
  if (generation.dialect === "node")
    return { values: plainValues(scope, statements), conditionalValues: [] };
  return describe(scope, statements);
}

function plainValues(scope: Scope, statements: readonly Statement[]): ClauseValue[] {
  return statements.flatMap((statement): ClauseValue[] => {
    if (statement.type === "unlock") return [unlockedValue(scope)];
    if (statement.type !== "lock") return [];
    const { amount, asset, program } = statement;
    return [
      {
        amount: expressionText(amount),
        asset: expressionText(asset),
        program: expressionText(program),
        amountParameters: [],
        contractCalls: [],
      },
    ];
  });
}

function describe(scope: Scope, statements: readonly Statement[]): ClauseMetadata {
  const values: ClauseValue[] = [];
  const conditionalValues: ConditionalValues[] = [];
  for (const statement of statements) {
    switch (statement.type) {
      case "define":
      case "assign":
        setVariable(scope, statement.name.text, statement.value);
        break;
      case "lock":
        values.push(lockedValue(scope, statement));
        break;
      case "unlock":
        values.push(unlockedValue(scope));
        break;
      case "if":
        // The historical output has later ifs before earlier ones.
        conditionalValues.unshift(...describeIf(scope, statement));
        break;
      case "verify":
        break;
      default:
        statement satisfies never;
    }
  }
  return { values, conditionalValues };
}

/** The if, then those inside of it. */
function describeIf(scope: Scope, statement: IfStatement): ConditionalValues[] {
  const { condition } = statement;
  const source = substitute(scope, condition);
  const parameters = parametersOf(scope, condition);
  const trueBody = describe(scope, statement.trueBody);
  const falseBody = describe(scope, statement.falseBody);
  return [
    { source, parameters, trueBody: trueBody.values, falseBody: falseBody.values },
    ...falseBody.conditionalValues,
    ...trueBody.conditionalValues,
  ];
}

function setVariable(scope: Scope, name: string, value: Expression | undefined): void {
  if (value === undefined) return;
  const source = substitute(scope, value);
  const parameters = parametersOf(scope, value);
  scope.variables.set(name, { source, parameters });
}

function unlockedValue({ generation }: Scope): ClauseValue {
  const { amount, asset } = generation.contract.syntax;
  return { amount: amount.text, asset: asset.text, amountParameters: [], contractCalls: [] };
}

function lockedValue(
  scope: Scope,
  { amount, asset, program }: Statement & { type: "lock" },
): ClauseValue {
  const calls = program.type === "call" ? describeCall(scope, program) : undefined;
  return {
    amount: substitute(scope, amount),
    asset: expressionText(asset),
    program: calls?.text ?? expressionText(program),
    amountParameters: isCompound(scope, amount) ? parametersOf(scope, amount) : [],
    contractCalls: calls?.contractCalls ?? [],
  };
}

function describeCall(
  scope: Scope,
  call: CallExpression,
): { text: string; contractCalls: ContractCall[] } | undefined {
  if (calleeOf(call, scope.generation.environment)?.contract === undefined) return undefined;
  const contractCalls: ContractCall[] = [];
  const texts = call.arguments.map((argument, position) => {
    const source = substitute(scope, argument);
    if (argument.type !== "identifier" || isCompound(scope, argument))
      contractCalls.push({ source, position, parameters: parametersOf(scope, argument) });
    return source;
  });
  const name = expressionText(call.callee);
  // The historical output forgets the bracket behind an empty list.
  const text = texts.length === 0 ? `${name}(` : `${name}(${texts.join(", ")})`;
  return { text, contractCalls };
}

/** Is it more than a literal or a plain name? Variables count as what they stand for. */
function isCompound({ variables }: Scope, expression: Expression): boolean {
  switch (expression.type) {
    case "identifier":
      return variables.has(expression.name);
    case "unary":
    case "binary":
    case "call":
      return true;
    default:
      return false;
  }
}

/** Text of an expression with variables replaced by their values, even inside longer names. */
function substitute(scope: Scope, expression: Expression): string {
  const { variables } = scope;
  const text = expressionText(expression);
  if (expression.type === "identifier") {
    const variable = variables.get(text);
    if (variable !== undefined) addLength(scope, variable.source.length);
    return variable?.source ?? text;
  }
  let result = text;
  for (const name of namesIn(expression)) {
    const variable = variables.get(name);
    if (variable === undefined) continue;
    const pieces = result.split(name);
    addLength(scope, result.length + (pieces.length - 1) * variable.source.length);
    result = pieces.join(variable.source);
  }
  return result;
}

/** Stops before texts that grow with every variable take all memory. */
function addLength(scope: Scope, length: number): void {
  scope.length += length;
  if (scope.length <= MAX_DESCRIPTION_LENGTH) return;
  const { contract, clause } = scope.generation;
  throw failure(contract, "description-too-large", clause.name.range);
}

/** The parameters and halves of the locked value that an expression depends on, by name. */
function parametersOf(scope: Scope, expression: Expression): NameType[] {
  const found = new Map<string, Type>();
  for (const name of namesIn(expression)) {
    const variable = scope.variables.get(name);
    for (const parameter of variable?.parameters ?? []) found.set(parameter.name, parameter.type);
    const entry = scope.generation.environment.lookup(name);
    if (entry !== undefined && PARAMETER_ROLES.has(entry.role)) found.set(name, entry.type);
  }
  return [...found.keys()].sort().map((name) => ({ name, type: found.get(name) ?? "" }));
}

const PARAMETER_ROLES: ReadonlySet<string> = new Set([
  "contract parameter",
  "contract value",
  "clause parameter",
]);

function namesIn(expression: Expression): Set<string> {
  const names = new Set<string>();
  forEachIdentifier(expression, ({ name }) => names.add(name));
  return names;
}
