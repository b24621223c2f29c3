import { type Dialect, equalBytes } from "@bystack/butxo";
import { sha3 } from "@bystack/crypto";
import { toAscii } from "../store/ascii.ts";
import type { BlockTree } from "./block-tree.ts";
import { NO_PARENT, RECORD_BYTES, readExported } from "./node-records.ts";

/**
 * The headers of a range of heights as one value, so that opening a chain need not read and hash
 * each header.
 *
 * u8 length and name of the engine that weighed them · u32 first height · u32 last height ·
 * records of 144 bytes by ascending height and hash, each with the rank of its parent among the
 * blocks one below · SHA3-256 of all before
 */

/** Which heights a segment has, and by whose weights. */
export interface SegmentPlace {
  /** Both included. */
  readonly from: number;
  readonly through: number;
  /** Name of the engine. */
  readonly engine: string;
}

const DIGEST_BYTES = 32;

/**
 * @param sides what `tree.sides()` gave
 * @returns undefined when one of the headers does not fit into a record
 */
export function encodeSegment(
  tree: BlockTree,
  place: SegmentPlace,
  sides: readonly number[],
): Uint8Array | undefined {
  const { from, through } = place;
  const [below = [], ...levels] = tree.levels(from - 1, through, sides);
  const records: Uint8Array[] = [];
  let parents = below;
  for (const level of levels) {
    const ranks = new Map(parents.map((index, rank) => [index, rank]));
    for (const index of level) {
      const record = tree.exportRecord(index, ranks.get(tree.parentIndex(index)) ?? NO_PARENT);
      if (record === undefined) return undefined;
      records.push(record);
    }
    parents = level;
  }
  const head = headOf(place);
  const body = head.length + records.length * RECORD_BYTES;
  const bytes = new Uint8Array(body + DIGEST_BYTES);
  bytes.set(head);
  for (const [i, record] of records.entries()) bytes.set(record, head.length + i * RECORD_BYTES);
  bytes.set(sha3(bytes.subarray(0, body)), body);
  return bytes;
}

/**
 * Puts the blocks of a segment into a tree that has all those below, and nothing else.
 *
 * @returns false when the bytes are not that segment; the tree is then as before
 */
export function loadSegment(
  tree: BlockTree,
  bytes: Uint8Array,
  place: SegmentPlace,
  dialect: Dialect,
): boolean {
  const records = recordsOf(bytes, place);
  if (records === undefined) return false;
  const parents = parentsOf(tree, records, place);
  if (parents === undefined) return false;
  for (const [i, record] of records.entries())
    tree.importRecord(record, parents[i] ?? NO_PARENT, dialect);
  return true;
}

function headOf({ engine, from, through }: SegmentPlace): Uint8Array {
  const head = new Uint8Array(1 + engine.length + 8);
  head[0] = engine.length;
  head.set(toAscii(engine), 1);
  const view = new DataView(head.buffer, 1 + engine.length);
  view.setUint32(0, from);
  view.setUint32(4, through);
  return head;
}

function recordsOf(bytes: Uint8Array, place: SegmentPlace): Uint8Array[] | undefined {
  const head = headOf(place);
  const body = bytes.length - DIGEST_BYTES;
  const size = body - head.length;
  if (size <= 0 || size % RECORD_BYTES !== 0) return undefined;
  if (!equalBytes(bytes.subarray(0, head.length), head)) return undefined;
  if (!equalBytes(sha3(bytes.subarray(0, body)), bytes.subarray(body))) return undefined;
  return Array.from({ length: size / RECORD_BYTES }, (_, i) => {
    const at = head.length + i * RECORD_BYTES;
    return bytes.subarray(at, at + RECORD_BYTES);
  });
}

/** The number that each record's parent has, or will have once the records are in the tree. */
function parentsOf(
  tree: BlockTree,
  records: readonly Uint8Array[],
  { from, through }: SegmentPlace,
): number[] | undefined {
  const parents: number[] = [];
  // Blocks come by height: those one below are the last ones before the first of a height.
  let next = tree.size;
  let below = { first: tree.firstOfLast(from - 1), end: tree.size };
  let height = from;
  let first = next;
  for (const record of records) {
    const { height: at, parent: rank } = readExported(record);
    if (at !== height) {
      if (at !== height + 1 || next === first) return undefined;
      below = { first, end: next };
      height = at;
      first = next;
    }
    const parent = below.first + rank;
    const isRoot = at === 0 && rank === NO_PARENT && next === 0;
    if (!isRoot && parent >= below.end) return undefined;
    parents.push(isRoot ? NO_PARENT : parent);
    next++;
  }
  return height === through ? parents : undefined;
}
