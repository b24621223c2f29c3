/**
 * A hash as a key of a `Map`: 16 UTF-16 code units, a quarter of the hex text and far cheaper to
 * make. Equal bytes give equal keys; the text means nothing else.
 *
 * @param id 32 bytes, usually
 * @example
 * ```ts
 * const seen = new Map([[idKey(transactionId(transaction)), transaction]]);
 * ```
 */
export function idKey(id: Uint8Array): string {
  if (id.length === 32) return key32(id);
  const codes: number[] = [];
  for (let i = 0; i < id.length; i += 2) codes.push(pairAt(id, i));
  return String.fromCharCode(...codes);
}

/** Written out: without a list of the codes it takes half the time. */
function key32(id: Uint8Array): string {
  return String.fromCharCode(
    pairAt(id, 0),
    pairAt(id, 2),
    pairAt(id, 4),
    pairAt(id, 6),
    pairAt(id, 8),
    pairAt(id, 10),
    pairAt(id, 12),
    pairAt(id, 14),
    pairAt(id, 16),
    pairAt(id, 18),
    pairAt(id, 20),
    pairAt(id, 22),
    pairAt(id, 24),
    pairAt(id, 26),
    pairAt(id, 28),
    pairAt(id, 30),
  );
}

function pairAt(id: Uint8Array, index: number): number {
  return (id[index] ?? 0) | ((id[index + 1] ?? 0) << 8);
}
