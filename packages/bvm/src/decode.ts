/**
 * Program bytes as instructions. The form of an instruction follows from its first byte alone and
 * is the same on both chains.
 *
 * @see spec 20-bvm, section 5.3 "Decoding"
 */
import { BvmError } from "./error.ts";

const DATA_75 = 0x4b;
const PUSHDATA1 = 0x4c;
const PUSHDATA4 = 0x4e;
const OP_1 = 0x51;
const OP_16 = 0x60;
const JUMP = 0x63;
const JUMPIF = 0x64;

/** Longest program, bytes. */
export const MAX_PROGRAM_LENGTH: number = 2 ** 31 - 1;

const MAX_UINT32 = 0xffffffff;

/** One decoded instruction. */
export interface Instruction {
  /** First byte. */
  readonly opcode: number;
  /** Bytes of the whole instruction. */
  readonly length: number;
  /** Immediate data: what a push pushes, the address bytes of a jump; empty otherwise. */
  readonly data: Uint8Array;
}

/** Why an instruction cannot be decoded. */
export type DecodeFault = "long-program" | "overflow" | "short-program";

/**
 * The instruction at byte `pc`, or why there is none. A failure is a value and not an exception,
 * since running programs meet it.
 *
 * @param pc offset in bytes, 0 <= pc < program.length
 * @example
 * decodeInstruction(Uint8Array.of(0x02, 9), 0); // "short-program"
 * @see spec 20-bvm, section 5.3
 */
export function decodeInstruction(program: Uint8Array, pc: number): Instruction | DecodeFault {
  if (program.length > MAX_PROGRAM_LENGTH) return "long-program";
  const opcode = program[pc];
  if (opcode === undefined) return "short-program";
  if (opcode >= OP_1 && opcode <= OP_16)
    return { opcode, length: 1, data: Uint8Array.of(opcode - OP_1 + 1) };
  if (opcode === JUMP || opcode === JUMPIF) return withData(program, pc, opcode, 1, 4);
  if (opcode === 0 || opcode > PUSHDATA4) return { opcode, length: 1, data: NO_DATA };
  if (opcode <= DATA_75) return withData(program, pc, opcode, 1, opcode);
  const fieldLength = 1 << (opcode - PUSHDATA1);
  if (pc + 1 + fieldLength > program.length) return "short-program";
  let length = 0;
  for (let i = fieldLength; i > 0; i--) length = length * 256 + (program[pc + i] ?? 0);
  return withData(program, pc, opcode, 1 + fieldLength, length);
}

const NO_DATA = /* @__PURE__ */ new Uint8Array(0);

function withData(
  program: Uint8Array,
  pc: number,
  opcode: number,
  head: number,
  dataLength: number,
): Instruction | DecodeFault {
  const length = head + dataLength;
  if (pc + length > MAX_UINT32) return "overflow";
  if (pc + length > program.length) return "short-program";
  return { opcode, length, data: program.subarray(pc + head, pc + length) };
}

/**
 * All instructions of a program, in the order of their bytes. Data are views into `program`.
 *
 * @throws {@link BvmError} `short-program` | `overflow` | `long-program`; `position` is the byte
 * offset of the instruction that cannot be decoded
 * @example
 * parseProgram(Uint8Array.of(0x01, 0xff, 0x76)).length; // 2: DATA_1 and DUP
 * @see spec 20-bvm, section 5.3
 */
export function parseProgram(program: Uint8Array): Instruction[] {
  const instructions: Instruction[] = [];
  for (let pc = 0; pc < program.length; ) {
    const instruction = decodeInstruction(program, pc);
    if (typeof instruction === "string") throw new BvmError(instruction, { position: pc });
    instructions.push(instruction);
    pc += instruction.length;
  }
  return instructions;
}

/**
 * The address of a JUMP or JUMPIF instruction; undefined for all others.
 *
 * @example
 * parseProgram(Uint8Array.of(0x63, 5, 0, 0, 0)).map(jumpAddress); // [5]
 */
export function jumpAddress({ opcode, data }: Instruction): number | undefined {
  if (opcode !== JUMP && opcode !== JUMPIF) return undefined;
  return new DataView(data.buffer, data.byteOffset, 4).getUint32(0, true);
}
