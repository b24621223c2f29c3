/**
 * The opcodes of both chains as data: byte, name, base cost, effect on the data stack.
 *
 * Base cost is what the machine charges before the operation runs. The few opcodes that price
 * their work themselves have base cost 0 and say so in `costNote`.
 *
 * @see spec 20-bvm, section 6 "Opcodes"
 */

/** What is known of an opcode without running it. */
export interface OpcodeInfo {
  /** The byte, 0 to 255. */
  readonly code: number;
  /** Name in assembler text. */
  readonly name: string;
  readonly group: OpcodeGroup;
  /** Gas charged before the operation runs, gas units. */
  readonly cost: number;
  /** What else is charged, where the price depends on the operands. */
  readonly costNote: string;
  /** Effect on the data stack, bottom first: taken → given. */
  readonly stack: string;
}

/** What an opcode works on; `expansion` has no meaning yet. */
export type OpcodeGroup =
  | "push"
  | "control"
  | "stack"
  | "bytes"
  | "number"
  | "cryptography"
  | "introspection"
  | "expansion";

type Row = readonly [code: number, name: string, cost: number, stack: string, costNote?: string];

function pushRows(): readonly Row[] {
  return [
    [0x00, "FALSE", 1, "→ empty"],
    ...Array.from({ length: 75 }, (_, i): Row => [i + 1, `DATA_${i + 1}`, 1, "→ data"]),
    [0x4c, "PUSHDATA1", 1, "→ data"],
    [0x4d, "PUSHDATA2", 1, "→ data"],
    [0x4e, "PUSHDATA4", 1, "→ data"],
    [0x4f, "1NEGATE", 1, "→ -1"],
    ...Array.from({ length: 16 }, (_, i): Row => [0x51 + i, `${i + 1}`, 1, `→ ${i + 1}`]),
  ];
}

const CONTROL: readonly Row[] = [
  [0x61, "NOP", 1, "→"],
  [0x63, "JUMP", 1, "→"],
  [0x64, "JUMPIF", 1, "p →"],
  [0x69, "VERIFY", 1, "p →"],
  [0x6a, "FAIL", 1, "→"],
  [
    0xc0,
    "CHECKPREDICATE",
    256,
    "x_n … x_1 n predicate limit → ok",
    "- 192, + gas of the predicate",
  ],
];

const STACK: readonly Row[] = [
  [0x6b, "TOALTSTACK", 2, "a →"],
  [0x6c, "FROMALTSTACK", 2, "→ a"],
  [0x6d, "2DROP", 2, "a b →"],
  [0x6e, "2DUP", 2, "a b → a b a b"],
  [0x6f, "3DUP", 3, "a b c → a b c a b c"],
  [0x70, "2OVER", 2, "a b c d → a b c d a b"],
  [0x71, "2ROT", 2, "a b c d e f → c d e f a b"],
  [0x72, "2SWAP", 2, "a b c d → c d a b"],
  [0x73, "IFDUP", 1, "a → a [a]"],
  [0x74, "DEPTH", 1, "→ n"],
  [0x75, "DROP", 1, "a →"],
  [0x76, "DUP", 1, "a → a a"],
  [0x77, "NIP", 1, "a b → b"],
  [0x78, "OVER", 1, "a b → a b a"],
  [0x79, "PICK", 2, "x_n … x_0 n → x_n … x_0 x_n"],
  [0x7a, "ROLL", 2, "x_n … x_0 n → … x_0 x_n"],
  [0x7b, "ROT", 2, "a b c → b c a"],
  [0x7c, "SWAP", 1, "a b → b a"],
  [0x7d, "TUCK", 1, "a b → b a b"],
];

const BYTES: readonly Row[] = [
  [0x7e, "CAT", 4, "a b → a‖b"],
  [0x7f, "SUBSTR", 4, "s offset size → part"],
  [0x80, "LEFT", 4, "s size → part"],
  [0x81, "RIGHT", 4, "s size → part"],
  [0x82, "SIZE", 1, "s → s length"],
  [0x83, "INVERT", 1, "s → ~s", "+ length"],
  [0x84, "AND", 1, "a b → a&b", "+ shorter length"],
  [0x85, "OR", 1, "a b → a\\|b", "+ longer length"],
  [0x86, "XOR", 1, "a b → a^b", "+ longer length"],
  [0x87, "EQUAL", 1, "a b → a=b", "+ shorter length"],
  [0x88, "EQUALVERIFY", 1, "a b →", "+ shorter length"],
  [0x89, "CATPUSHDATA", 4, "a b → a‖push(b)"],
];

