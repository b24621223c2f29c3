/**
 * The exchange contract of the side chain: an order that offers the value it locks for another
 * asset at a fixed ratio, to anyone, in whole or in part.
 *
 * @see spec 20-bvm, section 9.5, and 80-vapor, section 10.1 "Order program (P2WMC)"
 */
import { assemble } from "./assemble.ts";
import { ProgramBuilder, writeUint32 } from "./builder.ts";
import { jumpAddress, parseProgram } from "./decode.ts";
import { int64Bytes, parseInt64 } from "./int64.ts";
import { sideChainOpcodes } from "./opcodes.ts";
import { decodeAll, isPush, isStandardProgram } from "./recognize.ts";

const FALSE = 0x00;
const DATA_32 = 0x20;
const OP_16 = 0x60;
const MAX_INT_LENGTH = 8;

/** The terms of an order. */
export interface MagneticOrder {
  /** Asset that the seller wants, 32 bytes. */
  readonly requestedAsset: Uint8Array;
  /** Units of the requested asset for `ratioDenominator` units of the locked one; signed 64-bit. */
  readonly ratioNumerator: bigint;
  readonly ratioDenominator: bigint;
  /** Where the seller is paid; a standard program. */
  readonly sellerProgram: Uint8Array;
  /** Key that can cancel the order, 32 bytes. */
  readonly sellerKey: Uint8Array;
}

const BODY = `
  7 ROLL TOALTSTACK 6 ROLL DUP 2 NUMEQUAL JUMPIF:$cancel JUMPIF:$full
  6 PICK 3 ROLL 3 ROLL MULFRACTION AMOUNT OVER 0 GREATERTHANOREQUAL 2 PICK ROT LESSTHAN BOOLAND VERIFY
  FROMALTSTACK DUP TOALTSTACK 6 ROLL 999 1000 MULFRACTION 3 ROLL 1 5 ROLL CHECKOUTPUT VERIFY
  FROMALTSTACK 1 ADD AMOUNT ROT SUB ASSET 1 4 ROLL CHECKOUTPUT JUMP:$end
  $full AMOUNT ROT 3 ROLL MULFRACTION 999 1000 MULFRACTION DUP 0 GREATERTHANOREQUAL VERIFY
  FROMALTSTACK SWAP ROT 1 4 ROLL CHECKOUTPUT JUMP:$end
  $cancel DROP 6 ROLL 6 ROLL TXSIGHASH SWAP CHECKSIG $end`;

interface Body {
  readonly bytes: Uint8Array;
  /** The jumps' address fields: where they are and, from the start of the body, where they go. */
  readonly jumps: readonly { readonly offset: number; readonly address: number }[];
}

let cachedBody: Body | undefined;

function body(): Body {
  cachedBody ??= assembleBody();
  return cachedBody;
}

function assembleBody(): Body {
  const bytes = assemble(BODY, sideChainOpcodes);
  const jumps: Body["jumps"][number][] = [];
  let pc = 0;
  for (const instruction of parseProgram(bytes)) {
    const address = jumpAddress(instruction);
    if (address !== undefined) jumps.push({ offset: pc + 1, address });
    pc += instruction.length;
  }
  return { bytes, jumps };
}

/**
 * The control program of an order.
 *
 * @throws RangeError when a ratio is not a signed 64-bit integer
 * @example
 * p2wmcProgram({
 *   requestedAsset,
 *   ratioNumerator: 2n, // two units wanted
 *   ratioDenominator: 1n, // for each one offered
 *   sellerProgram,
 *   sellerKey,
 * });
 * @see spec 20-bvm, section 9.5 (P2WMC)
 */
export function p2wmcProgram(order: MagneticOrder): Uint8Array {
  return new ProgramBuilder()
    .addOp(FALSE)
    .addData(order.requestedAsset)
    .addInt(order.ratioNumerator)
    .addInt(order.ratioDenominator)
    .addData(order.sellerProgram)
    .addData(order.sellerKey)
    .build();
}

