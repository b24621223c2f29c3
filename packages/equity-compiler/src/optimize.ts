/**
 * The peephole pass over opcode texts.
 *
 * The historical pass replaces ` before ` by ` after ` in the whole text, so a match owns the space
 * behind it: of two matches side by side only the first is replaced in a pass. Tokens are rewritten
 * here instead of text, which is the same because every space separates two tokens, as long as the
 * token behind a match starts no match; so each token can carry what it was generated for.
 *
 * @see spec 30-equity, section 7.8 "Peephole optimiser"
 */

const RULES_TEXT = `
0 ROLL => ; 0 PICK => DUP ; 1 ROLL => SWAP ; 1 PICK => OVER ; 2 ROLL => ROT ; TRUE VERIFY =>
SWAP SWAP => ; OVER OVER => 2DUP ; SWAP OVER => TUCK ; DROP DROP => 2DROP ; SWAP DROP => NIP
5 ROLL 5 ROLL => 2ROT ; 3 PICK 3 PICK => 2OVER ; 3 ROLL 3 ROLL => 2SWAP
2 PICK 2 PICK 2 PICK => 3DUP ; 1 ADD => 1ADD ; 1 SUB => 1SUB ; EQUAL VERIFY => EQUALVERIFY
SWAP TXSIGHASH ROT => TXSIGHASH SWAP ; SWAP EQUAL => EQUAL ; SWAP EQUALVERIFY => EQUALVERIFY
SWAP ADD => ADD ; SWAP BOOLAND => BOOLAND ; SWAP BOOLOR => BOOLOR ; SWAP MIN => MIN
SWAP MAX => MAX ; DUP 2 PICK EQUAL => 2DUP EQUAL ; DUP 2 PICK EQUALVERIFY => 2DUP EQUALVERIFY
DUP 2 PICK ADD => 2DUP ADD ; DUP 2 PICK BOOLAND => 2DUP BOOLAND
DUP 2 PICK BOOLOR => 2DUP BOOLOR ; DUP 2 PICK MIN => 2DUP MIN ; DUP 2 PICK MAX => 2DUP MAX`;

interface Rule {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const RULES: readonly Rule[] = /* @__PURE__ */ RULES_TEXT.trim()
  .split(/;|\n/)
  .map((rule) => {
    const [before = "", after = ""] = rule.split("=>").map((side) => side.trim());
    return { before: before.split(" "), after: after === "" ? [] : after.split(" ") };
  });

/** A token of opcode text and what it was generated for. */
export interface Token<T> {
  readonly text: string;
  readonly origin: T;
}

/** Shortens a sequence of tokens by the rules, in rounds until none changes anything. */
export function optimize<T>(tokens: readonly Token<T>[]): Token<T>[] {
  let current = tokens.slice();
  const texts = new Set(current.map(({ text }) => text));
  for (let changed = true; changed; ) {
    changed = false;
    for (const rule of RULES) {
      if (!rule.before.every((text) => texts.has(text))) continue;
      const next = replaceAll(current, rule);
      if (next === undefined) continue;
      for (const text of rule.after) texts.add(text);
      current = next;
      changed = true;
    }
  }
  return current;
}

/** The tokens with all matches of a rule replaced; undefined when there is none. */
function replaceAll<T>(
  tokens: readonly Token<T>[],
  { before, after }: Rule,
): Token<T>[] | undefined {
  const first = before[0];
  let replaced: Token<T>[] | undefined;
  let copied = 0;
  for (let i = 0; i + before.length <= tokens.length; i++) {
    if (tokens[i]?.text !== first || !matches(tokens, i, before)) continue;
    replaced ??= [];
    for (; copied < i; copied++) push(replaced, tokens[copied]);
    copied = i + before.length;
    for (const [position, text] of after.entries()) {
      const token = tokens[position === after.length - 1 ? copied - 1 : i];
      if (token !== undefined) replaced.push({ text, origin: token.origin });
    }
    // The match owns the space behind it, so the next token cannot begin another one.
    i = copied;
  }
  if (replaced !== undefined)
    for (; copied < tokens.length; copied++) push(replaced, tokens[copied]);
  return replaced;
}

function matches<T>(tokens: readonly Token<T>[], at: number, texts: readonly string[]): boolean {
  for (let i = 1; i < texts.length; i++) if (tokens[at + i]?.text !== texts[i]) return false;
  return true;
}

function push<T>(list: Token<T>[], token: Token<T> | undefined): void {
  if (token !== undefined) list.push(token);
}

/**
 * The peephole pass on a text.
 *
 * @example
 * optimizeText("1 ROLL TXSIGHASH 2 ROLL"); // "TXSIGHASH SWAP"
 */
export function optimizeText(opcodes: string): string {
  const tokens = opcodes.split(" ").map((text) => ({ text, origin: undefined }));
  return optimize(tokens)
    .map(({ text }) => text)
    .join(" ")
    .trim();
}
