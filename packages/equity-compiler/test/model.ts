import { assemble, BvmError } from "@bystack/bvm";
import { toHex } from "../src/hex.ts";
import type { Dialect } from "../src/index.ts";

/**
 * A second compiler, as slow and literal as sections 2 to 7, 9 and 13 of spec 30-equity: each rule
 * where the specification has it, one pass, exceptions for errors. The compiler is compared with it.
 */
export interface ModelContract {
  readonly name: string;
  readonly opcodes: string;
  readonly body: string;
  readonly recursive: boolean;
  readonly inferred: readonly (string | undefined)[];
  readonly clauses: readonly ModelClause[];
}

/** What section 9 says of a clause. */
interface ModelClause {
  readonly name: string;
  readonly inferred: readonly (string | undefined)[];
  readonly blockHeights: readonly string[];
  readonly hashCalls: readonly { hash: string; argument: string; argumentType: string }[];
  readonly contracts: readonly string[];
  /** Absent where variables are written out, whose order the specification calls random. */
  readonly metadata:
    | { readonly values: Value[]; readonly conditionalValues: Condition[] }
    | undefined;
}

interface NameType {
  readonly name: string;
  readonly type: string;
}

interface Value {
  readonly amount: string;
  readonly asset: string;
  readonly program: string | undefined;
  readonly amountParameters: readonly NameType[];
  readonly contractCalls: readonly {
    readonly source: string;
    readonly position: number;
    readonly parameters: readonly NameType[];
  }[];
}

interface Condition {
  readonly source: string;
  readonly parameters: readonly NameType[];
  readonly trueBody: readonly Value[];
  readonly falseBody: readonly Value[];
}

/** An error of section 13; parse errors have a position. */
export class ModelError extends Error {
  readonly code: string;
  readonly names: readonly string[];
  readonly at: { readonly line: number; readonly column: number } | undefined;

  constructor(code: string, names: readonly string[] = [], at?: ModelError["at"]) {
    super(`${code} ${names.join()}`);
    this.code = code.toLowerCase().replaceAll("_", "-");
    this.names = names;
    this.at = at;
  }
}

/** Imports, which are the caller's business. */
export class Unsupported extends Error {}

type Expression =
  | { readonly k: "id"; readonly name: string }
  | { readonly k: "int"; readonly value: bigint }
  | { readonly k: "data"; readonly hex: string }
  | { readonly k: "bool"; readonly value: boolean }
  | { readonly k: "list"; readonly items: readonly Expression[] }
  | { readonly k: "un"; readonly op: string; readonly e: Expression }
  | { readonly k: "bin"; readonly op: string; readonly l: Expression; readonly r: Expression }
  | { readonly k: "call"; readonly f: Expression; readonly args: readonly Expression[] };

type Statement =
  | { readonly k: "verify"; readonly e: Expression }
  | { readonly k: "lock"; readonly a: Expression; readonly s: Expression; readonly p: Expression }
  | { readonly k: "unlock"; readonly a: Expression; readonly s: Expression }
  | { readonly k: "define"; readonly v: string; readonly t: string; readonly e?: Expression }
  | { readonly k: "assign"; readonly v: string; readonly e: Expression }
  | {
      readonly k: "if";
      readonly c: Expression;
      readonly A: readonly Statement[];
      readonly B: readonly Statement[];
    };

interface Parameter {
  readonly name: string;
  readonly type: string;
}

interface Clause {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly statements: readonly Statement[];
}

interface Contract {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly amount: string;
  readonly asset: string;
  readonly clauses: readonly Clause[];
  recursive: boolean;
  body: string | undefined;
}

/** Section 3: precedence, opcodes, operands, result. */
const BINARY: { readonly [op: string]: readonly [number, string, string, string] } = {
  "||": [1, "BOOLOR", "Boolean", "Boolean"],
  "&&": [2, "BOOLAND", "Boolean", "Boolean"],
  ">": [3, "GREATERTHAN", "Integer", "Boolean"],
  "<": [3, "LESSTHAN", "Integer", "Boolean"],
  ">=": [3, "GREATERTHANOREQUAL", "Integer", "Boolean"],
  "<=": [3, "LESSTHANOREQUAL", "Integer", "Boolean"],
  "==": [3, "EQUAL", "", "Boolean"],
  "!=": [3, "EQUAL NOT", "", "Boolean"],
  "^": [4, "XOR", "", ""],
  "|": [4, "OR", "", ""],
  "+": [4, "ADD", "Integer", "Integer"],
  "-": [4, "SUB", "Integer", "Integer"],
  "&": [5, "AND", "", ""],
  "<<": [5, "LSHIFT", "Integer", "Integer"],
  ">>": [5, "RSHIFT", "Integer", "Integer"],
  "%": [5, "MOD", "Integer", "Integer"],
  "*": [5, "MUL", "Integer", "Integer"],
  "/": [5, "DIV", "Integer", "Integer"],
};

const UNARY: { readonly [op: string]: readonly [string, string, string] } = {
  "-": ["NEGATE", "Integer", "Integer"],
  "!": ["NOT", "Boolean", "Boolean"],
  "~": ["INVERT", "", ""],
};

/** Section 4: arguments, opcodes, result; `*` takes any type. */
const BUILTINS: { readonly [name: string]: readonly [string[], string, string] } = {
  sha3: [["*"], "SHA3", "Hash"],
  sha256: [["*"], "SHA256", "Hash"],
  size: [["*"], "SIZE SWAP DROP", "Integer"],
  abs: [["Integer"], "ABS", "Integer"],
  min: [["Integer", "Integer"], "MIN", "Integer"],
  max: [["Integer", "Integer"], "MAX", "Integer"],
  checkTxSig: [["PublicKey", "Signature"], "TXSIGHASH SWAP CHECKSIG", "Boolean"],
  checkMsgSig: [["PublicKey", "Hash", "Sign"], "CHECKSIG", "Boolean"],
  concat: [["*", "*"], "CAT", "String"],
  concatpush: [["*", "*"], "CATPUSHDATA", "String"],
  below: [["Integer"], "BLOCKHEIGHT GREATERTHAN", "Boolean"],
  above: [["Integer"], "BLOCKHEIGHT LESSTHAN", "Boolean"],
  checkTxMultiSig: [["List", "List"], "", "Boolean"],
};

