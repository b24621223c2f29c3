/** Bytes of an ASCII text. */
export function toAscii(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** The part of the platform's `TextDecoder` that is used. */
declare const TextDecoder: new (label: string) => { decode(bytes: Uint8Array): string };

/** The text of ASCII bytes. */
export function fromAscii(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes);
}
