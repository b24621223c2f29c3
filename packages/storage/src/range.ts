import { compareBytes } from "./bytes.ts";
import type { KeyRange } from "./engine.ts";

/** One end of a range. */
export interface Bound {
  readonly key: Uint8Array;
  /** Does the key itself belong to the range? */
  readonly inclusive: boolean;
}

/** A {@link KeyRange} with at most one bound at each end, its bytes copied. */
export interface Bounds {
  readonly lower: Bound | undefined;
  readonly upper: Bound | undefined;
  readonly reverse: boolean;
  /** Infinity when there is no limit. */
  readonly limit: number;
}

/**
 * Brings a range into the form that engines work with: of two bounds at one end the stricter one
 * remains. For builders of engines.
 *
 * @throws RangeError when `limit` is not a whole number of 0 or more
 */
export function boundsOf(range: KeyRange): Bounds {
  const limit = range.limit ?? Number.POSITIVE_INFINITY;
  if (limit !== Number.POSITIVE_INFINITY && !(Number.isSafeInteger(limit) && limit >= 0))
    throw new RangeError(`not a limit: ${limit}`);
  return {
    lower: stricter(range.gte, range.gt, 1),
    upper: stricter(range.lte, range.lt, -1),
    reverse: range.reverse ?? false,
    limit,
  };
}

function stricter(
  inclusive: Uint8Array | undefined,
  exclusive: Uint8Array | undefined,
  inward: 1 | -1,
): Bound | undefined {
  if (
    exclusive !== undefined &&
    (inclusive === undefined || inward * compareBytes(exclusive, inclusive) >= 0)
  )
    return { key: new Uint8Array(exclusive), inclusive: false };
  if (inclusive === undefined) return undefined;
  return { key: new Uint8Array(inclusive), inclusive: true };
}

/** True when no key can lie between the bounds. */
export function isEmptyRange({ lower, upper, limit }: Bounds): boolean {
  if (limit === 0) return true;
  if (upper === undefined) return false;
  if (lower === undefined) return upper.key.length === 0;
  const order = compareBytes(lower.key, upper.key);
  return order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive));
}

/**
 * The range of all keys that begin with `prefix`, itself included; works for prefixes that end in
 * 0xff too. The empty prefix gives the whole store.
 *
 * @example
 * for await (const [key, value] of store.iterate(prefixRange(UTXO_PREFIX))) use(key, value);
 */
export function prefixRange(prefix: Uint8Array): KeyRange {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  const gte = new Uint8Array(prefix);
  if (end === 0) return { gte };
  const lt = gte.slice(0, end);
  lt[end - 1] = (lt[end - 1] ?? 0) + 1;
  return { gte, lt };
}