const NUMBER: readonly Row[] = [
  [0x8b, "1ADD", 2, "x → x+1"],
  [0x8c, "1SUB", 2, "x → x-1"],
  [0x8d, "2MUL", 2, "x → 2x"],
  [0x8e, "2DIV", 2, "x → floor(x/2)"],
  [0x8f, "NEGATE", 2, "x → -x"],
  [0x90, "ABS", 2, "x → magnitude of x"],
  [0x91, "NOT", 2, "x → x=0"],
  [0x92, "0NOTEQUAL", 2, "x → x≠0"],
  [0x93, "ADD", 2, "x y → x+y"],
  [0x94, "SUB", 2, "x y → x-y"],
  [0x95, "MUL", 8, "x y → x·y"],
  [0x96, "DIV", 8, "x y → x/y towards 0"],
  [0x97, "MOD", 8, "x y → x mod y, sign of y"],
  [0x98, "LSHIFT", 8, "x y → x·2^y"],
  [0x99, "RSHIFT", 8, "x y → floor(x/2^y)"],
  [0x9a, "BOOLAND", 2, "p q → p and q"],
  [0x9b, "BOOLOR", 2, "p q → p or q"],
  [0x9c, "NUMEQUAL", 2, "x y → x=y"],
  [0x9d, "NUMEQUALVERIFY", 2, "x y →"],
  [0x9e, "NUMNOTEQUAL", 2, "x y → x≠y"],
  [0x9f, "LESSTHAN", 2, "x y → x<y"],
  [0xa0, "GREATERTHAN", 2, "x y → x>y"],
  [0xa1, "LESSTHANOREQUAL", 2, "x y → x≤y"],
  [0xa2, "GREATERTHANOREQUAL", 2, "x y → x≥y"],
  [0xa3, "MIN", 2, "x y → smaller"],
  [0xa4, "MAX", 2, "x y → greater"],
  [0xa5, "WITHIN", 4, "x min max → min≤x<max"],
];

const CRYPTOGRAPHY: readonly Row[] = [
  [0xa8, "SHA256", 0, "x → hash", "max(length, 64)"],
  [0xaa, "SHA3", 0, "x → hash", "max(length, 64)"],
  [0xab, "HASH160", 0, "x → RIPEMD-160 hash", "length + 64"],
  [0xac, "CHECKSIG", 1024, "signature message key → ok"],
  [0xad, "CHECKMULTISIG", 0, "sig_m … sig_1 message key_n … key_1 m n → ok", "1024 · n"],
  [0xae, "TXSIGHASH", 256, "→ signature hash"],
];

const INTROSPECTION: readonly Row[] = [
  [0xc1, "CHECKOUTPUT", 16, "index amount asset version program → ok"],
  [0xc2, "ASSET", 1, "→ asset id"],
  [0xc3, "AMOUNT", 1, "→ amount"],
  [0xc4, "PROGRAM", 1, "→ whole top-level program"],
  [0xc9, "INDEX", 1, "→ destination position"],
  [0xca, "ENTRYID", 1, "→ entry id"],
  [0xcb, "OUTPUTID", 1, "→ spent output id"],
  [0xcd, "BLOCKHEIGHT", 1, "→ height"],
];

const SIDE_CHAIN_NUMBER: readonly Row[] = [[0xa6, "MULFRACTION", 8, "x y z → x·y/z towards 0"]];

/** The opcodes of one chain, by byte and by name. */
export interface OpcodeTable {
  /** 256 entries, one a byte. */
  readonly byCode: readonly OpcodeInfo[];
  readonly byName: ReadonlyMap<string, OpcodeInfo>;
}

/** Opcodes of the main chain. */
export const mainChainOpcodes: OpcodeTable = /* @__PURE__ */ table(sharedRows);

/** Opcodes of the side chain: the main chain's and MULFRACTION. */
export const sideChainOpcodes: OpcodeTable = /* @__PURE__ */ table(sideChainRows);

type Groups = readonly (readonly [OpcodeGroup, readonly Row[]])[];

function sharedRows(): Groups {
  return [
    ["push", pushRows()],
    ["control", CONTROL],
    ["stack", STACK],
    ["bytes", BYTES],
    ["number", NUMBER],
    ["cryptography", CRYPTOGRAPHY],
    ["introspection", INTROSPECTION],
  ];
}

function sideChainRows(): Groups {
  return [...sharedRows(), ["number", SIDE_CHAIN_NUMBER]];
}

/** Filled by a function, not at import, so that a bundler can drop what is not used. */
function table(makeGroups: () => Groups): OpcodeTable {
  const byCode = Array.from({ length: 256 }, (_, code) => expansionInfo(code));
  for (const [group, rows] of makeGroups())
    for (const [code, name, cost, stack, costNote = ""] of rows)
      byCode[code] = { code, name, group, cost, costNote, stack };
  return { byCode, byName: new Map(byCode.map((info) => [info.name, info])) };
}

/** A byte without a meaning yet: costs 1, refused where transactions of version 1 forbid it. */
function expansionInfo(code: number): OpcodeInfo {
  const name = `NOPx${code.toString(16).padStart(2, "0")}`;
  return { code, name, group: "expansion", cost: 0, costNote: "1", stack: "→" };
}

/** The entry of a byte. */
export function opcodeInfo(opcodes: OpcodeTable, code: number): OpcodeInfo {
  const info = opcodes.byCode[code];
  if (info === undefined) throw new RangeError(`not an opcode: ${code}`);
  return info;
}