const TYPES =
  "Amount Asset Boolean Hash Integer List Predicate Program PublicKey Signature String".split(" ");
const KEYWORDS =
  "contract clause verify locks of lock with unlock if else define assign true false".split(" ");

export function compileModel(source: string, dialect: Dialect): ModelContract[] {
  const contracts = new Parser(source, dialect).program();
  const global: Level = new Map();
  for (const name of KEYWORDS) global.set(name, { role: "keyword", type: "", declared: "" });
  for (const name of Object.keys(BUILTINS))
    if (name !== "checkMsgSig" || dialect === "0.1.1")
      global.set(name, { role: "built-in function", type: "", declared: "", builtin: name });
  for (const contract of contracts) {
    contract.recursive = contract.clauses.some(({ statements }) =>
      callsItself(statements, contract.name),
    );
    add([global], contract.name, "contract", "Contract", contract);
  }
  return contracts.map((contract) => new Compiler(contract, global, dialect).compile());
}

function callsItself(statements: readonly Statement[], name: string): boolean {
  return statements.some((st) => {
    if (st.k === "if") return callsItself(st.A, name) || callsItself(st.B, name);
    return st.k === "lock" && st.p.k === "call" && st.p.f.k === "id" && st.p.f.name === name;
  });
}

/** Sections 2 and 3. */
class Parser {
  readonly #text: string;
  readonly #dialect: Dialect;
  #pos = 0;

  constructor(source: string, dialect: Dialect) {
    this.#text = Buffer.from(source, "utf8").toString("latin1");
    this.#dialect = dialect;
  }

