/**
 * A hash as a key of a `Map`: 16 UTF-16 code units, a quarter of the hex text and far cheaper to
 * make. Equal bytes give equal keys; the text means nothing else.
 */
export function idKey(id: Uint8Array): string {
  const codes: number[] = [];
  for (let i = 0; i < id.length; i += 2) codes.push((id[i] ?? 0) | ((id[i + 1] ?? 0) << 8));
  return String.fromCharCode(...codes);
}
