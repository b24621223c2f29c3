/**
 * Sets of validators as bitmaps: validator i is byte `i >> 3`, bit `i & 7`, least significant first.
 *
 * @see spec 90-bbft, section 4 "Identifiers, hashing and signing bytes"
 */

/** A bitmap of `ceil(n / 8)` bytes; bits at and above n are zero. */
export type SignerSet = Uint8Array;

export const bitmapLength = (n: number): number => (n + 7) >> 3;

export function signerSet(n: number, signers: Iterable<number> = []): SignerSet {
  const set = new Uint8Array(bitmapLength(n));
  for (const signer of signers) addSigner(set, signer);
  return set;
}

/** @throws RangeError when the index does not fit the bitmap */
export function addSigner(set: SignerSet, index: number): void {
  const at = index >> 3;
  const byte = set[at];
  if (index < 0 || byte === undefined) throw new RangeError(`no validator ${index}`);
  set[at] = byte | (1 << (index & 7));
}

export function hasSigner(set: SignerSet, index: number): boolean {
  return ((set[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
}

/** The members in ascending order. */
export function signersOf(set: SignerSet): number[] {
  const out: number[] = [];
  for (let at = 0; at < set.length; at++) {
    const byte = set[at] ?? 0;
    for (let bit = 0; bit < 8; bit++) if (byte & (1 << bit)) out.push(at * 8 + bit);
  }
  return out;
}

export function areDisjoint(a: SignerSet, b: SignerSet): boolean {
  for (let i = 0; i < a.length; i++) if ((a[i] ?? 0) & (b[i] ?? 0)) return false;
  return true;
}

/** Is every member of `inner` in `outer`? */
export function isSubset(inner: SignerSet, outer: SignerSet): boolean {
  for (let i = 0; i < inner.length; i++) if ((inner[i] ?? 0) & ~(outer[i] ?? 0)) return false;
  return true;
}

/** Adds the members of `other` to `set`. */
export function addSigners(set: SignerSet, other: SignerSet): void {
  for (let i = 0; i < set.length; i++) set[i] = (set[i] ?? 0) | (other[i] ?? 0);
}

export function isEmptySet(set: SignerSet): boolean {
  return set.every((byte) => byte === 0);
}

/** Does the bitmap name a validator at or above n? */
export function hasStrayBits(set: SignerSet, n: number): boolean {
  const spare = set.length * 8 - n;
  return spare > 0 && ((set[set.length - 1] ?? 0) & (0xff << (8 - spare))) !== 0;
}
