/**
 * A compiled contract as the historical compilers print it. Fields stand in their order.
 *
 * @see spec 30-equity, section 9 "Compiler output"
 */
import type { CompiledClause, CompiledContract, CompiledParameter } from "./compiled.ts";
import type { Dialect } from "./dialect.ts";
import { toHex } from "./hex.ts";
import type { ClauseValue, NameType } from "./metadata.ts";

/** A parameter, with what its type turned out to be where that is known better. */
export interface ParameterJson {
  readonly name: string;
  readonly type: string;
  readonly inferred_type?: string;
}

/** A name with its type. */
export interface NameTypeJson {
  readonly name: string;
  readonly type: string;
}

/** An argument of a called contract that is more than a name. */
export interface ContractCallJson {
  readonly source: string;
  readonly position: number;
  readonly params?: readonly NameTypeJson[];
}

/** A value that is locked or unlocked, as texts; the name is always empty. */
export interface ValueJson {
  readonly name: "";
  readonly program?: string;
  readonly asset?: string;
  readonly amount?: string;
  readonly amount_params?: readonly NameTypeJson[];
  readonly contract_calls?: readonly ContractCallJson[];
}

/** An if and the values of its bodies. */
export interface ConditionalValuesJson {
  readonly condition: { readonly source: string; readonly params?: readonly NameTypeJson[] };
  readonly true_body: readonly ValueJson[] | null;
  readonly false_body: readonly ValueJson[] | null;
}

/** A call of a hash function. */
export interface HashCallJson {
  readonly hash_type: string;
  readonly arg: string;
  readonly arg_type: string;
}

/** A clause; a field without entries is missing, or null. */
export interface ClauseJson {
  readonly name: string;
  readonly params?: readonly ParameterJson[];
  /** Dialect 0.1.1. */
  readonly block_height?: readonly string[];
  /** Dialect node. */
  readonly blockheight?: readonly string[];
  readonly hash_calls?: readonly HashCallJson[];
  readonly values: readonly ValueJson[] | null;
  /** Dialect 0.1.1. */
  readonly cond_values?: readonly ConditionalValuesJson[] | null;
  readonly contracts?: readonly string[];
}

/** A contract. */
export interface ContractJson {
  readonly name: string;
  readonly params?: readonly ParameterJson[];
  readonly clauses: readonly ClauseJson[];
  readonly value: ValueJson;
  readonly body_bytecode: string;
  readonly body_opcodes?: string;
  readonly recursive: boolean;
}

/**
 * The JSON that the command line's `--ast` prints.
 *
 * @example
 * JSON.stringify(compile(source).map(contractJson), undefined, 2);
 */
export function contractJson(contract: CompiledContract): ContractJson {
  const { name, parameters, clauses, value, body, opcodes, recursive, dialect } = contract;
  return {
    name,
    ...omitEmpty("params", parameters.map(parameterJson)),
    clauses: clauses.map((clause) => clauseJson(clause, dialect)),
    value: { name: "", asset: value.asset, amount: value.amount },
    body_bytecode: toHex(body),
    ...(opcodes === "" ? {} : { body_opcodes: opcodes }),
    recursive,
  };
}

export function clauseJson(clause: CompiledClause, dialect: Dialect): ClauseJson {
  const { name, parameters, blockHeights, hashCalls, values, conditionalValues, contracts } =
    clause;
  const conditional = conditionalValues.map(
    (conditional): ConditionalValuesJson => ({
      condition: {
        source: conditional.source,
        ...omitEmpty("params", conditional.parameters.map(nameTypeJson)),
      },
      true_body: valuesJson(conditional.trueBody),
      false_body: valuesJson(conditional.falseBody),
    }),
  );
  return {
    name,
    ...omitEmpty("params", parameters.map(parameterJson)),
    ...omitEmpty(dialect === "node" ? "blockheight" : "block_height", blockHeights),
    ...omitEmpty(
      "hash_calls",
      hashCalls.map(
        ({ hash, argument, argumentType }): HashCallJson => ({
          hash_type: hash,
          arg: argument,
          arg_type: argumentType,
        }),
      ),
    ),
    values: valuesJson(values),
    ...(dialect === "node" ? {} : { cond_values: nullIfEmpty(conditional) }),
    ...omitEmpty("contracts", contracts),
  };
}

function valuesJson(values: readonly ClauseValue[]): ValueJson[] | null {
  return nullIfEmpty(
    values.map(
      ({ program = "", asset, amount, amountParameters, contractCalls }): ValueJson => ({
        name: "",
        ...(program === "" ? {} : { program }),
        asset,
        amount,
        ...omitEmpty("amount_params", amountParameters.map(nameTypeJson)),
        ...omitEmpty(
          "contract_calls",
          contractCalls.map(
            ({ source, position, parameters }): ContractCallJson => ({
              source,
              position,
              ...omitEmpty("params", parameters.map(nameTypeJson)),
            }),
          ),
        ),
      }),
    ),
  );
}

function parameterJson({ name, type, inferredType }: CompiledParameter): ParameterJson {
  return inferredType === undefined ? { name, type } : { name, type, inferred_type: inferredType };
}

function nameTypeJson({ name, type }: NameType): NameTypeJson {
  return { name, type };
}

function nullIfEmpty<T>(list: T[]): T[] | null {
  return list.length === 0 ? null : list;
}

function omitEmpty<Key extends string, T>(
  key: Key,
  list: readonly T[],
): { readonly [K in Key]?: readonly T[] } {
  return list.length === 0 ? {} : ({ [key]: list } as { readonly [K in Key]: readonly T[] });
}
