/**
 * The historical command: its flags, its output, its exit codes.
 *
 * @see spec 30-equity, section 11 "Command line"
 */
import { parseArgument } from "../argument-text.ts";
import { clauseShifts } from "../clause-shift.ts";
import type { CompiledContract } from "../compiled.ts";
import { compile } from "../compiler.ts";
import { EquityError } from "../error.ts";
import { toHex } from "../hex.ts";
import { instantiate } from "../instantiate.ts";
import { contractJson } from "../output-json.ts";
import { referenceMessage } from "../reference-message.ts";
import { importsFrom, type System } from "./system.ts";

const VERSION = "0.1.1";
const FAILED = 255;

export interface HistoricalOptions {
  readonly bin?: boolean;
  readonly shift?: boolean;
  readonly instance?: boolean;
  readonly ast?: boolean;
  readonly version?: boolean;
}

export function historicalCommand(
  system: System,
  file: string | undefined,
  args: readonly string[],
  options: HistoricalOptions,
): number {
  if (options.version === true) system.out(VERSION);
  if (file === undefined) return 0;
  try {
    const contracts = compile(system.read(file), { file, resolveImport: importsFrom(system) });
    for (const contract of contracts)
      print(system, contract, contract === contracts.at(-1) ? args : undefined, options);
    return 0;
  } catch (error) {
    if (!(error instanceof EquityError)) throw error;
    system.err(referenceMessage(error));
    return FAILED;
  }
}

/** Prints a contract; `args` are undefined unless it is the last one. */
function print(
  system: System,
  contract: CompiledContract,
  args: readonly string[] | undefined,
  { bin, shift, instance, ast }: HistoricalOptions,
): void {
  system.out(`======= ${contract.name} =======`);
  if (bin === true) system.out(`Binary:\n${toHex(contract.body)}\n`);
  if (shift === true) system.out(shiftText(contract));
  if (instance === true && args !== undefined)
    system.out(`Instantiated program:\n${toHex(controlProgram(system, contract, args))}\n`);
  if (ast === true) system.out(`Ast:\n${JSON.stringify(contractJson(contract), undefined, 2)}`);
}

function shiftText({ body, clauses }: CompiledContract): string {
  const names = clauses.map(({ name }) => name);
  const shifts = clauseShifts(body, names);
  const lines = [...shifts.clauses].map(([name, shift]) => `    ${name}:  ${shift}`);
  if (shifts.ending !== undefined) lines.push(`    ending:  ${shifts.ending}`);
  const note =
    names.length === 1
      ? "NOTE: a contract of one clause takes no clause selector."
      : "NOTE: the clause selector is the index of the clause; its shift works for the first two only.";
  return `Clause shift:\n${lines.join("\n")}\n${note}`;
}

function controlProgram(
  system: System,
  contract: CompiledContract,
  args: readonly string[],
): Uint8Array {
  const { parameters, name } = contract;
  if (args.length < parameters.length)
    system.err(`Usage: equity ${name} ${parameters.map(({ name }) => `<${name}>`).join(" ")}`);
  const texts = args.slice(0, parameters.length);
  const values = parameters
    .slice(0, texts.length)
    .map((parameter, index) => parseArgument(parameter, texts[index] ?? ""));
  return instantiate(contract, values);
}
