/** Assembler text to program bytes. @see spec 20-bvm, section 8.2 "Assembler" */
import { ProgramBuilder, writeUint32 } from "./builder.ts";
import { BvmError } from "./error.ts";
import { isInt64 } from "./int64.ts";
import { mainChainOpcodes, type OpcodeTable } from "./opcodes.ts";
import { fromHex, utf8 } from "./text.ts";
import { type Token, tokenize } from "./tokenize.ts";

const JUMP = 0x63;
const JUMPIF = 0x64;
const MAX_UINT32 = 0xffffffff;

/** Names of opcodes that are no instruction without an operand, which text writes differently. */
const NEEDS_OPERAND = /^(?:PUSHDATA|JUMP)/;
/** Unassigned bytes have names in listings only. */
const EXPANSION = /^NOPx/;

interface Labels {
  readonly addresses: Map<string, number>;
  readonly uses: { readonly label: string; readonly offset: number; readonly token: Token }[];
}

/**
 * The program that a text stands for: opcode names, decimal numbers, `0x` hex data, `'quoted'`
 * data, `$label` and `JUMP:$label`, separated by white space.
 *
 * @param opcodes which chain's names are known; the main chain's when left out
 * @throws {@link BvmError} `token` | `token-too-long` | `bad-hex` | `bad-jump-address` |
 * `label-redefined` | `label-undefined`; `position` is the character offset of the token
 * @example
 * assemble("2 3 ADD 5 NUMEQUAL"); // 52 53 93 55 9c
 * @see spec 20-bvm, section 8.2
 */
export function assemble(text: string, opcodes: OpcodeTable = mainChainOpcodes): Uint8Array {
  const builder = new ProgramBuilder();
  const labels: Labels = { addresses: new Map(), uses: [] };
  for (const token of tokenize(text)) assembleToken(token, opcodes, builder, labels);
  const program = builder.build();
  for (const { label, offset, token } of labels.uses) {
    const address = labels.addresses.get(label);
    if (address === undefined) throw failure("label-undefined", token);
    writeUint32(program, offset, address);
  }
  return program;
}

function assembleToken(
  token: Token,
  opcodes: OpcodeTable,
  builder: ProgramBuilder,
  labels: Labels,
): void {
  const { text } = token;
  const named = opcodeByName(text, opcodes);
  if (named !== undefined) builder.addOp(named);
  else if (text.startsWith("JUMP:")) addJump(JUMP, token, builder, labels);
  else if (text.startsWith("JUMPIF:")) addJump(JUMPIF, token, builder, labels);
  else if (text.startsWith("$")) define(token, builder, labels);
  else if (text.startsWith("0x")) builder.addData(hexData(token));
  else if (text.length >= 2 && text.startsWith("'") && text.endsWith("'"))
    builder.addData(utf8(text.slice(1, -1).replaceAll(/\\(.)/gsu, "$1")));
  else builder.addInt(decimal(token));
}

function opcodeByName(name: string, { byName }: OpcodeTable): number | undefined {
  if (name === "0") return 0x00;
  if (name === "TRUE") return 0x51;
  if (NEEDS_OPERAND.test(name) || EXPANSION.test(name)) return undefined;
  return byName.get(name)?.code;
}

function addJump(opcode: number, token: Token, builder: ProgramBuilder, labels: Labels): void {
  const operand = token.text.slice(token.text.indexOf(":") + 1);
  const instruction = Uint8Array.of(opcode, 0, 0, 0, 0);
  if (operand.startsWith("$")) {
    labels.uses.push({ label: operand, offset: builder.length + 1, token });
  } else {
    const address = /^\d+$/.test(operand) ? Number(operand) : Number.NaN;
    if (!(address <= MAX_UINT32)) throw failure("bad-jump-address", token);
    writeUint32(instruction, 1, address);
  }
  builder.addBytes(instruction);
}

function define(token: Token, builder: ProgramBuilder, { addresses }: Labels): void {
  if (addresses.has(token.text)) throw failure("label-redefined", token);
  addresses.set(token.text, builder.length);
}

function hexData(token: Token): Uint8Array {
  const data = fromHex(token.text.slice(2));
  if (data === undefined) throw failure("bad-hex", token);
  return data;
}

/** More digits than a 64-bit number can need, leading zeros apart. */
const MAX_DIGITS = 19;

function decimal(token: Token): bigint {
  // Leading zeros are taken off in a second step: one pattern for both would try every split.
  const [, sign, all] = /^([+-]?)(\d+)$/.exec(token.text) ?? [];
  const digits = all?.replace(/^0+(?=\d)/, "");
  if (digits === undefined || digits.length > MAX_DIGITS) throw failure("token", token);
  const value = sign === "-" ? -BigInt(digits) : BigInt(digits);
  if (!isInt64(value)) throw failure("token", token);
  return value;
}

type TokenErrorCode = Exclude<ConstructorParameters<typeof BvmError>[0], "unresolved-jump">;

function failure(code: TokenErrorCode, { text, position }: Token): BvmError {
  return new BvmError(code, { position, subject: text });
}
