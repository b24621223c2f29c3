const PAIRS: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** Bytes as lower-case hex. */
export function toHex(bytes: Uint8Array): string {
  // Joined, not added up: engines keep a sum of strings as a tree of far more bytes.
  const pairs = new Array<string>(bytes.length);
  for (let i = 0; i < bytes.length; i++) pairs[i] = PAIRS[bytes[i] ?? 0] ?? "";
  return pairs.join("");
}

/** The bytes of an even number of hex digits in either case; undefined for any other text. */
export function parseHex(hex: string): Uint8Array | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(hex)) return undefined;
  const bytes = new Uint8Array(hex.length / 2);
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
