/** Program bytes to assembler text. @see spec 20-bvm, section 8.3 "Disassembler" */
import { type Instruction, jumpAddress, parseProgram } from "./decode.ts";
import { mainChainOpcodes, type OpcodeTable, opcodeInfo } from "./opcodes.ts";
import { toHex } from "./text.ts";

const WORDS: readonly string[] = [
  ...["alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet"],
  ...["kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango"],
  ...["uniform", "victor", "whisky", "xray", "yankee", "zulu"],
];

/**
 * The text of a program. Data are written as hex, so `51` prints as `0x01`, and jump addresses as
 * labels; assembling the text gives other bytes where the program has small-number opcodes, push
 * forms that are longer than needed, or jumps into the middle of an instruction.
 *
 * @param opcodes which chain's names to use; the main chain's when left out
 * @throws {@link BvmError} `short-program` | `overflow` | `long-program`
 * @example
 * disassemble(Uint8Array.of(0x76, 0x63, 0, 0, 0, 0)); // "$alpha DUP JUMP:$alpha"
 * @see spec 20-bvm, section 8.3
 */
export function disassemble(program: Uint8Array, opcodes: OpcodeTable = mainChainOpcodes): string {
  const instructions = parseProgram(program);
  const labels = labelsOf(instructions);
  const tokens: string[] = [];
  let pc = 0;
  const mark = () => {
    const label = labels.get(pc);
    if (label !== undefined) tokens.push(label);
  };
  for (const instruction of instructions) {
    mark();
    tokens.push(token(instruction, labels, opcodes));
    pc += instruction.length;
  }
  mark();
  return tokens.join(" ");
}

/** Names for the jump addresses, in the order in which jumps mention them. */
function labelsOf(instructions: readonly Instruction[]): Map<number, string> {
  const labels = new Map<number, string>();
  for (const instruction of instructions) {
    const address = jumpAddress(instruction);
    if (address === undefined || labels.has(address)) continue;
    const round = Math.floor(labels.size / WORDS.length);
    labels.set(address, `$${WORDS[labels.size % WORDS.length]}${round === 0 ? "" : round + 1}`);
  }
  return labels;
}

function token(
  instruction: Instruction,
  labels: ReadonlyMap<number, string>,
  opcodes: OpcodeTable,
): string {
  const { name } = opcodeInfo(opcodes, instruction.opcode);
  const address = jumpAddress(instruction);
  if (address !== undefined) return `${name}:${labels.get(address)}`;
  return instruction.data.length > 0 ? `0x${toHex(instruction.data)}` : name;
}

/**
 * A listing, one instruction a line: name, one space, data as hex, which may be empty. The node's
 * `/decode-program` gives it, after converting standard programs.
 *
 * @throws {@link BvmError} `short-program` | `overflow` | `long-program`
 * @example
 * formatInstructions(Uint8Array.of(0x51, 0x76)); // "1 01\nDUP \n"
 * @see spec 20-bvm, section 8.3
 */
export function formatInstructions(
  program: Uint8Array,
  opcodes: OpcodeTable = mainChainOpcodes,
): string {
  return parseProgram(program)
    .map(({ opcode, data }) => `${opcodeInfo(opcodes, opcode).name} ${toHex(data)}\n`)
    .join("");
}
