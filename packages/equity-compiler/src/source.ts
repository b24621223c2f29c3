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
export function positionAt(source: SourceText, offset: number): Position {
  const { lineStarts } = indexOf(source);
  let line = 0;
  for (let beyond = lineStarts.length; beyond - line > 1; ) {
    const middle = (line + beyond) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) line = middle;
    else beyond = middle;
  }
  return { line: line + 1, column: offset - (lineStarts[line] ?? 0) };
}

/** The offset in characters of `source.text` (UTF-16 units, as editors count) of a byte offset. */
export function characterOffset(source: SourceText, offset: number): number {
  const { text, bytes } = source;
  if (text === bytes) return offset;
  const step = Math.min(offset, bytes.length) >> STEP_BITS;
  let characters = indexOf(source).characters[step] ?? 0;
  for (let i = step << STEP_BITS; i < offset && i < bytes.length; i++)
    characters += unitsOf(bytes.charCodeAt(i));
  return characters;
}

/** UTF-16 units that a byte begins: none if it continues a character. */
function unitsOf(byte: number): number {
  if (byte >= 0x80 && byte < 0xc0) return 0;
  return byte >= 0xf0 ? 2 : 1;
}

/** What makes positions cheap: a text can have tens of thousands of places to tell of. */
interface SourceIndex {
  /** Byte offset of each line. */
  readonly lineStarts: readonly number[];
  /** UTF-16 units before every 256th byte; empty for an ASCII text, which needs none. */
  readonly characters: readonly number[];
}

const STEP_BITS = 8;

const indexes = /* @__PURE__ */ new WeakMap<SourceText, SourceIndex>();

function indexOf(source: SourceText): SourceIndex {
  const known = indexes.get(source);
  if (known !== undefined) return known;
  const { bytes, text } = source;
  const lineStarts = [0];
  for (let at = bytes.indexOf("\n"); at >= 0; at = bytes.indexOf("\n", at + 1))
    lineStarts.push(at + 1);
  const characters: number[] = [];
  if (text !== bytes) {
    let units = 0;
    for (let i = 0; i <= bytes.length; i++) {
      if (i % (1 << STEP_BITS) === 0) characters.push(units);
      units += unitsOf(bytes.charCodeAt(i));
    }
  }
  const index = { lineStarts, characters };
  indexes.set(source, index);
  return index;
}

declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

/** The text of UTF-8 bytes that a string holds one a character. */
export function textOf(bytes: string): string {
  if (ASCII.test(bytes)) return bytes;
  return new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}
