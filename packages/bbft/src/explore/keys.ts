/**
 * States of the network as numbers. Each validator is in a numbered state; which of them is in which
 * does not matter, so these numbers in ascending order are the digits of one number.
 */

/** The key of ascending numbers; the highest is the top digit. */
export function keyOf(ids: Int32Array, base: number): number {
  return ids.reduceRight((key, id) => key * base + id, 0);
}

/** The inverse of `keyOf`. The top digit may exceed the base: it is that of a restarted validator. */
export function readKey(key: number, base: number, ids: Int32Array): void {
  let rest = key;
  for (let place = 0; place < ids.length - 1; place++) {
    const above = Math.floor(rest / base);
    ids[place] = rest - above * base;
    rest = above;
  }
  ids[ids.length - 1] = rest;
}

/** The key when one of the numbers is replaced by another. */
export function keyAfter(ids: Int32Array, base: number, before: number, after: number): number {
  let key = 0;
  let isTaken = false;
  let isPlaced = false;
  for (let place = ids.length - 1; place >= 0; place--) {
    const id = ids[place] ?? 0;
    if (!isPlaced && after >= id) {
      isPlaced = true;
      key = key * base + after;
    }
    if (!isTaken && id === before) isTaken = true;
    else key = key * base + id;
  }
  return isPlaced ? key : key * base + after;
}

/** Puts a number where it belongs among the first ones, which are ascending. */
export function insert(ids: Int32Array, count: number, id: number): void {
  let place = count;
  for (; place > 0 && (ids[place - 1] ?? 0) > id; place--) ids[place] = ids[place - 1] ?? 0;
  ids[place] = id;
}
