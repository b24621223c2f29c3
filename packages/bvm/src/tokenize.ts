/**
 * Assembler text as tokens.
 *
 * @see spec 20-bvm, section 8.2 "Assembler"
 */
import { BvmError } from "./error.ts";

/** Longest token, characters. */
const MAX_TOKEN_LENGTH = 65534;

const WHITE_SPACE = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export interface Token {
  readonly text: string;
  /** Character offset in the source. */
  readonly position: number;
}

/**
 * Splits text into words and quoted strings; a quote opens a string only at the start of a token.
 * Tokens are given one by one, because the first problem of a text is its error: a bad token before
 * a string without an end.
 *
 * @throws {@link BvmError} `token` for a string without an end | `token-too-long`
 */
export function* tokenize(source: string): Generator<Token, void> {
  for (let position = 0; position < source.length; ) {
    if (WHITE_SPACE.test(source.charAt(position))) {
      position++;
      continue;
    }
    const end =
      source[position] === "'" ? endOfString(source, position) : endOfWord(source, position);
    if (end - position > MAX_TOKEN_LENGTH) throw new BvmError("token-too-long", { position });
    yield { text: source.slice(position, end), position };
    position = end;
  }
}

function endOfWord(source: string, start: number): number {
  let end = start + 1;
  while (end < source.length && !WHITE_SPACE.test(source.charAt(end))) end++;
  return end;
}

function endOfString(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === "'") return i + 1;
  }
  throw new BvmError("token", { position: start, subject: source.slice(start, start + 80) });
}
