/**
 * The contracts of a run as names, before any is compiled.
 *
 * @see spec 30-equity, section 5, steps 2 and 3
 */
import type { Contract, Statement } from "./ast.ts";
import type { ContractState, Environment } from "./environment.ts";

/** @throws EquityError `name-conflict` | `too-many-names` */
export function declareContracts(
  contracts: readonly Contract[],
  environment: Environment,
): ContractState[] {
  return contracts.map((syntax) => {
    const recursive = syntax.clauses.some(({ statements }) =>
      locksWith(statements, syntax.name.text),
    );
    const state: ContractState = { syntax, recursive, body: undefined, failed: false };
    environment.declare("contract", syntax.name, "Contract", syntax.source, state);
    return state;
  });
}

/** Does a lock statement call the contract? */
function locksWith(statements: readonly Statement[], contract: string): boolean {
  return statements.some((statement) => {
    if (statement.type === "if")
      return locksWith(statement.trueBody, contract) || locksWith(statement.falseBody, contract);
    if (statement.type !== "lock" || statement.program.type !== "call") return false;
    const { callee } = statement.program;
    return callee.type === "identifier" && callee.name === contract;
  });
}
