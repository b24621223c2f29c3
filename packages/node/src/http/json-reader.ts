/**
 * A JSON reader for requests, as the reference nodes read them: the first value counts and what
 * follows it is ignored, the last of duplicate fields wins, and numbers keep their digits, because
 * 64-bit integers do not fit a JavaScript number.
 *
 * @see spec 60-api, section 1 "Transport"
 */

/** A JSON value whose numbers are {@link JsonNumber}. */
export type JsonValue = null | boolean | string | JsonNumber | JsonValue[] | JsonObject;

export interface JsonObject {
  [name: string]: JsonValue;
}

/** A number as it was written. */
export class JsonNumber {
  readonly literal: string;

  constructor(literal: string) {
    this.literal = literal;
  }

  /** The value when it is written as an integer (no point, no exponent), else undefined. */
  toInteger(): bigint | undefined {
    return /^-?\d+$/.test(this.literal) ? BigInt(this.literal) : undefined;
  }
}

/** Text that does not start with a JSON value. */
export class JsonSyntaxError extends Error {
  override readonly name = "JsonSyntaxError";
}

const MAX_DEPTH = 1000;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Reads the first JSON value of a text.
 *
 * @throws {@link JsonSyntaxError} when there is none, it is incomplete, or nests deeper than 1,000
 */
export function readJson(text: string): JsonValue {
  return new Reader(text).value(0);
}

class Reader {
  private readonly text: string;
  private at = 0;

  constructor(text: string) {
    this.text = text;
  }

  value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new JsonSyntaxError("nested too deep");
    const next = this.peek();
    switch (next) {
      case "{":
        return this.object(depth);
      case "[":
        return this.list(depth);
      case '"':
        return this.string();
      case "t":
        return this.word("true", true);
      case "f":
        return this.word("false", false);
      case "n":
        return this.word("null", null);
      default:
        return new JsonNumber(this.match(NUMBER));
    }
  }

  private object(depth: number): JsonObject {
    const fields: JsonObject = Object.create(null);
    this.at++;
    if (this.take("}")) return fields;
    do {
      this.peek();
      const name = this.string();
      this.expect(":");
      fields[name] = this.value(depth + 1);
    } while (this.take(","));
    this.expect("}");
    return fields;
  }

  private list(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.at++;
    if (this.take("]")) return items;
    do items.push(this.value(depth + 1));
    while (this.take(","));
    this.expect("]");
    return items;
  }

  private string(): string {
    const start = this.at;
    if (this.text[start] !== '"') return this.invalid();
    let end = start + 1;
    for (; this.text[end] !== '"'; end++) {
      if (this.text[end] === "\\") end++;
      if (end >= this.text.length) throw new JsonSyntaxError("unexpected EOF");
    }
    this.at = end + 1;
    try {
      return JSON.parse(this.text.slice(start, this.at));
    } catch {
      throw new JsonSyntaxError(`invalid string at ${start}`);
    }
  }

  private word<T>(word: string, value: T): T {
    for (const letter of word) this.expect(letter, false);
    return value;
  }

  /** The next character that is not white space; it stays unread. */
  private peek(): string {
    SPACE.lastIndex = this.at;
    this.at += SPACE.exec(this.text)?.[0].length ?? 0;
    const next = this.text[this.at];
    if (next === undefined) throw new JsonSyntaxError(this.at === 0 ? "EOF" : "unexpected EOF");
    return next;
  }

  private take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  private expect(character: string, skipSpace = true): void {
    const next = skipSpace ? this.peek() : this.text[this.at];
    if (next === undefined) throw new JsonSyntaxError("unexpected EOF");
    if (next !== character) this.invalid();
    this.at++;
  }

  private match(token: RegExp): string {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0];
    if (found === undefined) return this.invalid();
    this.at += found.length;
    return found;
  }

  private invalid(): never {
    const character = this.text[this.at];
    if (character === undefined) throw new JsonSyntaxError("unexpected EOF");
    throw new JsonSyntaxError(`invalid character ${JSON.stringify(character)} at ${this.at}`);
  }
}
