/**
 * Where the clauses begin in the program of a contract. Old documentation has spenders pass the
 * shift as clause selector, which only works for the first two clauses; pass the clause's index.
 *
 * @see spec 30-equity, section 10 "Clause shift"
 */
import { BvmError, type Instruction, parseProgram } from "@bystack/bvm";
import { EquityError } from "./error.ts";
import { toHex } from "./hex.ts";

const JUMPIF = 0x64;
const NOP = 0x61;

/** Addresses of the clauses in a program. */
export interface ClauseShifts {
  /** Hex of the 4 little-endian bytes of each clause's address, by name. */
  readonly clauses: ReadonlyMap<string, string>;
  /** The same of the program's length; undefined for a contract of one clause. */
  readonly ending: string | undefined;
}

/**
 * Finds the addresses of the clauses in a contract's program.
 *
 * @throws {@link EquityError} `clause-shift` when the program has not one jump for each clause but
 * the first, or cannot be decoded
 * @example
 * const [offer] = compile(source);
 * if (offer) clauseShifts(offer.body, ["take", "withdraw"]).clauses.get("withdraw"); // "13000000"
 */
export function clauseShifts(body: Uint8Array, clauseNames: readonly string[]): ClauseShifts {
  const [first, ...rest] = clauseNames;
  const clauses = new Map<string, string>();
  if (first !== undefined) clauses.set(first, "00000000");
  if (rest.length === 0) return { clauses, ending: undefined };
  const jumps: string[] = [];
  let previous: number | undefined;
  for (const { opcode, data } of decode(body)) {
    // Behind a NOP stands the jump of an if statement.
    if (opcode === JUMPIF && previous !== NOP) jumps.unshift(toHex(data));
    previous = opcode;
  }
  if (jumps.length !== rest.length)
    throw new EquityError("clause-shift", { names: [`${jumps.length}`, `${rest.length}`] });
  for (const [index, name] of rest.entries()) clauses.set(name, jumps[index] ?? "");
  return { clauses, ending: uint32Hex(body.length) };
}

function decode(body: Uint8Array): Instruction[] {
  try {
    return parseProgram(body);
  } catch (cause) {
    if (cause instanceof BvmError) throw new EquityError("clause-shift", { cause });
    throw cause;
  }
}

function uint32Hex(value: number): string {
  return toHex(Uint8Array.from([0, 8, 16, 24], (shift) => (value >>> shift) & 0xff));
}
