/**
 * Generated items to the optimized opcode text and the program, with the way back from every
 * instruction to the source text.
 *
 * @see spec 30-equity, section 5, step 6
 */
import { assemble, BvmError, parseProgram } from "@bystack/bvm";
import type { Item } from "./emitter.ts";
import type { ContractState } from "./environment.ts";
import { failure } from "./generation.ts";
import { optimize, type Token } from "./optimize.ts";
import type { Range } from "./source.ts";

/** What part of the source text an instruction was generated for. */
export interface InstructionOrigin {
  /** Address of the instruction, bytes. */
  readonly address: number;
  readonly range: Range;
}

export interface AssembledContract {
  readonly opcodes: string;
  readonly program: Uint8Array;
  origins(): readonly InstructionOrigin[];
}

/** @throws EquityError `label-redefined` | `program-too-large` */
export function assembleContract(state: ContractState, items: readonly Item[]): AssembledContract {
  const tokens = optimize(tokensOf(items));
  const opcodes = tokens.map(({ text }) => text).join(" ");
  const program = assembleText(state, opcodes);
  return { opcodes, program, origins: () => originsOf(state, program, tokens) };
}

function tokensOf(items: readonly Item[]): Token<Range>[] {
  const tokens: Token<Range>[] = [];
  for (const { text, range } of items) {
    if (text.includes(" "))
      for (const part of text.split(" ")) tokens.push({ text: part, origin: range });
    else tokens.push({ text, origin: range });
  }
  return tokens;
}

/** Every token but the labels is one instruction. */
function originsOf(
  state: ContractState,
  program: Uint8Array,
  tokens: readonly Token<Range>[],
): InstructionOrigin[] {
  const instructions = tokens.filter(({ text }) => !text.startsWith("$"));
  let address = 0;
  return parseProgram(program).map(({ length }, index) => {
    const range = instructions[index]?.origin ?? state.syntax.range;
    const origin = { address, range };
    address += length;
    return origin;
  });
}

function assembleText(state: ContractState, opcodes: string): Uint8Array {
  try {
    return assemble(opcodes);
  } catch (cause) {
    if (!(cause instanceof BvmError)) throw cause;
    const { name, clauses } = state.syntax;
    if (cause.code !== "label-redefined")
      throw failure(state, "program-too-large", name.range, { cause });
    const label = cause.subject ?? "";
    const clause = clauses.find((clause) => `$${clause.name.text}` === label);
    throw failure(state, "label-redefined", clause?.name.range ?? name.range, {
      names: [label.slice(1)],
      hint: "names of clauses may not be _end, nor if_1, else_1, endif_1 and so on where ifs exist",
      cause,
    });
  }
}