/**
 * What runs for an order: its terms, then the contract.
 *
 * @throws RangeError when a ratio is not a signed 64-bit integer
 * @see spec 20-bvm, section 9.5
 */
export function p2mcProgram(order: MagneticOrder): Uint8Array {
  const builder = new ProgramBuilder()
    .addData(order.sellerKey)
    .addData(p2wmcProgram(order))
    .addData(order.sellerProgram)
    .addInt(order.ratioDenominator)
    .addInt(order.ratioNumerator)
    .addData(order.requestedAsset);
  const start = builder.length;
  const { bytes, jumps } = body();
  const program = builder.addBytes(bytes).build();
  for (const { offset, address } of jumps) writeUint32(program, start + offset, start + address);
  return program;
}

/** Is the program an order's? */
export function isP2wmcProgram(program: Uint8Array): boolean {
  return parseP2wmcProgram(program) !== undefined;
}

/**
 * The terms of an order's control program; undefined if it is no order. The version, its first
 * instruction, is not looked at.
 *
 * @example
 * parseP2wmcProgram(p2wmcProgram(order))?.ratioNumerator === order.ratioNumerator; // true
 * @see spec 20-bvm, section 8.6 (P2WMC)
 */
export function parseP2wmcProgram(program: Uint8Array): MagneticOrder | undefined {
  const instructions = decodeAll(program, 6);
  if (instructions?.length !== 6) return undefined;
  const [version, asset, numerator, denominator, seller, key] = instructions;
  if (!version || !asset || !numerator || !denominator || !seller || !key) return undefined;
  if (version.opcode > OP_16 || asset.opcode !== DATA_32 || key.opcode !== DATA_32)
    return undefined;
  if (![numerator, denominator, seller].every(isPush)) return undefined;
  if (numerator.data.length > MAX_INT_LENGTH || denominator.data.length > MAX_INT_LENGTH)
    return undefined;
  if (!isStandardProgram(seller.data)) return undefined;
  return {
    requestedAsset: asset.data,
    ratioNumerator: parseInt64(numerator.data),
    ratioDenominator: parseInt64(denominator.data),
    sellerProgram: seller.data,
    sellerKey: key.data,
  };
}

/** What the witness arguments of an order do with it. */
export type MagneticClause = "partial-trade" | "full-trade" | "cancel";

/**
 * Witness of a trade that buys a part. The seller's payment is the output at `position`, the rest
 * of the order the one behind it.
 *
 * @param exchangeAmount amount of the requested asset that is paid, smallest unit
 */
export function partialTradeWitness(exchangeAmount: bigint, position: bigint): Uint8Array[] {
  return [int64Bytes(exchangeAmount), int64Bytes(position), int64Bytes(0n)];
}

/** Witness of a trade that buys everything; the seller's payment is the output at `position`. */
export function fullTradeWitness(position: bigint): Uint8Array[] {
  return [int64Bytes(position), int64Bytes(1n)];
}

/** Witness by which the seller takes the value back. */
export function cancelOrderWitness(signature: Uint8Array): Uint8Array[] {
  return [signature, int64Bytes(0n), int64Bytes(2n)];
}

/**
 * What witness arguments of an order do; undefined if they are of none of the three forms.
 *
 * @example
 * magneticClause(fullTradeWitness(0n)); // "full-trade"
 * @see spec 80-vapor, section 10.1
 */
export function magneticClause(args: readonly Uint8Array[]): MagneticClause | undefined {
  const last = args.at(-1);
  if (last === undefined || last.length > 1) return undefined;
  const clause = last.length === 0 ? 0 : last[0];
  if (args.length === 2) return clause === 1 ? "full-trade" : undefined;
  if (args.length !== 3) return undefined;
  if (clause === 2) return "cancel";
  return last.length === 0 ? "partial-trade" : undefined;
}
