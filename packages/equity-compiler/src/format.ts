/**
 * Source texts in one layout: statements on lines of their own, two blanks of indentation, one
 * blank around binary operators. Comments and single empty lines stay where they are.
 */
import type { Dialect } from "./dialect.ts";
import { parse } from "./parser.ts";
import type { Token } from "./scanner.ts";
import { type SourceText, sourceText, textOf } from "./source.ts";

/** What {@link formatSource} is told of a text. */
export interface FormatOptions {
  /** Which grammar the text is in; `0.1.1` when left out. */
  readonly dialect?: Dialect | undefined;
  /** Name of the text in errors; `contract.equity` when left out. */
  readonly file?: string | undefined;
}

/**
 * Formats a source text. Formatting twice is formatting once, and the contracts compile to the same
 * programs.
 *
 * @throws EquityError when the text cannot be parsed
 * @example
 * formatSource("contract A(p:Program) locks q of k{clause s(){lock q of k with p}}");
 */
export function formatSource(text: string, options: FormatOptions = {}): string {
  const { dialect = "0.1.1", file = "contract.equity" } = options;
  const source = sourceText(text, file);
  const tokens: Token[] = [];
  parse(source, dialect, { token: (token) => tokens.push(token) });
  return textOf(new Printer(source).print(tokens));
}

const INDENT = "  ";

/** Keywords that begin a line. */
const LINE_STARTS: ReadonlySet<string> = new Set([
  "import",
  "contract",
  "clause",
  "verify",
  "lock",
  "unlock",
  "define",
  "assign",
  "if",
]);

/** Writes tokens, one character a byte. */
class Printer {
  readonly #source: SourceText;
  #output = "";
  /** Open blocks. */
  #level = 0;
  /** Is nothing but indentation on the current line? */
  #isLineStart = true;

  constructor(source: SourceText) {
    this.#source = source;
  }

  print(tokens: readonly Token[]): string {
    let previous: Token | undefined;
    for (const [index, token] of tokens.entries()) {
      const gap = this.#gap(previous?.range.end ?? 0, token.range.start);
      this.#comments(gap, previous, token);
      this.#separate(tokens[index - 2], previous, token, gap);
      if (token.text === "{") this.#level++;
      this.#write(token.text);
      previous = token;
    }
    const rest = this.#gap(previous?.range.end ?? 0, this.#source.bytes.length);
    this.#comments(rest, previous, undefined);
    if (!this.#isLineStart) this.#newline();
    return this.#output + (rest.ignored === "" ? "" : `${rest.ignored}\n`);
  }

  #separate(
    beforePrevious: Token | undefined,
    previous: Token | undefined,
    token: Token,
    { emptyLineAtEnd, comments }: Gap,
  ): void {
    if (token.text === "}" && token.kind === "punctuation") this.#level--;
    if (previous === undefined) return;
    const isEmptyBlock = isBlock(previous, "{") && isBlock(token, "}") && comments.length === 0;
    if (isEmptyBlock) return;
    if (startsLine(previous, token)) {
      if (!this.#isLineStart) this.#newline();
      const isContract = token.kind === "keyword" && token.text === "contract";
      const isInside = !isBlock(previous, "{") && !isBlock(token, "}");
      if ((emptyLineAtEnd && isInside) || (isContract && comments.length === 0)) this.#emptyLine();
    } else if (!this.#isLineStart && needsBlank(beforePrevious, previous, token))
      this.#output += " ";
  }

  #comments({ comments }: Gap, previous: Token | undefined, next: Token | undefined): void {
    for (const { text, isOwnLine, emptyLineBefore } of comments) {
      if (isOwnLine || previous === undefined) {
        if (!this.#isLineStart) this.#newline();
        const isFirst = previous !== undefined && isBlock(previous, "{");
        if (emptyLineBefore && !isFirst) this.#emptyLine();
        // Inside of a statement the rest of it is indented once more.
        this.#write(text, next !== undefined && !startsLine(previous, next) ? 1 : 0);
      } else this.#write(`${this.#isLineStart ? "" : " "}${text}`);
      this.#newline();
    }
  }

  #write(text: string, extra = 0): void {
    if (this.#isLineStart) this.#output += INDENT.repeat(Math.max(0, this.#level + extra));
    this.#output += text;
    this.#isLineStart = false;
  }

  #newline(): void {
    this.#output += "\n";
    this.#isLineStart = true;
  }

  #emptyLine(): void {
    if (this.#output !== "" && !this.#output.endsWith("\n\n")) this.#output += "\n";
  }

  /** What stands between two tokens. */
  #gap(start: number, end: number): Gap {
    const { bytes } = this.#source;
    const comments: Comment[] = [];
    let at = start;
    let newlines = start === 0 ? 1 : 0;
    for (; at < end; at++) {
      if (bytes[at] === "\n") newlines++;
      else if (bytes.startsWith("//", at)) {
        const lineEnd = bytes.indexOf("\n", at);
        const stop = lineEnd < 0 ? end : lineEnd;
        const text = bytes.slice(at, stop).replace(/[\t-\r ]+$/, "");
        comments.push({ text, isOwnLine: newlines > 0, emptyLineBefore: newlines > 1 });
        newlines = 0;
        at = stop - 1;
      } else if (!WHITE_SPACE.test(bytes.charAt(at))) break;
    }
    const ignored = bytes.slice(at, end).replace(/[\t-\r ]+$/, "");
    return { comments, emptyLineAtEnd: newlines > 1, ignored };
  }
}

interface Comment {
  readonly text: string;
  /** Does it begin its line? */
  readonly isOwnLine: boolean;
  readonly emptyLineBefore: boolean;
}

interface Gap {
  readonly comments: readonly Comment[];
  /** Is there an empty line behind the last comment? */
  readonly emptyLineAtEnd: boolean;
  /** Text that is neither white space nor comment: what stands behind the last contract. */
  readonly ignored: string;
}

const WHITE_SPACE = /[\t-\r \x85\xa0]/;

function isBlock({ kind, text }: Token, brace: "{" | "}"): boolean {
  return kind === "punctuation" && text === brace;
}

function startsLine(previous: Token | undefined, token: Token): boolean {
  if (previous === undefined || isBlock(previous, "{") || isBlock(token, "}")) return true;
  if (token.kind === "keyword" && token.text === "else") return false;
  return isBlock(previous, "}") || (token.kind === "keyword" && LINE_STARTS.has(token.text));
}

/** Is there a blank between two tokens of a line? */
function needsBlank(beforePrevious: Token | undefined, previous: Token, token: Token): boolean {
  if (previous.kind === "punctuation") {
    if (previous.text === "(" || previous.text === "[") return false;
    // A minus that is not part of a literal must not become part of one.
    if (isUnary(beforePrevious, previous)) return previous.text === "-" && isNumber(token);
  }
  if (token.kind !== "punctuation") return true;
  if (token.text === "(") return !endsOperand(previous);
  return !(token.text === ")" || token.text === "]" || token.text === "," || token.text === ":");
}

function isNumber({ kind, text }: Token): boolean {
  return kind === "literal" && /^\d/.test(text);
}

function isUnary(before: Token | undefined, { kind, text }: Token): boolean {
  if (kind !== "punctuation" || !/^[-!~]$/.test(text)) return false;
  return before === undefined || !endsOperand(before);
}

/** Can an operand, or a name that is called or declared, end here? */
function endsOperand({ kind, text }: Token): boolean {
  if (kind === "punctuation") return text === ")" || text === "]";
  return kind !== "keyword";
}
