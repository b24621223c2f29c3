import { toAscii } from "./ascii.ts";

/**
 * The whole key space of a chain's store. Keys are bytes; names are ASCII.
 *
 * | key                                   | value                                              |
 * | ------------------------------------- | -------------------------------------------------- |
 * | `B:` block hash (32)                  | block, hex text, its first 16 MiB                  |
 * | `B:` block hash (32) part (u8, 1 …)   | what follows of a longer block                     |
 * | `BH:` height (u64 big-endian) hash    | block header, hex text                             |
 * | `BTS:` block hash (32)                | protobuf {1: version, 2: repeated {1: status fail}} |
 * | `UT:` output id (64 hex digits)       | protobuf {1: coinbase, 2: block height, 3: spent}  |
 * | `blockStore`                          | JSON `{"Height":n,"Hash":"…"}`: the chain status   |
 * | `bystack:format`                      | JSON: layout version, network, genesis hash        |
 * | `bystack:repair`                      | empty; there while outputs are being rewritten     |
 * | `bystack:tree` number (u32)           | headers of a range of heights, see `tree-segment`  |
 *
 * All but the continuation and the `bystack` rows are the original node's own layout, so that a data directory can be compared.
 *
 * @see spec 10-ledger, section 10.5 "Storage layout"
 */

const BLOCK = /* @__PURE__ */ toAscii("B:");
const HEADER = /* @__PURE__ */ toAscii("BH:");
const STATUS = /* @__PURE__ */ toAscii("BTS:");
const OUTPUT = /* @__PURE__ */ toAscii("UT:");

export const CHAIN_STATUS_KEY: Uint8Array = /* @__PURE__ */ toAscii("blockStore");
export const FORMAT_KEY: Uint8Array = /* @__PURE__ */ toAscii("bystack:format");

export const REPAIR_KEY: Uint8Array = /* @__PURE__ */ toAscii("bystack:repair");

const TREE = /* @__PURE__ */ toAscii("bystack:tree");

/** What a row is about. */
export type RowKind = "block" | "header" | "status" | "output" | "tree" | "other";

/** Which kind of row a key belongs to. */
export function rowKind(key: Uint8Array): RowKind {
  if (startsWith(key, TREE)) return "tree";
  if (startsWith(key, HEADER)) return "header";
  if (startsWith(key, STATUS)) return "status";
  if (startsWith(key, OUTPUT)) return "output";
  return startsWith(key, BLOCK) ? "block" : "other";
}

/** @param part 0, or the number of a continuation, 1 to 255 */
export function blockKey(hash: Uint8Array, part = 0): Uint8Array {
  const key = join(BLOCK, hash);
  return part === 0 ? key : join(key, Uint8Array.of(part));
}

export function headerKey(height: bigint, hash: Uint8Array): Uint8Array {
  const key = new Uint8Array(HEADER.length + 8 + hash.length);
  key.set(HEADER);
  new DataView(key.buffer).setBigUint64(HEADER.length, height);
  key.set(hash, HEADER.length + 8);
  return key;
}

/** All headers between two heights, both included, in key order. */
export function headersBetween(from: bigint, through: bigint): { gte: Uint8Array; lt: Uint8Array } {
  const none = new Uint8Array(0);
  return { gte: headerKey(from, none), lt: headerKey(through + 1n, none) };
}

export function treeSegmentKey(number: number): Uint8Array {
  const key = join(TREE, new Uint8Array(4));
  new DataView(key.buffer).setUint32(TREE.length, number);
  return key;
}

/** All segments of the tree, the lowest first. */
export function allTreeSegments(): { gte: Uint8Array; lt: Uint8Array } {
  return { gte: TREE, lt: toAscii("bystack:tref") };
}

/** The number in a key made by {@link treeSegmentKey}. */
export function treeSegmentOf(key: Uint8Array): number {
  return new DataView(key.buffer, key.byteOffset).getUint32(TREE.length);
}

export function statusKey(hash: Uint8Array): Uint8Array {
  return join(STATUS, hash);
}

export function outputKey(id: Uint8Array): Uint8Array {
  const key = new Uint8Array(OUTPUT.length + 2 * id.length);
  key.set(OUTPUT);
  let at = OUTPUT.length;
  for (const byte of id) {
    key[at++] = hexDigit(byte >> 4);
    key[at++] = hexDigit(byte & 15);
  }
  return key;
}

/** All unspent and spent-coinbase output records. */
export function allOutputs(): { gte: Uint8Array; lt: Uint8Array } {
  return { gte: OUTPUT, lt: toAscii("UT;") };
}

/** The output id in a key made by {@link outputKey}. */
export function outputIdOf(key: Uint8Array): Uint8Array {
  const id = new Uint8Array((key.length - OUTPUT.length) / 2);
  for (let i = 0; i < id.length; i++) {
    const at = OUTPUT.length + 2 * i;
    id[i] = (hexValue(key[at] ?? 0) << 4) | hexValue(key[at + 1] ?? 0);
  }
  return id;
}

function startsWith(key: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, i) => key[i] === byte);
}

function hexDigit(value: number): number {
  return value < 10 ? 0x30 + value : 0x57 + value;
}

function hexValue(digit: number): number {
  return digit < 0x3a ? digit - 0x30 : digit - 0x57;
}

function join(prefix: Uint8Array, rest: Uint8Array): Uint8Array {
  const key = new Uint8Array(prefix.length + rest.length);
  key.set(prefix);
  key.set(rest, prefix.length);
  return key;
}
