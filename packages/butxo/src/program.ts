/**
 * Programs that the ledger itself knows: witness programs, and what counts as standard. Running and composing
 * programs is the virtual machine's business.
 *
 * @see spec 10-ledger, section 6 "Programs and addresses"
 */
import { ripemd160, sha3 } from "@bystack/crypto";
import { concatBytes } from "./bytes.ts";
import { ButxoError } from "./error.ts";

const OP_0 = 0x00;
const OP_DATA_20 = 0x14;
const OP_DATA_32 = 0x20;
const OP_DATA_75 = 0x4b;
const OP_PUSHDATA1 = 0x4c;
const OP_PUSHDATA2 = 0x4d;
const OP_PUSHDATA4 = 0x4e;
const OP_TRUE = 0x51;
const OP_16 = 0x60;
const OP_FAIL = 0x6a;

/** Length of the key hash in a P2WPKH program, bytes. */
export const KEY_HASH_LENGTH = 20;
/** Length of the script hash in a P2WSH program, bytes. */
export const SCRIPT_HASH_LENGTH = 32;

/** Which kind of standard program it is; `undefined` for any other program. */
export type StandardProgram = "p2wpkh" | "p2wsh" | "straightforward";

/** RIPEMD-160 of a public key, 20 bytes. There is no SHA before it. */
export function keyHash(publicKey: Uint8Array): Uint8Array {
  return ripemd160(publicKey);
}

/** SHA3 of a script, 32 bytes. */
export function scriptHash(script: Uint8Array): Uint8Array {
  return sha3(script);
}

/**
 * `00 14 <hash>`: pays to the owner of a key.
 *
 * @param hash 20 bytes, see {@link keyHash}
 * @throws {@link ButxoError} `witness-program-length`
 */
export function p2wpkhProgram(hash: Uint8Array): Uint8Array {
  return witnessProgram(hash, KEY_HASH_LENGTH);
}

/**
 * `00 20 <hash>`: pays to whoever satisfies a script.
 *
 * @param hash 32 bytes, see {@link scriptHash}
 * @throws {@link ButxoError} `witness-program-length`
 */
export function p2wshProgram(hash: Uint8Array): Uint8Array {
  return witnessProgram(hash, SCRIPT_HASH_LENGTH);
}

/** Does the program begin with FAIL? An output with such a program is a retirement. */
export function isUnspendable(program: Uint8Array): boolean {
  return program[0] === OP_FAIL;
}

/**
 * Two instructions, of which the second pushes 20 bytes. The first may be anything up to `60`: a program of an
 * unknown witness version, which is standard too and can be spent by anyone.
 */
export function isP2wpkh(program: Uint8Array): boolean {
  return endsWithPush(program, OP_DATA_20);
}

/** Two instructions, of which the second pushes 32 bytes; the first as in {@link isP2wpkh}. */
export function isP2wsh(program: Uint8Array): boolean {
  return endsWithPush(program, OP_DATA_32);
}

/** Just TRUE, or just FAIL. */
export function isStraightforward(program: Uint8Array): boolean {
  return program.length === 1 && (program[0] === OP_TRUE || program[0] === OP_FAIL);
}

/** Which kind of standard program it is. */
export function classifyProgram(program: Uint8Array): StandardProgram | undefined {
  if (isP2wpkh(program)) return "p2wpkh";
  if (isP2wsh(program)) return "p2wsh";
  return isStraightforward(program) ? "straightforward" : undefined;
}

/** May BTM be locked with this program? */
export function isStandardProgram(program: Uint8Array): boolean {
  return classifyProgram(program) !== undefined;
}

/** Witness version 0 and its hash, when the program is exactly `00 14 …` or `00 20 …`. */
export function witnessHash(program: Uint8Array): Uint8Array | undefined {
  const isWitness = program[0] === OP_0 && (isP2wpkh(program) || isP2wsh(program));
  return isWitness ? concatBytes(program.subarray(2)) : undefined;
}

function witnessProgram(hash: Uint8Array, length: number): Uint8Array {
  if (hash.length !== length) {
    throw new ButxoError("witness-program-length", { value: hash.length });
  }
  return concatBytes(Uint8Array.of(OP_0, length), hash);
}

/** Is the program one instruction up to `60` and then a push of exactly `push` bytes? */
function endsWithPush(program: Uint8Array, push: number): boolean {
  const second = program.length - 1 - push;
  return second > 0 && program[second] === push && lengthOfFirst(program) === second;
}

/** Length of the first instruction; −1 when its opcode is above `60` or its length field is cut off. */
function lengthOfFirst(program: Uint8Array): number {
  const view = new DataView(program.buffer, program.byteOffset, program.byteLength);
  const opcode = program[0] ?? OP_FAIL;
  if (opcode > OP_16) return -1;
  if (opcode > OP_0 && opcode <= OP_DATA_75) return 1 + opcode;
  if (opcode === OP_PUSHDATA1 && program.length >= 2) return 2 + view.getUint8(1);
  if (opcode === OP_PUSHDATA2 && program.length >= 3) return 3 + view.getUint16(1, true);
  if (opcode === OP_PUSHDATA4 && program.length >= 5) return 5 + view.getUint32(1, true);
  return opcode >= OP_PUSHDATA1 && opcode <= OP_PUSHDATA4 ? -1 : 1;
}
