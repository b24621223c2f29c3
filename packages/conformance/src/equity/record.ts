import {
  type ClauseShifts,
  type CompiledContract,
  clauseShifts,
  compile,
  contractJson,
  type Dialect,
  EquityError,
  instantiate,
  parseArgument,
} from "@bystack/equity-compiler";
import {
  bytes,
  codeOf,
  count,
  equal,
  type Fields,
  flag,
  ifPresent,
  list,
  Mismatch,
  object,
  text,
  thrownBy,
  toCode,
} from "../check.ts";
import type { HandlerContext } from "../runner.ts";

/** Contracts with what both historical compilers made of them. */
export function compileRecords(file: unknown, { check }: HandlerContext): void {
  for (const value of list(object(file, "file")["vectors"], "vectors")) {
    const record = object(value, "record");
    const name = text(record["name"], "name");
    const source = text(record["source"], "source");
    const standAlone = object(record["v011"], "v011");
    check(`${name}, 0.1.1`, () => checkDialect(source, "0.1.1", standAlone));
    ifPresent(record, "node", (value) => {
      const node = object(value, "node");
      check(`${name}, node`, () => {
        if (node["same_code"] === true) checkSameCode(source, standAlone);
        checkDialect(source, "node", node);
      });
    });
  }
}

function compileWith(source: string, dialect: Dialect): readonly CompiledContract[] {
  // No vector's import can be found.
  return compile(source, { dialect, resolveImport: () => undefined });
}

/** The dialect's bodies and opcodes are those of 0.1.1. */
function checkSameCode(source: string, standAlone: Fields): void {
  const expected = list(standAlone["contracts"], "contracts");
  const actual = compileWith(source, "node");
  equal(actual.length, expected.length, "contracts");
  for (const [index, value] of expected.entries()) {
    const { body, opcodes, name } = object(value, "contract");
    const contract = actual[index];
    equal(contract?.name, name, "name");
    equal(contract?.body, bytes(body, "body"), `${name} body`);
    equal(contract?.opcodes, opcodes, `${name} opcodes`);
  }
}

function checkDialect(source: string, dialect: Dialect, expected: Fields): void {
  if ("error" in expected) {
    checkError(source, dialect, object(expected["error"], "error"));
    return;
  }
  const contracts = compileWith(source, dialect);
  ifPresent(expected, "contracts", (value) => {
    for (const [index, item] of list(value, "contracts").entries()) {
      const fields = object(item, "contract");
      const name = text(fields["name"], "name");
      const contract = contracts.find((contract) => contract.name === name);
      if (contract === undefined) throw new Error(`no contract ${name} (${index})`);
      checkContract(contract, fields);
    }
    if (expected["same_code"] !== true)
      equal(contracts.length, list(value, "contracts").length, "contracts");
  });
}

function checkError(source: string, dialect: Dialect, expected: Fields): void {
  const error = thrownBy(() => compileWith(source, dialect), "compile");
  equal(codeOf(error), toCode(text(expected["class"], "class")), "class");
  if (!(error instanceof EquityError)) throw error;
  ifPresent(expected, "names", (names) => equal(error.names, names, "names"));
  ifPresent(expected, "line", (line) => equal(error.line, count(line, "line"), "line"));
  ifPresent(expected, "col", (column) => equal(error.column, count(column, "col"), "col"));
}

function checkContract(contract: CompiledContract, expected: Fields): void {
  const { name } = contract;
  ifPresent(expected, "body", (body) => equal(contract.body, bytes(body, "body"), `${name} body`));
  ifPresent(expected, "opcodes", (opcodes) => equal(contract.opcodes, opcodes, `${name} opcodes`));
  ifPresent(expected, "recursive", (recursive) =>
    equal(contract.recursive, flag(recursive, "recursive"), `${name} recursive`),
  );
  ifPresent(expected, "steps", (steps) => {
    if (steps === null) return;
    const actual = contract.steps().map(({ opcodes, stack }) => [opcodes, stack]);
    equal(actual, steps, `${name} steps`);
  });
  ifPresent(expected, "ast", (ast) => {
    if (ast !== null) equal(canonical(astOf(contract)), canonical(ast), `${name} ast`);
  });
  ifPresent(expected, "shift", (shift) => checkShift(contract, shift));
  ifPresent(expected, "instances", (instances) => {
    for (const instance of list(instances, "instances")) checkInstance(contract, instance);
  });
}

/** The output of the compiler without what the vectors have in fields of their own. */
function astOf(contract: CompiledContract): Fields {
  const {
    name: _,
    body_bytecode: _body,
    body_opcodes: _opcodes,
    recursive: _r,
    ...ast
  } = contractJson(contract);
  return { ...ast };
}

/** Keys in one order; so are the lists of parameters inside values, which the reference shuffles. */
function canonical(value: unknown, insideValue = false): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => canonical(item, insideValue));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compare(a, b));
  return Object.fromEntries(
    entries.map(([key, item]) => {
      const inside = insideValue || key === "values" || key === "cond_values";
      const result = canonical(item, inside);
      const isShuffled = inside && (key === "params" || key === "amount_params");
      if (!isShuffled || !Array.isArray(result)) return [key, result];
      return [key, result.sort((a, b) => compare(JSON.stringify(a), JSON.stringify(b)))];
    }),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function checkShift(contract: CompiledContract, expected: unknown): void {
  const names = contract.clauses.map(({ name }) => name);
  if (expected === null) {
    const error = thrownBy(() => clauseShifts(contract.body, names), "clause shift");
    equal(codeOf(error), "clause-shift", "clause shift");
    return;
  }
  const shifts = clauseShifts(contract.body, names);
  equal(canonical(shiftFields(shifts)), canonical(expected), `${contract.name} shift`);
}

function shiftFields({ clauses, ending }: ClauseShifts): Fields {
  return ending === undefined
    ? Object.fromEntries(clauses)
    : { ...Object.fromEntries(clauses), ending };
}

/** The reference tells no more than that the arguments do not fit. */
function expectArgumentError(error: unknown): void {
  const code = codeOf(error);
  if (!code.startsWith("argument-")) throw new Mismatch(`error ${code}, expected an argument's`);
}

/** Argument texts as on the command line; surplus ones are ignored there. */
function checkInstance(contract: CompiledContract, value: unknown): void {
  const { args, program, error } = object(value, "instance");
  const texts = list(args, "args").map((item) => text(item, "argument"));
  const make = () =>
    instantiate(
      contract,
      contract.parameters
        .slice(0, texts.length)
        .map((parameter, index) => parseArgument(parameter, texts[index] ?? "")),
    );
  if (error === undefined || error === false)
    equal(make(), bytes(program, "program"), `${contract.name} instance`);
  else expectArgumentError(thrownBy(make, `${contract.name} instance`));
}