  #error(code: string, names: readonly string[] = [], at = this.#pos): ModelError {
    const before = this.#text.slice(0, at).split("\n");
    return new ModelError(code, names, {
      line: before.length,
      column: before.at(-1)?.length ?? 0,
    });
  }

  /** Where the next token starts. */
  #start(): number {
    const blank = /(?:[\t-\r \x85\xa0]|\/\/[^\n]*)*/y;
    blank.lastIndex = this.#pos;
    blank.exec(this.#text);
    return blank.lastIndex;
  }

  #match(pattern: RegExp): string | undefined {
    const sticky = new RegExp(pattern.source, "y");
    sticky.lastIndex = this.#start();
    return sticky.exec(this.#text)?.[0];
  }

  #take(token: string): string {
    this.#pos = this.#start() + token.length;
    return token;
  }

  #word(): string {
    return this.#match(/[A-Za-z_][A-Za-z0-9_]*/) ?? "";
  }

  #id(): string {
    const word = this.#word();
    if (word === "") throw this.#error("EXPECTED_IDENTIFIER");
    return this.#take(word);
  }

  #keyword(keyword: string): void {
    if (this.#word() !== keyword) throw this.#error("EXPECTED_KEYWORD", [keyword]);
    this.#take(keyword);
  }

  #is(token: string): boolean {
    return this.#text.startsWith(token, this.#start());
  }

  #token(token: string): void {
    if (!this.#is(token)) throw this.#error("EXPECTED_TOKEN", [token]);
    this.#take(token);
  }

  program(): Contract[] {
    if (this.#dialect === "0.1.1" && this.#word() === "import") throw new Unsupported("import");
    const contracts: Contract[] = [];
    do {
      if (this.#word() !== "contract") throw this.#error("EXPECTED_CONTRACT");
      contracts.push(this.#contract());
    } while (this.#word() === "contract");
    return contracts;
  }

  #contract(): Contract {
    this.#keyword("contract");
    const name = this.#id();
    const parameters = this.#parameters();
    this.#keyword("locks");
    const amount = this.#id();
    this.#keyword("of");
    const asset = this.#id();
    this.#token("{");
    const clauses: Clause[] = [];
    while (!this.#is("}")) {
      this.#keyword("clause");
      clauses.push({
        name: this.#id(),
        parameters: this.#parameters(),
        statements: this.#block(),
      });
    }
    this.#token("}");
    return { name, parameters, amount, asset, clauses, recursive: false, body: undefined };
  }

  #parameters(): Parameter[] {
    const parameters: Parameter[] = [];
    this.#token("(");
    for (let isFirst = true; !this.#is(")"); isFirst = false) {
      if (!isFirst) this.#token(",");
      const names = [this.#id()];
      while (this.#is(",")) {
        this.#take(",");
        names.push(this.#id());
      }
      const type = this.#type();
      parameters.push(...names.map((name) => ({ name, type })));
    }
    this.#token(")");
    return parameters;
  }

  #type(): string {
    this.#token(":");
    const type = this.#id();
    if (TYPES.includes(type) || (type === "Sign" && this.#dialect === "0.1.1")) return type;
    throw this.#error("UNKNOWN_TYPE", [type]);
  }

  #block(): Statement[] {
    const statements: Statement[] = [];
    this.#token("{");
    while (!this.#is("}")) statements.push(this.#statement());
    this.#token("}");
    return statements;
  }

  #statement(): Statement {
    const word = this.#word();
    switch (word) {
      case "verify":
        this.#take(word);
        return { k: "verify", e: this.#expression() };
      case "lock": {
        this.#take(word);
        const a = this.#expression();
        this.#keyword("of");
        const s = this.#expression();
        this.#keyword("with");
        return { k: "lock", a, s, p: this.#expression() };
      }
      case "unlock": {
        this.#take(word);
        const a = this.#expression();
        this.#keyword("of");
        return { k: "unlock", a, s: this.#expression() };
      }
      case "define": {
        this.#take(word);
        const v = this.#id();
        const t = this.#type();
        if (!this.#is("=")) return { k: "define", v, t };
        this.#take("=");
        return { k: "define", v, t, e: this.#expression() };
      }
      case "assign": {
        this.#take(word);
        const v = this.#id();
        this.#token("=");
        return { k: "assign", v, e: this.#expression() };
      }
      case "if": {
        this.#take(word);
        const c = this.#expression();
        const A = this.#block();
        if (this.#word() !== "else") return { k: "if", c, A, B: [] };
        this.#take("else");
        return { k: "if", c, A, B: this.#block() };
      }
      default:
        throw this.#error("UNKNOWN_STATEMENT", [word]);
    }
  }

  #expression(least = 1): Expression {
    let l = this.#unary();
    for (;;) {
      const op = ["||", "&&", ">=", "<=", "==", "!=", "<<", ">>"].find((two) => this.#is(two));
      const symbol = op ?? [..."><^|+-&%*/"].find((one) => this.#is(one));
      const [precedence = 0] = symbol === undefined ? [] : (BINARY[symbol] ?? []);
      if (symbol === undefined || precedence < least) return l;
      this.#take(symbol);
      l = { k: "bin", op: symbol, l, r: this.#expression(precedence + 1) };
    }
  }

  #unary(): Expression {
    const literal = this.#literal();
    if (literal !== undefined) return literal;
    for (const op of ["-", "!", "~"])
      if (this.#is(op)) {
        this.#take(op);
        return { k: "un", op, e: this.#unary() };
      }
    const f = this.#primary();
    if (!this.#is("(")) return f;
    return { k: "call", f, args: this.#list("(", ")") };
  }

  #primary(): Expression {
    if (this.#is("(")) {
      this.#take("(");
      const inner = this.#expression();
      this.#token(")");
      return inner;
    }
    if (this.#is("[")) return { k: "list", items: this.#list("[", "]") };
    return { k: "id", name: this.#id() };
  }

  #list(open: string, close: string): Expression[] {
    const items: Expression[] = [];
    this.#token(open);
    while (!this.#is(close)) {
      if (items.length > 0) this.#token(",");
      items.push(this.#expression());
    }
    this.#token(close);
    return items;
  }

  #literal(): Expression | undefined {
    const start = this.#start();
    const digits = this.#match(/-?[0-9]+/);
    if (digits !== undefined) {
      const behind = this.#text.charAt(start + digits.length).toLowerCase();
      const value = BigInt(digits);
      const isHex = digits.endsWith("0") && behind === "x";
      if (!isHex && BigInt.asIntN(64, value) === value) {
        this.#take(digits);
        return { k: "int", value };
      }
    }
    return this.#string(start) ?? this.#hex(start) ?? this.#boolean();
  }

  #string(start: number): Expression | undefined {
    const quote = this.#text.charAt(start);
    if (quote !== "'" && (quote !== '"' || this.#dialect === "node")) return undefined;
    const escapes: { readonly [letter: string]: string } = {
      ...{ "'": "'", '"': '"', "\\": "\\", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" },
    };
    let value = "";
    let at = start + 1;
    while (this.#text.charAt(at) !== quote) {
      if (at >= this.#text.length) throw this.#error("UNTERMINATED_STRING", [], start);
      const letter = this.#text.charAt(at++);
      if (letter !== "\\" || at >= this.#text.length) value += letter;
      else {
        const escaped = this.#text.charAt(at++);
        value += escapes[escaped] ?? `\\${escaped}`;
      }
    }
    this.#pos = at + 1;
    return { k: "data", hex: Buffer.from(value, "latin1").toString("hex") };
  }

  #hex(start: number): Expression | undefined {
    const literal = this.#match(/0[xX][0-9a-fA-F]{2}[0-9a-fA-F]*/);
    if (literal === undefined || start + 4 >= this.#text.length) return undefined;
    const end = start + literal.length;
    if (literal.length % 2 !== 0 || end === this.#text.length - 1)
      throw this.#error("ODD_HEX", [], start);
    this.#take(literal);
    return { k: "data", hex: literal.slice(2).toLowerCase() };
  }

  #boolean(): Expression | undefined {
    const word = this.#word();
    if (word !== "true" && word !== "false") return undefined;
    this.#take(word);
    return { k: "bool", value: word === "true" };
  }
}

/** Section 7.7. */
function textOf(e: Expression): string {
  switch (e.k) {
    case "id":
      return e.name;
    case "int":
      return `${e.value}`;
    case "data":
      return `0x${e.hex}`;
    case "bool":
      return `${e.value}`;
    case "list":
      return `[${e.items.map(textOf).join(", ")}]`;
    case "un":
      return e.op + textOf(e.e);
    case "bin":
      return `(${textOf(e.l)} ${e.op} ${textOf(e.r)})`;
    default:
      return `${textOf(e.f)}(${e.args.map(textOf).join(", ")})`;
  }
}

function identifiers(e: Expression): string[] {
  switch (e.k) {
    case "id":
      return [e.name];
    case "list":
      return e.items.flatMap(identifiers);
    case "un":
      return identifiers(e.e);
    case "bin":
      return [...identifiers(e.l), ...identifiers(e.r)];
    case "call":
      return [...identifiers(e.f), ...e.args.flatMap(identifiers)];
    default:
      return [];
  }
}

function own(st: Statement): string[] {
  switch (st.k) {
    case "lock":
      return [st.a, st.s, st.p].flatMap(identifiers);
    case "unlock":
      return [st.a, st.s].flatMap(identifiers);
    case "if":
      return identifiers(st.c);
    default:
      return st.e === undefined ? [] : identifiers(st.e);
  }
}

function mentioned(statements: readonly Statement[]): string[] {
  return statements.flatMap((st) =>
    st.k === "if" ? [...own(st), ...mentioned(st.A), ...mentioned(st.B)] : own(st),
  );
}

function setsVariables(statements: readonly Statement[]): boolean {
  return statements.some((st) => {
    if (st.k === "if") return setsVariables(st.A) || setsVariables(st.B);
    return st.k === "define" || st.k === "assign";
  });
}

/** Section 7.3. */
function countable(statements: readonly Statement[], dialect: Dialect): string[] {
  return statements.flatMap((st): string[] => {
    if (dialect === "0.1.1") {
      if (st.k === "unlock") return [];
      if (st.k !== "if") return own(st);
      return [...own(st), ...countable(st.A, dialect), ...countable(st.B, dialect)];
    }
    return st.k === "if" ? [...own(st), ...[...st.A, ...st.B].flatMap(own)] : own(st);
  });
}

type Counts = Map<string, number>;

function tally(names: readonly string[], counts: Counts = new Map()): Counts {
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

interface Entry {
  readonly role: string;
  readonly declared: string;
  type: string;
  readonly builtin?: string;
  readonly contract?: Contract | undefined;
}

type Level = Map<string, Entry>;

/** Section 5. */
function add(levels: readonly Level[], name: string, role: string, type: string, of?: Contract) {
  for (const level of levels) {
    const other = level.get(name);
    if (other !== undefined) throw new ModelError("NAME_CONFLICT", [role, name, other.role]);
  }
  levels.at(-1)?.set(name, { role, type, declared: type, contract: of });
}

/** Section 7.1. */
interface Cell {
  name: string;
  readonly below: Cell | undefined;
}

const SUBTYPE = /^Sha/;

class Compiler {
  readonly #contract: Contract;
  readonly #dialect: Dialect;
  readonly #levels: Level[];
  readonly #items: string[] = [];
  #stack: Cell | undefined;
  #isPending = false;
  #counts: Counts = new Map();
  #clause: Clause;
  #ifs = 0;
  #indexes = new Map<Statement, number>();
  #described: { -readonly [K in keyof ModelClause]: ModelClause[K] }[] = [];
  #heights: string[] = [];
  #hashCalls: { hash: string; argument: string; argumentType: string }[] = [];
  #called: string[] = [];

  constructor(contract: Contract, global: Level, dialect: Dialect) {
    this.#contract = contract;
    this.#dialect = dialect;
    this.#levels = [global, new Map()];
    this.#clause = contract.clauses[0] ?? { name: "", parameters: [], statements: [] };
  }

  compile(): ModelContract {
    const { name, parameters, amount, asset, clauses, recursive } = this.#contract;
    if (clauses.length === 0) throw new ModelError("EMPTY_CONTRACT");
    for (const one of parameters) add(this.#levels, one.name, "contract parameter", one.type);
    add(this.#levels, amount, "contract value", "Amount");
    add(this.#levels, asset, "contract value", "Asset");
    for (const clause of clauses) add(this.#levels, clause.name, "clause", "");
    for (const one of parameters)
      if (one.type === "Signature") throw new ModelError("SIG_PARAM", [one.name]);
    for (const one of parameters)
      if (!clauses.some(({ statements }) => mentioned(statements).includes(one.name)))
        throw new ModelError("PARAM_UNUSED", [one.name]);
    if (clauses.length > 1) this.#push("<clause selector>");
    for (const one of [...parameters].reverse()) this.#push(one.name);
    if (recursive) this.#push(name);
    if (clauses.length === 1) for (const clause of clauses) this.#compileClause(clause);
    else this.#choose();
    const opcodes = optimizeModel(this.#items.join(" "));
    let body: string;
    try {
      body = toHex(assemble(opcodes));
    } catch (error) {
      if (!(error instanceof BvmError) || error.code !== "label-redefined") throw error;
      throw new ModelError("LABEL_REDEFINED", [(error.subject ?? "").slice(1)]);
    }
    this.#contract.body = body;
    const inferred = this.#inferred(parameters, this.#levels[1]);
    return { name, opcodes, body, recursive, inferred, clauses: this.#described };
  }

  #inferred(parameters: readonly Parameter[], level: Level | undefined): (string | undefined)[] {
    return parameters.map(({ name }) => {
      const entry = level?.get(name);
      return entry?.type === entry?.declared ? undefined : entry?.type;
    });
  }

  /** Section 9, as far as no variable is written out. */
  #describe(statements: readonly Statement[]): NonNullable<ModelClause["metadata"]> {
    const values: Value[] = [];
    const conditionalValues: Condition[] = [];
    const { amount, asset } = this.#contract;
    for (const st of statements) {
      if (st.k === "unlock")
        values.push({
          amount,
          asset,
          program: undefined,
          amountParameters: [],
          contractCalls: [],
        });
      if (st.k === "lock") values.push(this.#lockValue(st));
      if (st.k !== "if" || this.#dialect === "node") continue;
      const [A, B] = [this.#describe(st.A), this.#describe(st.B)];
      conditionalValues.unshift(...A.conditionalValues);
      conditionalValues.unshift(...B.conditionalValues);
      conditionalValues.unshift({
        source: textOf(st.c),
        parameters: this.#parametersOf(st.c),
        trueBody: A.values,
        falseBody: B.values,
      });
    }
    return { values, conditionalValues };
  }

  #lockValue({ a, s, p }: Statement & { k: "lock" }): Value {
    const texts = { amount: textOf(a), asset: textOf(s), program: textOf(p) };
    if (this.#dialect === "node") return { ...texts, amountParameters: [], contractCalls: [] };
    const isExpression = !["id", "int", "data", "bool", "list"].includes(a.k);
    const callee = p.k === "call" && p.f.k === "id" ? this.#lookup(p.f.name)?.contract : undefined;
    const args = p.k === "call" && callee !== undefined ? p.args : [];
    if (callee !== undefined && args.length === 0) texts.program = `${callee.name}(`;
    return {
      ...texts,
      amountParameters: isExpression ? this.#parametersOf(a) : [],
      contractCalls: args.flatMap((argument, position) =>
        argument.k === "id"
          ? []
          : [{ source: textOf(argument), position, parameters: this.#parametersOf(argument) }],
      ),
    };
  }

  #parametersOf(e: Expression): NameType[] {
    const roles = ["contract parameter", "contract value", "clause parameter"];
    return [...new Set(identifiers(e))].sort().flatMap((name) => {
      const entry = this.#lookup(name);
      return entry !== undefined && roles.includes(entry.role) ? [{ name, type: entry.type }] : [];
    });
  }

  /** Section 7.2, layout with more than one clause. */
  #choose(): void {
    const { parameters, clauses, recursive } = this.#contract;
    if (parameters.length > 0) this.#roll(parameters.length + (recursive ? 1 : 0));
    for (let i = clauses.length - 1; i >= 2; i--) {
      this.#emit("DUP");
      this.#emit(`${i}`);
      this.#emit("NUMEQUAL");
      this.#emit(`JUMPIF:$${clauses[i]?.name}`);
    }
    const withSelector = this.#stack;
    this.#emit(`JUMPIF:$${clauses[1]?.name}`);
    const without = withSelector?.below;
    for (const [i, clause] of clauses.entries()) {
      this.#emit(`$${clause.name}`);
      this.#stack = i < 2 ? without : withSelector;
      if (i >= 2) {
        this.#emit("DROP");
        this.#stack = this.#stack?.below;
      }
      this.#compileClause(clause);
      if (i < clauses.length - 1) this.#emit("JUMP:$_end");
    }
    this.#emit("$_end");
  }

  #compileClause(clause: Clause): void {
    this.#clause = clause;
    this.#levels.splice(2, 1, new Map());
    for (const one of clause.parameters) add(this.#levels, one.name, "clause parameter", one.type);
    this.#numberOutputs(clause);
    this.#counts = tally(countable(clause.statements, this.#dialect));
    const names: string[] = [];
    for (let cell = this.#stack; cell !== undefined; cell = cell.below) names.unshift(cell.name);
    this.#stack = undefined;
    for (const one of clause.parameters) this.#push(one.name);
    for (const name of names) this.#push(name);
    [this.#heights, this.#hashCalls, this.#called] = [[], [], []];
    for (const st of clause.statements) this.#statement(st);
    this.#isPending = false;
    const metadata =
      this.#dialect === "node" || !setsVariables(clause.statements)
        ? this.#describe(clause.statements)
        : undefined;
    const described = {
      name: clause.name,
      inferred: [] as (string | undefined)[],
      blockHeights: this.#heights,
      hashCalls: this.#hashCalls,
      contracts: this.#called,
      metadata,
    };
    this.#described.push(described);
    this.#checkTypes(clause.statements);
    for (const one of clause.parameters)
      if (!mentioned(clause.statements).includes(one.name))
        throw new ModelError("CLAUSE_PARAM_UNUSED", [one.name, clause.name]);
    described.inferred = this.#inferred(clause.parameters, this.#levels[2]);
  }

  /** Section 7.5, output indexes. */
  #numberOutputs({ statements, name }: Clause): void {
    const visit = (st: Statement, next: number, isLast: boolean): number => {
      if (st.k === "lock") this.#indexes.set(st, next);
      if (st.k === "lock" || st.k === "unlock") return next + 1;
      if (st.k !== "if") return next;
      let [a, b] = [next, next];
      for (const inner of st.A) a = visit(inner, a, isLast);
      for (const inner of st.B) b = visit(inner, b, isLast);
      if (a === b) return a;
      return isLast ? next : -1;
    };
    let next = 0;
    for (const [i, st] of statements.entries()) {
      next = visit(st, next, i === statements.length - 1);
      if (next < 0 && st.k === "if") throw new ModelError("IF_LOCK_COUNT", [name]);
    }
  }

  /** Section 6.1. */
  #checkTypes(statements: readonly Statement[]): void {
    const { amount, asset } = this.#contract;
    const clause = this.#clause.name;
    const isNumber = (type: string) => type === "Integer" || type === "Amount";
    for (const st of statements) {
      switch (st.k) {
        case "verify": {
          const type = this.#type(st.e);
          if (type !== "Boolean") throw new ModelError("VERIFY_TYPE", [clause, type]);
          break;
        }
        case "define":
        case "assign": {
          if (st.e === undefined) break;
          const must = st.k === "define" ? st.t : (this.#lookup(st.v)?.declared ?? "");
          const has = this.#type(st.e);
          const isHash = SUBTYPE.test(has) && (must === "Hash" || this.#dialect === "node");
          if (has !== must && !isHash)
            throw new ModelError(`${st.k.toUpperCase()}_TYPE`, [clause, has, must]);
          break;
        }
        case "lock": {
          const [a, s, p] = [this.#type(st.a), this.#type(st.s), this.#type(st.p)];
          if (!isNumber(a)) throw new ModelError("LOCK_AMOUNT_TYPE", [textOf(st.a), clause, a]);
          if (s !== "Asset") throw new ModelError("LOCK_ASSET_TYPE", [textOf(st.s), clause, s]);
          if (p !== "Program") throw new ModelError("LOCK_PROGRAM_TYPE", [clause, p]);
          break;
        }
        case "unlock": {
          const [a, s] = [this.#type(st.a), this.#type(st.s)];
          if (!isNumber(a)) throw new ModelError("UNLOCK_AMOUNT_TYPE", [textOf(st.a), clause, a]);
          if (s !== "Asset") throw new ModelError("UNLOCK_ASSET_TYPE", [textOf(st.s), clause, s]);
          const isValue =
            textOf(st.s) === asset && (this.#dialect === "0.1.1" || textOf(st.a) === amount);
          if (!isValue)
            throw new ModelError("UNLOCK_NOT_CONTRACT_VALUE", [textOf(st.a), textOf(st.s), clause]);
          break;
        }
        default:
          this.#checkTypes(st.A);
          this.#checkTypes(st.B);
      }
    }
  }

  #lookup(name: string): Entry | undefined {
    return this.#levels.map((level) => level.get(name)).find((entry) => entry !== undefined);
  }

  /** Section 6.2. */
  #type(e: Expression): string {
    switch (e.k) {
      case "id":
        return this.#lookup(e.name)?.type ?? "";
      case "int":
        return "Integer";
      case "data":
        return "String";
      case "bool":
        return "Boolean";
      case "list":
        return "List";
      case "un":
        return UNARY[e.op]?.[2] ?? "";
      case "bin":
        return BINARY[e.op]?.[3] ?? "";
      default: {
        const entry = e.f.k === "id" ? this.#lookup(e.f.name) : undefined;
        if (entry?.contract !== undefined) return "Program";
        if (entry?.builtin === undefined) return this.#type(e.f) === "Predicate" ? "Boolean" : "";
        const [argument] = e.args;
        const isHash = entry.builtin === "sha3" || entry.builtin === "sha256";
        const inner = argument === undefined ? "" : this.#type(argument);
        if (isHash && (inner === "String" || inner === "PublicKey"))
          return `${entry.builtin === "sha3" ? "Sha3" : "Sha256"}(${inner})`;
        return BUILTINS[entry.builtin]?.[2] ?? "";
      }
    }
  }

  // Section 7.2: emission and the model stack.

  #emit(text: string): void {
    if (this.#isPending) this.#items.push("VERIFY");
    this.#isPending = false;
    this.#items.push(text);
  }

  #push(name: string): void {
    this.#stack = { name, below: this.#stack };
  }

  #pop(count = 1): void {
    for (let i = 0; i < count; i++) this.#stack = this.#stack?.below;
  }

  #verify(): void {
    if (this.#isPending) this.#items.push("VERIFY");
    this.#isPending = true;
    this.#pop();
  }

  #nth(depth: number): string {
    let cell = this.#stack;
    for (let i = 0; i < depth; i++) cell = cell?.below;
    return cell?.name ?? "";
  }

  #find(name: string): number {
    let found = -1;
    let depth = 0;
    for (let cell = this.#stack; cell !== undefined; cell = cell.below, depth++)
      if (cell.name === name) found = depth;
    return found;
  }

  #move(depth: number): void {
    const above: string[] = [];
    for (let i = 0; i < depth; i++) above.unshift(this.#nth(i));
    const name = this.#nth(depth);
    this.#pop(depth + 1);
    for (const one of above) this.#push(one);
    this.#push(name);
  }

  #roll(depth: number): void {
    this.#emit(`${depth}`);
    this.#emit("ROLL");
    this.#move(depth);
  }

  /** Section 7.3. */
  #reference(name: string): void {
    const depth = this.#find(name);
    if (depth < 0) throw new ModelError("UNDEFINED_REFERENCE", [name]);
    const count = this.#counts.get(name) ?? 0;
    if (count > 0) this.#counts.set(name, count - 1);
    const isFinal = count > 0 && count - 1 === 0;
    if (isFinal) {
      if (depth === 1) {
        this.#emit("SWAP");
        this.#move(1);
      } else if (depth > 1) this.#roll(depth);
      return;
    }
    if (depth < 2) this.#emit(depth === 0 ? "DUP" : "OVER");
    else {
      this.#emit(`${depth}`);
      this.#emit("PICK");
    }
    this.#push(name);
  }

  /** Section 7.4. */
  #valueReferences(e: Expression): void {
    if (this.#dialect === "node") return;
    const references = tally(identifiers(e));
    this.#valueReference(this.#contract.amount, "AMOUNT", references);
    this.#valueReference(this.#contract.asset, "ASSET", references);
  }

  #valueReference(name: string, opcode: string, references: Counts): void {
    const count = references.get(name) ?? 0;
    if (count === 0) return;
    this.#counts.set(name, count);
    this.#emit(opcode);
    this.#push(name);
  }

  /** Section 7.5. */
  #statement(st: Statement): void {
    switch (st.k) {
      case "verify":
        this.#valueReferences(st.e);
        this.#expression(st.e);
        this.#verify();
        if (st.e.k !== "call" || st.e.f.k !== "id" || !/^(below|above)$/.test(st.e.f.name)) break;
        this.#heights.push(...st.e.args.map(textOf));
        break;
      case "unlock":
        if (this.#clause.statements.length === 1) {
          this.#emit("TRUE");
          this.#push("true");
        }
        break;
      case "define":
        add(this.#levels, st.v, "clause variable", st.t);
        if ((this.#counts.get(st.v) ?? 0) === 0)
          throw new ModelError("DEFINE_UNUSED", [st.v, this.#clause.name]);
        if (st.e === undefined) break;
        this.#valueReferences(st.e);
        this.#expression(st.e);
        if (this.#stack !== undefined) this.#stack.name = st.v;
        break;
      case "assign":
        this.#assign(st.v, st.e);
        break;
      case "lock":
        this.#lock(st);
        break;
      default:
        this.#if(st);
    }
  }

  #assign(v: string, e: Expression): void {
    const entry = this.#lookup(v);
    if (entry === undefined) throw new ModelError("ASSIGN_UNDEFINED", [v, this.#clause.name]);
    if (entry.role !== "clause variable")
      throw new ModelError("ASSIGN_NOT_A_VARIABLE", [this.#clause.name]);
    let c = this.#counts.get(v) ?? 0;
    const t = tally(identifiers(e)).get(v) ?? 0;
    if (t > 0) {
      this.#counts.set(v, 1);
      c -= t;
    } else {
      const depth = this.#find(v);
      if (depth < 0) throw new ModelError("CRASH");
      if (depth === 1) {
        this.#emit("SWAP");
        this.#move(1);
      } else if (depth > 1) this.#roll(depth);
      this.#emit("DROP");
      this.#pop();
    }
    this.#valueReferences(e);
    this.#expression(e);
    if (t > 0) this.#counts.set(v, c);
    if (this.#stack !== undefined) this.#stack.name = v;
  }

  #lock(st: Statement & { k: "lock" }): void {
    const { amount, asset } = this.#contract;
    const index = `${this.#indexes.get(st)}`;
    this.#emit(index);
    this.#push(index);
    const references = tally(own(st));
    for (const [e, name, opcode] of [
      [st.a, amount, "AMOUNT"],
      [st.s, asset, "ASSET"],
    ] as const) {
      if (textOf(e) === name) {
        this.#emit(opcode);
        this.#push(name);
      } else {
        this.#valueReference(name, opcode, references);
        this.#expression(e);
      }
    }
    this.#emit("1");
    this.#push("1");
    this.#expression(st.p);
    this.#emit("CHECKOUTPUT");
    this.#pop(5);
    this.#push("checkOutput()");
    this.#verify();
  }

  #if({ c, A, B }: Statement & { k: "if" }): void {
    const k = ++this.#ifs;
    this.#valueReferences(c);
    this.#expression(c);
    this.#emit("NOT");
    this.#emit("NOP");
    this.#emit(`JUMPIF:$${B.length > 0 ? "else" : "endif"}_${k}`);
    this.#pop();
    this.#emit(`$if_${k}`);
    const S = this.#stack;
    const E = new Map(this.#counts);
    if (A.length > 0) this.#body(A);
    if (B.length > 0) {
      const changed = this.#counts;
      this.#counts = E;
      this.#stack = S;
      this.#emit(`JUMP:$endif_${k}`);
      this.#emit(`$else_${k}`);
      this.#body(B);
      this.#counts = changed;
    }
    this.#emit(`$endif_${k}`);
  }

  #body(statements: readonly Statement[]): void {
    if (statements.some((st) => st.k === "define" && st.e === undefined))
      throw new ModelError("CRASH");
    tally(statements.flatMap(own), this.#counts);
    for (const st of statements) this.#statement(st);
  }

  /** Section 7.6. */
  #expression(e: Expression): void {
    switch (e.k) {
      case "id":
        this.#reference(e.name);
        break;
      case "int":
        this.#emit(`${e.value}`);
        this.#push(`${e.value}`);
        break;
      case "data":
        this.#emit(dataText(e.hex));
        this.#push(`0x${e.hex}`);
        break;
      case "bool":
        this.#emit(e.value ? "TRUE" : "FALSE");
        this.#push(`${e.value}`);
        break;
      case "list":
        throw new ModelError("LIST_OUTSIDE_CALL");
      case "un": {
        const [opcodes = "", must = ""] = UNARY[e.op] ?? [];
        this.#expression(e.e);
        const has = this.#type(e.e);
        if (must !== "" && has !== must)
          throw new ModelError("UNARY_OPERAND_TYPE", [textOf(e), has, must]);
        this.#emit(opcodes);
        break;
      }
      case "bin":
        this.#binary(e);
        break;
      default:
        this.#call(e);
    }
  }

  #binary(e: Expression & { k: "bin" }): void {
    const [, opcodes = "", must = ""] = BINARY[e.op] ?? [];
    this.#expression(e.l);
    this.#expression(e.r);
    for (const [side, operand] of [
      ["LEFT", e.l],
      ["RIGHT", e.r],
    ] as const) {
      const has = this.#type(operand);
      const isFit = has === must || (must === "Integer" && has === "Amount");
      if (must !== "" && !isFit)
        throw new ModelError(`${side}_OPERAND_TYPE`, [textOf(e), has, must]);
    }
    if (e.op === "==" || e.op === "!=") {
      const [l, r] = [this.#type(e.l), this.#type(e.r)];
      const narrow = (operand: Expression, type: string) => {
        const entry = operand.k === "id" ? this.#lookup(operand.name) : undefined;
        if (entry !== undefined) entry.type = type;
      };
      if (l === "Hash" && SUBTYPE.test(r)) narrow(e.l, r);
      else if (r === "Hash" && SUBTYPE.test(l)) narrow(e.r, l);
      else if (l !== r) throw new ModelError("TYPE_MISMATCH", [textOf(e), l, r]);
      if (l === "Boolean") throw new ModelError("BOOLEAN_COMPARE", [textOf(e), e.op]);
    }
    this.#emit(opcodes);
    this.#pop(2);
    this.#push(textOf(e));
  }

  #elements(items: readonly Expression[]): number {
    for (const item of [...items].reverse()) this.#expression(item);
    this.#emit(`${items.length}`);
    this.#push(`${items.length}`);
    return items.length + 1;
  }

  #call(e: Expression & { k: "call" }): void {
    const entry = e.f.k === "id" ? this.#lookup(e.f.name) : undefined;
    if (entry?.builtin !== undefined) this.#builtin(e, entry.builtin);
    else if (entry?.contract !== undefined) this.#compose(e, entry.contract);
    else throw new ModelError("UNKNOWN_FUNCTION", [textOf(e.f)]);
  }

  #builtin(e: Expression & { k: "call" }, name: string): void {
    const [must = [], opcodes = ""] = BUILTINS[name] ?? [];
    if (e.args.length !== must.length)
      throw new ModelError("BUILTIN_ARG_COUNT", [name, `${e.args.length}`, `${must.length}`]);
    if (name === "checkTxMultiSig") {
      for (const [i, argument] of e.args.entries())
        if (argument.k !== "list") throw new ModelError("MULTISIG_NEEDS_LIST", [`${i}`]);
      const [keys, signatures] = e.args.map((one) => (one.k === "list" ? one.items : []));
      const s = this.#elements(signatures ?? []);
      this.#emit("TOALTSTACK");
      this.#pop();
      this.#emit("TXSIGHASH");
      this.#push("<txsighash>");
      const k = this.#elements(keys ?? []);
      this.#emit("FROMALTSTACK");
      this.#push("<count>");
      this.#emit("SWAP");
      this.#move(1);
      this.#emit("CHECKMULTISIG");
      // As the `steps` of the vectors have it: the cell of TXSIGHASH stays.
      this.#pop(k + s);
      this.#push(textOf(e));
      return;
    }
    let cells = 0;
    for (const argument of [...e.args].reverse()) {
      if (argument.k === "list") cells += this.#elements(argument.items);
      else {
        this.#expression(argument);
        cells++;
      }
    }
    for (const [i, argument] of e.args.entries()) {
      const has = this.#type(argument);
      if (must[i] !== "*" && has !== must[i])
        throw new ModelError("BUILTIN_ARG_TYPE", [`${i}`, name, has, must[i] ?? ""]);
    }
    const [first] = e.args;
    if ((name === "sha3" || name === "sha256") && first !== undefined)
      this.#hashCalls.push({
        hash: name,
        argument: textOf(first),
        argumentType: this.#type(first),
      });
    this.#emit(opcodes);
    this.#pop(cells);
    this.#push(textOf(e));
  }

  #compose(e: Expression & { k: "call" }, callee: Contract): void {
    const join = (opcode: string) => {
      this.#emit(opcode);
      this.#pop(2);
      this.#push("<program>");
    };
    const piece = (text: string) => {
      this.#emit(text);
      this.#push("<piece>");
    };
    const { name, parameters, body } = callee;
    this.#called.push(name);
    piece("0");
    if (e.args.length !== parameters.length)
      throw new ModelError("CONTRACT_ARG_COUNT", [
        name,
        `${parameters.length}`,
        `${e.args.length}`,
      ]);
    for (let i = parameters.length - 1; i >= 0; i--) {
      const argument = e.args[i] ?? { k: "bool", value: false };
      const must = parameters[i]?.type ?? "";
      const has = this.#type(argument);
      if (has !== must && !(must === "Amount" && has === "Integer"))
        throw new ModelError("CONTRACT_ARG_TYPE", [`${i}`, name, has, must]);
      this.#expression(argument);
      join("CATPUSHDATA");
    }
    if (callee === this.#contract) {
      this.#reference(name);
      join("CATPUSHDATA");
    } else {
      if (!callee.recursive) {
        piece("116");
        join("CAT");
      }
      if (body === undefined) throw new ModelError("CONTRACT_NOT_COMPILED_YET", [name]);
      piece(dataText(body));
      join("CATPUSHDATA");
    }
    if (callee.recursive) {
      piece("0x7478");
      join("CAT");
    }
    piece("0");
    join("CATPUSHDATA");
    piece("192");
    join("CAT");
    if (this.#stack !== undefined) this.#stack.name = textOf(e);
  }
}

function dataText(hex: string): string {
  if (hex === "") return "0";
  return hex.length === 2 ? `${Number.parseInt(hex, 16)}` : `0x${hex}`;
}

/** Section 7.8. */
export const RULES: readonly (readonly [before: string, after: string])[] = [
  ["0 ROLL", ""],
  ["0 PICK", "DUP"],
  ["1 ROLL", "SWAP"],
  ["1 PICK", "OVER"],
  ["2 ROLL", "ROT"],
  ["TRUE VERIFY", ""],
  ["SWAP SWAP", ""],
  ["OVER OVER", "2DUP"],
  ["SWAP OVER", "TUCK"],
  ["DROP DROP", "2DROP"],
  ["SWAP DROP", "NIP"],
  ["5 ROLL 5 ROLL", "2ROT"],
  ["3 PICK 3 PICK", "2OVER"],
  ["3 ROLL 3 ROLL", "2SWAP"],
  ["2 PICK 2 PICK 2 PICK", "3DUP"],
  ["1 ADD", "1ADD"],
  ["1 SUB", "1SUB"],
  ["EQUAL VERIFY", "EQUALVERIFY"],
  ["SWAP TXSIGHASH ROT", "TXSIGHASH SWAP"],
  ["SWAP EQUAL", "EQUAL"],
  ["SWAP EQUALVERIFY", "EQUALVERIFY"],
  ["SWAP ADD", "ADD"],
  ["SWAP BOOLAND", "BOOLAND"],
  ["SWAP BOOLOR", "BOOLOR"],
  ["SWAP MIN", "MIN"],
  ["SWAP MAX", "MAX"],
  ["DUP 2 PICK EQUAL", "2DUP EQUAL"],
  ["DUP 2 PICK EQUALVERIFY", "2DUP EQUALVERIFY"],
  ["DUP 2 PICK ADD", "2DUP ADD"],
  ["DUP 2 PICK BOOLAND", "2DUP BOOLAND"],
  ["DUP 2 PICK BOOLOR", "2DUP BOOLOR"],
  ["DUP 2 PICK MIN", "2DUP MIN"],
  ["DUP 2 PICK MAX", "2DUP MAX"],
];

/** The peephole pass as the specification has it: replacements in one text. */
export function optimizeModel(opcodes: string): string {
  let text = ` ${opcodes} `;
  for (let before = ""; before !== text; ) {
    before = text;
    for (const [from, to] of RULES)
      text = text.replaceAll(` ${from} `, to === "" ? " " : ` ${to} `);
  }
  return text.trim();
}
