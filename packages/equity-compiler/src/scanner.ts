/**
 * Reads tokens at a position that only moves forward. There is no token list: what a position
 * holds depends on what is asked for, so `=` matches the first half of `==`.
 *
 * @see spec 30-equity, section 2 "Lexical rules"
 */
import type { Dialect } from "./dialect.ts";
import { EquityError, type EquityErrorFacts, type ParseErrorCode } from "./error.ts";
import { BINARY_OPERATORS, type BinaryOperator } from "./operators.ts";
import { positionAt, type Range, type SourceText } from "./source.ts";

const SLASH = 0x2f;
const NEWLINE = 0x0a;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
/** Digits that a 64-bit number needs at most, leading zeros apart. */
const MAX_DIGITS = 19;

/** A literal with its place. */
export interface Literal<T> {
  readonly value: T;
  readonly range: Range;
}

/** A token that the parser took. */
export interface Token {
  /** Keywords are words that the grammar asks for; every other word is a name or a type. */
  readonly kind: "keyword" | "word" | "literal" | "punctuation";
  readonly text: string;
  readonly range: Range;
}

export class Scanner {
  readonly source: SourceText;
  readonly dialect: Dialect;
  /** End of the last token that was taken, byte offset. */
  #position = 0;
  /** Start of the token behind it; undefined until someone asks. */
  #next: number | undefined;
  readonly #bytes: string;
  readonly #onToken: (token: Token) => void;

  constructor(source: SourceText, dialect: Dialect, onToken: (token: Token) => void) {
    this.#onToken = onToken;
    this.source = source;
    this.dialect = dialect;
    this.#bytes = source.bytes;
  }

  /** End of the last token that was taken, byte offset. */
  get position(): number {
    return this.#position;
  }

  /** Offset of the next token: behind white space and comments. */
  next(): number {
    this.#next ??= this.#findNext();
    return this.#next;
  }

