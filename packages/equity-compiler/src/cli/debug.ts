/** `equity debug`: a clause on the machine, each instruction with the source that it comes from. */
import {
  type Context,
  checkOutputAmong,
  type Destination,
  formatTraceStep,
  int64Bytes,
  type TraceStep,
  trace,
} from "@bystack/bvm";
import { parseArgument } from "../argument-text.ts";
import type { CompiledClause, CompiledContract, CompiledParameter } from "../compiled.ts";
import { compile } from "../compiler.ts";
import type { Dialect } from "../dialect.ts";
import { EquityError } from "../error.ts";
import { parseHex, toHex } from "../hex.ts";
import { type ContractArgument, instantiate } from "../instantiate.ts";
import { positionAt, type Range, textOf } from "../source.ts";
import { importsFrom, type System } from "./system.ts";

export interface DebugOptions {
  readonly contract?: string;
  readonly clause: string;
  readonly args?: readonly string[];
  readonly height: string;
  readonly amount: string;
  readonly asset: string;
  readonly output?: readonly string[];
  readonly gas: string;
  readonly trustSignatures?: boolean;
  readonly dialect: Dialect;
  readonly json?: boolean;
}

export function debugContract(
  system: System,
  file: string,
  args: readonly string[],
  options: DebugOptions,
): number {
  const { dialect, json } = options;
  const contracts = compile(system.read(file), {
    file,
    dialect,
    resolveImport: importsFrom(system),
  });
  const contract = chooseContract(contracts, options.contract);
  const index = contract.clauses.findIndex(({ name }) => name === options.clause);
  const clause = contract.clauses[index];
  if (clause === undefined)
    throw new EquityError("unknown-clause", { names: [options.clause, contract.name] });
  const program = instantiate(contract, readArguments(contract.parameters, args));
  const witness = witnessOf(contract, clause, index, options.args ?? []);
  const steps = trace(program, witness, contextOf(options), decimal("gas", options.gas), {
    verify: options.trustSignatures === true ? () => true : undefined,
  });
  const show = json === true ? jsonLine(contract) : textLines(contract);
  let exitCode = 1;
  for (const step of steps) {
    if (step.type === "end" && step.execution.error === undefined) exitCode = 0;
    for (const line of show(step)) system.out(line);
  }
  return exitCode;
}

function chooseContract(
  contracts: readonly CompiledContract[],
  name: string | undefined,
): CompiledContract {
  const found =
    name === undefined ? contracts.at(-1) : contracts.find((contract) => contract.name === name);
  if (found === undefined) throw new EquityError("unknown-contract", { names: [name ?? ""] });
  return found;
}

function witnessOf(
  { clauses }: CompiledContract,
  { parameters }: CompiledClause,
  index: number,
  texts: readonly string[],
): Uint8Array[] {
  const witness = readArguments(parameters, texts).map(itemOf);
  return clauses.length > 1 ? [...witness, int64Bytes(BigInt(index))] : witness;
}

function readArguments(
  parameters: readonly CompiledParameter[],
  texts: readonly string[],
): ContractArgument[] {
  if (texts.length !== parameters.length)
    throw new EquityError("argument-count", { names: [`${texts.length}`, `${parameters.length}`] });
  return parameters.map((parameter, index) => {
    const text = texts[index] ?? "";
    // The historical texts know no signatures.
    const value = parameter.type === "Signature" ? parseHex(text) : parseArgument(parameter, text);
    if (value !== undefined) return value;
    throw new EquityError("argument-format", { names: [parameter.name, parameter.type, text] });
  });
}

function itemOf(argument: ContractArgument): Uint8Array {
  if (typeof argument === "bigint") return int64Bytes(argument);
  if (typeof argument === "boolean") return argument ? Uint8Array.of(1) : new Uint8Array(0);
  return argument;
}

function contextOf({ height, amount, asset, output = [] }: DebugOptions): Context {
  return {
    vmVersion: 1n,
    txVersion: 1n,
    entryId: new Uint8Array(32),
    spentOutputId: new Uint8Array(32),
    destinationPosition: 0n,
    blockHeight: decimal("height", height),
    amount: decimal("amount", amount),
    assetId: hex("asset", asset),
    signatureHash: () => new Uint8Array(32),
    checkOutput: checkOutputAmong(output.map(destination)),
  };
}

function destination(text: string): Destination {
  const [amount = "", asset = "", program = ""] = text.split(":");
  return {
    type: "output",
    amount: decimal("output", amount),
    assetId: hex("output", asset),
    program: hex("output", program),
    vmVersion: 1n,
  };
}

function decimal(name: string, text: string): bigint {
  if (!/^\d{1,19}$/.test(text))
    throw new EquityError("argument-format", { names: [name, "number", text] });
  return BigInt(text);
}

function hex(name: string, text: string): Uint8Array {
  const bytes = parseHex(text);
  if (bytes === undefined) throw new EquityError("argument-format", { names: [name, "hex", text] });
  return bytes;
}

/** Finds the part of the source that an instruction of the contract's own body comes from. */
function originFinder(contract: CompiledContract): (step: TraceStep) => Range | undefined {
  const ranges = new Map(contract.origins().map(({ address, range }) => [address, range]));
  // The control program is depth 0; it checks the body as a predicate.
  return (step) =>
    step.type === "instruction" && step.depth === 1 ? ranges.get(step.pc) : undefined;
}

function textLines(contract: CompiledContract): (step: TraceStep) => string[] {
  const originOf = originFinder(contract);
  let shown = "";
  return (step) => {
    const range = originOf(step);
    const lines = [formatTraceStep(step)];
    if (range === undefined) return lines;
    const { source } = contract;
    const { line, column } = positionAt(source, range.start);
    const text = textOf(source.bytes.slice(range.start, range.end)).split("\n")[0] ?? "";
    const head = `${source.file}:${line}:${column + 1}  ${text}`;
    if (head !== shown) lines.unshift(head);
    shown = head;
    return lines;
  };
}

function jsonLine(contract: CompiledContract): (step: TraceStep) => string[] {
  const originOf = originFinder(contract);
  return (step) => {
    const range = originOf(step);
    const place = range === undefined ? undefined : positionAt(contract.source, range.start);
    return [JSON.stringify({ ...step, source: place }, plain)];
  };
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  return typeof value === "bigint" ? value.toString() : value;
}
