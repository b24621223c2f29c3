/**
 * Types of statements, checked when the code of the whole clause is generated.
 *
 * @see spec 30-equity, section 6.1 "Statements"
 */
import type { LockStatement, Statement, UnlockStatement } from "./ast.ts";
import { expressionText } from "./ast.ts";
import type { EquityError, EquityErrorCode } from "./error.ts";
import { typeOf } from "./expression-type.ts";
import { type ClauseGeneration, failure } from "./generation.ts";
import type { Range } from "./source.ts";
import { explainType } from "./suggest-type.ts";
import { isHashSubtype, isNumeric, type Type } from "./types.ts";

/** The type errors of the statements, in order. */
export function* statementErrors(
  generation: ClauseGeneration,
  statements: readonly Statement[],
): Generator<EquityError> {
  const { clause, contract, environment } = generation;
  const fail = (code: EquityErrorCode, range: Range, has: Type, must: string): EquityError =>
    failure(contract, code, range, {
      names: code === "verify-type" ? [clause.name.text, has] : [clause.name.text, has, must],
      hint: explainType(has, must),
    });
  for (const statement of statements) {
    switch (statement.type) {
      case "verify": {
        const type = typeOf(statement.condition, environment);
        if (type !== "Boolean")
          yield fail("verify-type", statement.condition.range, type, "Boolean");
        break;
      }
      case "define":
      case "assign": {
        if (statement.value === undefined) break;
        const must =
          statement.type === "define"
            ? statement.declared
            : (environment.lookup(statement.name.text)?.declared ?? "");
        const has = typeOf(statement.value, environment);
        if (isAssignable(generation, has, must)) break;
        yield fail(`${statement.type}-type`, statement.value.range, has, must);
        break;
      }
      case "lock":
        yield* lockErrors(generation, statement);
        break;
      case "unlock":
        yield* unlockErrors(generation, statement);
        break;
      case "if":
        yield* statementErrors(generation, statement.trueBody);
        yield* statementErrors(generation, statement.falseBody);
        break;
      default:
        statement satisfies never;
    }
  }
}

function isAssignable({ dialect }: ClauseGeneration, has: Type, must: Type): boolean {
  return has === must || (isHashSubtype(has) && (must === "Hash" || dialect === "node"));
}

function* lockErrors(
  { clause, contract, environment }: ClauseGeneration,
  { amount, asset, program }: LockStatement,
): Generator<EquityError> {
  const amountType = typeOf(amount, environment);
  if (!isNumeric(amountType))
    yield failure(contract, "lock-amount-type", amount.range, {
      names: [expressionText(amount), clause.name.text, amountType],
      hint: "lock amount of asset with program",
    });
  const assetType = typeOf(asset, environment);
  if (assetType !== "Asset")
    yield failure(contract, "lock-asset-type", asset.range, {
      names: [expressionText(asset), clause.name.text, assetType],
      hint: "lock amount of asset with program",
    });
  const programType = typeOf(program, environment);
  if (programType !== "Program")
    yield failure(contract, "lock-program-type", program.range, {
      names: [clause.name.text, programType],
      hint: explainType(programType, "Program") ?? "name a Program, or call a contract",
    });
}

function* unlockErrors(
  { clause, contract, environment, dialect }: ClauseGeneration,
  { amount, asset, range }: UnlockStatement,
): Generator<EquityError> {
  const { amount: valueAmount, asset: valueAsset } = contract.syntax;
  const amountText = expressionText(amount);
  const assetText = expressionText(asset);
  const hint = `write unlock ${valueAmount.text} of ${valueAsset.text}`;
  const amountType = typeOf(amount, environment);
  if (!isNumeric(amountType))
    yield failure(contract, "unlock-amount-type", amount.range, {
      names: [amountText, clause.name.text, amountType],
      hint,
    });
  const assetType = typeOf(asset, environment);
  if (assetType !== "Asset")
    yield failure(contract, "unlock-asset-type", asset.range, {
      names: [assetText, clause.name.text, assetType],
      hint,
    });
  else if (
    isNumeric(amountType) &&
    (assetText !== valueAsset.text || (dialect === "node" && amountText !== valueAmount.text))
  )
    yield failure(contract, "unlock-not-contract-value", range, {
      names: [amountText, assetText, clause.name.text],
      hint,
    });
}