  #findNext(): number {
    const bytes = this.#bytes;
    let at = this.#position;
    for (;;) {
      const byte = bytes.charCodeAt(at);
      if (isSpace(byte)) at++;
      else if (byte === SLASH && bytes.charCodeAt(at + 1) === SLASH) {
        while (at < bytes.length && bytes.charCodeAt(at) !== NEWLINE) at++;
      } else return at;
    }
  }

  /** The identifier that comes next, `""` when there is none. Not taken. */
  peekWord(): string {
    const start = this.next();
    return this.#bytes.slice(start, this.#wordEnd(start));
  }

  /** Takes an identifier. */
  takeWord(): Literal<string> {
    const start = this.next();
    const end = this.#wordEnd(start);
    if (end === start) throw this.failure("expected-identifier");
    return { value: this.#bytes.slice(start, end), range: this.#take("word", start, end) };
  }

  takeKeyword(keyword: string): Range {
    const start = this.next();
    const end = this.#wordEnd(start);
    if (this.#bytes.slice(start, end) !== keyword)
      throw this.failure("expected-keyword", { names: [keyword] });
    return this.#take("keyword", start, end);
  }

  /** Does this punctuation come next? Not taken. */
  peek(token: string): boolean {
    return this.#bytes.startsWith(token, this.next());
  }

  /** Takes punctuation when it comes next. */
  skip(token: string): Range | undefined {
    const start = this.next();
    if (!this.#bytes.startsWith(token, start)) return undefined;
    return this.#take("punctuation", start, start + token.length);
  }

  take(token: string): Range {
    const range = this.skip(token);
    if (range === undefined) throw this.failure("expected-token", { names: [token] });
    return range;
  }

  /** The binary operator that comes next: the longest that fits. Not taken. */
  peekOperator(): BinaryOperator | undefined {
    const start = this.next();
    const bytes = this.#bytes;
    return BINARY_OPERATORS.find(({ symbol }) => bytes.startsWith(symbol, start));
  }

  /**
   * Goes on at the next line that begins with the keyword. A line that begins with `contract` ends
   * the search for a clause.
   */
  seekLine(keyword: "contract" | "clause"): boolean {
    const lines = /\n[\t\r ]*(contract|clause)(?=\s)/g;
    lines.lastIndex = this.#position;
    for (let found = lines.exec(this.#bytes); found !== null; found = lines.exec(this.#bytes)) {
      if (found[1] !== keyword && keyword === "contract") continue;
      if (found[1] !== keyword) return false;
      this.#moveTo(found.index);
      return true;
    }
    if (keyword === "contract") this.seekEnd();
    return false;
  }

  /** Leaves the rest of the text out. */
  seekEnd(): void {
    this.#moveTo(this.#bytes.length);
  }

  takeInteger(): Literal<bigint> | undefined {
    const bytes = this.#bytes;
    const start = this.next();
    const digits = bytes[start] === "-" ? start + 1 : start;
    let end = digits;
    while (isDigit(bytes.charCodeAt(end))) {
      if (bytes[end] === "0" && (bytes[end + 1] === "x" || bytes[end + 1] === "X"))
        return undefined;
      end++;
    }
    if (end === digits) return undefined;
    const significant = bytes.slice(digits, end).replace(/^0+/, "");
    if (significant.length > MAX_DIGITS) return undefined;
    const value = digits === start ? BigInt(significant) : -BigInt(significant);
    if (value > MAX_INT64 || value < MIN_INT64) return undefined;
    return { value, range: this.#take("literal", start, end) };
  }

  /** Takes a quoted string; its value has one character a byte. */
  takeString(): Literal<string> | undefined {
    const bytes = this.#bytes;
    const start = this.next();
    const quote = bytes[start];
    if (quote !== "'" && !(quote === '"' && this.dialect === "0.1.1")) return undefined;
    let value = "";
    let at = start + 1;
    for (; at < bytes.length && bytes[at] !== quote; at++) {
      const escaped = bytes[at] === "\\" ? bytes[at + 1] : undefined;
      const meant = escaped === undefined ? undefined : ESCAPES[escaped];
      if (escaped !== undefined) at++;
      value += meant ?? (escaped === undefined ? bytes[at] : `\\${escaped}`);
    }
    if (at >= bytes.length) throw this.failureAt("unterminated-string", start, start + 1);
    return { value, range: this.#take("literal", start, at + 1) };
  }

  /** Takes a hex literal; its value is lower-case hex digits. */
  takeHex(): Literal<string> | undefined {
    const bytes = this.#bytes;
    const start = this.next();
    if (bytes[start] !== "0" || (bytes[start + 1] !== "x" && bytes[start + 1] !== "X"))
      return undefined;
    // A literal needs at least one byte of text behind its first two digits.
    if (bytes.length - start < 5) return undefined;
    const first = start + 2;
    if (!isHexDigit(bytes.charCodeAt(first)) || !isHexDigit(bytes.charCodeAt(first + 1)))
      return undefined;
    let end = first;
    while (isHexDigit(bytes.charCodeAt(end))) end++;
    // The one byte of text that is left over counts as half a pair, whatever it is.
    if ((end - first) % 2 !== 0 || end === bytes.length - 1)
      throw this.failureAt("odd-hex", start, end);
    return {
      value: bytes.slice(first, end).toLowerCase(),
      range: this.#take("literal", start, end),
    };
  }

  /** An error at the next token; its position is the end of the last one, as always. */
  failure(code: ParseErrorCode | "nesting-too-deep", facts: EquityErrorFacts = {}): EquityError {
    const start = this.next();
    const end = Math.max(this.#wordEnd(start), this.#characterEnd(start));
    const position = positionAt(this.source, this.#position);
    return new EquityError(code, {
      ...facts,
      place: { source: this.source, range: { start, end }, position },
    });
  }

  failureAt(code: ParseErrorCode, start: number, end: number): EquityError {
    return new EquityError(code, { place: { source: this.source, range: { start, end } } });
  }

  #characterEnd(start: number): number {
    let end = Math.min(start + 1, this.#bytes.length);
    while ((this.#bytes.charCodeAt(end) & 0xc0) === 0x80) end++;
    return end;
  }

  #wordEnd(start: number): number {
    const bytes = this.#bytes;
    if (!isWordStart(bytes.charCodeAt(start))) return start;
    let end = start + 1;
    while (isWordStart(bytes.charCodeAt(end)) || isDigit(bytes.charCodeAt(end))) end++;
    return end;
  }

  #moveTo(position: number): void {
    this.#position = position;
    this.#next = undefined;
  }

  #take(kind: Token["kind"], start: number, end: number): Range {
    this.#moveTo(end);
    const range = { start, end };
    this.#onToken({ kind, text: this.#bytes.slice(start, end), range });
    return range;
  }
}

const ESCAPES: { readonly [character: string]: string } = {
  "'": "'",
  '"': '"',
  "\\": "\\",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function isSpace(byte: number): boolean {
  return (byte >= 0x09 && byte <= 0x0d) || byte === 0x20 || byte === 0x85 || byte === 0xa0;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

function isWordStart(byte: number): boolean {
  return (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a) || byte === 0x5f;
}
