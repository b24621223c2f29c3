/**
 * A source text and its positions. Equity is scanned byte by byte, so the text is held as UTF-8
 * with one character a byte, and offsets and columns count bytes.
 *
 * @see spec 30-equity, section 2 "Lexical rules"
 */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };

/** A source text under the name that diagnostics show. */
export interface SourceText {
  /** Name of the file, as the caller or an import wrote it. */
  readonly file: string;
  readonly text: string;
  /** The UTF-8 bytes of the text, one character (U+0000 to U+00FF) a byte. */
  readonly bytes: string;
}

/** Bytes `start <= offset < end` of a source text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A place in a text. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** Bytes after the last newline, from 0. */
  readonly column: number;
}

/** Where in which text. */
export interface Place {
  readonly source: SourceText;
  readonly range: Range;
  /** The position that the historical compiler reports, when it differs from the range's start. */
  readonly position?: Position | undefined;
}

const ASCII = /^[\0-\x7f]*$/;

export function sourceText(text: string, file: string): SourceText {
  return { file, text, bytes: ASCII.test(text) ? text : byteString(text) };
}

/** UTF-8 of a text, one character a byte. */
function byteString(text: string): string {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** Line and column of a byte offset. */
export function positionAt({ bytes }: SourceText, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (let at = bytes.indexOf("\n"); at >= 0 && at < offset; at = bytes.indexOf("\n", lineStart)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart };
}

/** The offset in characters of `source.text` (UTF-16 units, as editors count) of a byte offset. */
export function characterOffset(source: SourceText, offset: number): number {
  if (source.text === source.bytes) return offset;
  let characters = 0;
  for (let i = 0; i < offset && i < source.bytes.length; i++) {
    const byte = source.bytes.charCodeAt(i);
    if (byte < 0x80 || byte >= 0xc0) characters += byte >= 0xf0 ? 2 : 1;
  }
  return characters;
}

declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

/** The text of UTF-8 bytes that a string holds one a character. */
export function textOf(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}
