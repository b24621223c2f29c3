/**
 * What validators agree on beside the application's block: bound to it by the value id.
 *
 * @see spec 90-bbft, section 12.1 "engineData"
 */
import { blob, compareBytes, concat, Reader, u8 } from "../bytes.ts";
import { BbftError } from "../error.ts";
import { MAX_ENGINE_DATA } from "../proposal.ts";
import { isLastOfEpoch } from "../validator-set.ts";

export const ENGINE_ITEM = {
  LAST_COMMIT: 1,
  EVIDENCE: 2,
  LATENCY: 3,
  COMPLAINT: 4,
  NEXT_VALSET: 5,
  PARAMS: 6,
} as const;

export type EngineItemType = (typeof ENGINE_ITEM)[keyof typeof ENGINE_ITEM];

export interface EngineItem {
  readonly type: EngineItemType;
  readonly bytes: Uint8Array;
}

/** How often an item may occur, at most. */
const LIMITS: { readonly [type: number]: number } = { 1: 1, 2: 16, 3: 32, 4: 32, 5: 1, 6: 1 };

/** Items in their canonical order: by type, then by bytes. */
export function encodeEngineData(items: readonly EngineItem[]): Uint8Array {
  const sorted = [...items].sort((a, b) => a.type - b.type || compareBytes(a.bytes, b.bytes));
  return concat(...sorted.flatMap(({ type, bytes }) => [u8(type), blob(bytes)]));
}

/**
 * Reads engine data and checks its form: known types, order, numbers, what the height asks for.
 *
 * @throws {@link BbftError} `engine-data` | `length` | `limit`
 */
export function decodeEngineData(
  bytes: Uint8Array,
  height: bigint,
  epochLength: number,
): EngineItem[] {
  if (bytes.length > MAX_ENGINE_DATA)
    throw new BbftError("limit", { found: bytes.length, expected: MAX_ENGINE_DATA });
  const reader = new Reader(bytes);
  const items: EngineItem[] = [];
  while (reader.left > 0) {
    const found = reader.u8();
    const type = Object.values(ENGINE_ITEM).find((known) => known === found);
    if (type === undefined) throw new BbftError("engine-data", { height, found });
    const item = { type, bytes: reader.blob(MAX_ENGINE_DATA) };
    const last = items.at(-1);
    const isOrdered =
      last === undefined ||
      last.type < type ||
      (last.type === type && compareBytes(last.bytes, item.bytes) < 0);
    if (!isOrdered) throw new BbftError("engine-data", { height, found });
    items.push(item);
  }
  const count = (type: number): number => items.filter((item) => item.type === type).length;
  const isLast = isLastOfEpoch(height, epochLength);
  const isSound =
    Object.entries(LIMITS).every(([type, limit]) => count(Number(type)) <= limit) &&
    count(ENGINE_ITEM.LAST_COMMIT) === (height > 1n ? 1 : 0) &&
    count(ENGINE_ITEM.NEXT_VALSET) === (isLast ? 1 : 0) &&
    (isLast || count(ENGINE_ITEM.PARAMS) === 0);
  if (!isSound) throw new BbftError("engine-data", { height });
  return items;
}

/** The only item of a type, undefined if there is none. */
export function findItem(
  items: readonly EngineItem[],
  type: EngineItemType,
): Uint8Array | undefined {
  return items.find((item) => item.type === type)?.bytes;
}
