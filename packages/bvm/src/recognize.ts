/**
 * What kind of program bytes are. Everything that cannot be decoded is none of the kinds.
 *
 * @see spec 20-bvm, section 8.6 "Recognizers"
 */
import { decodeInstruction, type Instruction } from "./decode.ts";
import { intOf, itemOf } from "./item.ts";

const FALSE = 0x00;
const DATA_20 = 0x14;
const DATA_32 = 0x20;
const PUSHDATA4 = 0x4e;
const OP_1 = 0x51;
const OP_16 = 0x60;
const VERIFY = 0x69;
const FAIL = 0x6a;
const GREATERTHAN = 0xa0;
const BLOCKHEIGHT = 0xcd;

/** Pays to the owner of a key, given by its hash. The first opcode may be anything up to `60`. */
export function isP2wpkhProgram(program: Uint8Array): boolean {
  return isWitnessProgram(program, DATA_20);
}

/** Pays to a script, given by its hash. The first opcode may be anything up to `60`. */
export function isP2wshProgram(program: Uint8Array): boolean {
  return isWitnessProgram(program, DATA_32);
}

/** Is the program just TRUE or just FAIL? */
export function isStraightforwardProgram(program: Uint8Array): boolean {
  return program.length === 1 && (program[0] === OP_1 || program[0] === FAIL);
}

/**
 * May the program guard gas, that is, the chain's own asset?
 *
 * @see spec 20-bvm, section 8.6 (P2W) and 10-ledger, section 6 (standard)
 */
export function isStandardProgram(program: Uint8Array): boolean {
  return isStraightforwardProgram(program) || isP2wpkhProgram(program) || isP2wshProgram(program);
}

/** Can nothing unlock the program, since it begins with FAIL? */
export function isUnspendableProgram(program: Uint8Array): boolean {
  return program[0] === FAIL;
}

/** Does the instruction push data or a small number? 1NEGATE does not count. */
export function isPush({ opcode }: Instruction): boolean {
  return opcode <= PUSHDATA4 || (opcode >= OP_1 && opcode <= OP_16);
}

/**
 * The height up to which an issuance program lets issue, from its first four instructions:
 * push, BLOCKHEIGHT, GREATERTHAN, VERIFY. 0 for every other program.
 *
 * @returns a height, blocks; a signed 64-bit integer
 * @example
 * issuanceHeight(assemble("100 BLOCKHEIGHT GREATERTHAN VERIFY TRUE")); // 100n
 * @see spec 20-bvm, section 8.5 (issuance height)
 */
export function issuanceHeight(program: Uint8Array): bigint {
  const instructions = decodeAll(program, Number.POSITIVE_INFINITY);
  const [push, ...check] = instructions?.slice(0, 4) ?? [];
  const opcodes = check.map(({ opcode }) => opcode);
  if (push === undefined || !isPush(push)) return 0n;
  if (opcodes.join() !== [BLOCKHEIGHT, GREATERTHAN, VERIFY].join()) return 0n;
  return BigInt(intOf(itemOf(push.data)) ?? 0);
}

/** The hash in a P2WPKH or P2WSH program that is converted before it runs; undefined otherwise. */
export function convertibleHash(program: Uint8Array): Uint8Array | undefined {
  const push = program[1];
  if (program[0] !== FALSE || (push !== DATA_20 && push !== DATA_32)) return undefined;
  return program.length === push + 2 ? program.subarray(2) : undefined;
}

function isWitnessProgram(program: Uint8Array, push: number): boolean {
  const instructions = decodeAll(program, 2);
  if (instructions === undefined) return false;
  const [version, hash] = instructions;
  return version !== undefined && version.opcode <= OP_16 && hash?.opcode === push;
}

/** The instructions of a program; undefined if it cannot be decoded or has more than `max`. */
export function decodeAll(program: Uint8Array, max: number): Instruction[] | undefined {
  const instructions: Instruction[] = [];
  for (let pc = 0; pc < program.length; ) {
    const instruction = decodeInstruction(program, pc);
    if (typeof instruction === "string" || instructions.length === max) return undefined;
    instructions.push(instruction);
    pc += instruction.length;
  }
  return instructions;
}
