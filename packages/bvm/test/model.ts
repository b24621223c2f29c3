import { ripemd160, sha3, sha256 } from "@bystack/crypto";
import {
  type Context,
  decodeInstruction,
  int64Bytes,
  isTrueBytes,
  jumpAddress,
  mainChainOpcodes,
  parseInt64,
  pushdata,
  sideChainOpcodes,
  type Verify,
} from "../src/index.ts";

/**
 * A second machine, as slow and literal as the specification's sections 4 to 7: byte strings and
 * bigints only, exceptions for faults, recursion for predicates. The machine is compared with it.
 */
export interface ModelOptions {
  readonly verify: Verify;
  readonly isSideChain: boolean;
  readonly maxSteps: number;
}

export interface ModelResult {
  readonly gasLeft: bigint;
  readonly error: string | undefined;
  readonly data: readonly Uint8Array[];
  readonly alt: readonly Uint8Array[];
}

class Fault extends Error {}

/** More instructions than the caller is willing to wait for. */
export class TooLong extends Error {}

const EMPTY = new Uint8Array(0);
const TRUE = Uint8Array.of(1);
const MIN = -(2n ** 63n);
const MAX = 2n ** 63n - 1n;

export function runModel(
  program: Uint8Array,
  args: readonly Uint8Array[],
  context: Context,
  limit: bigint,
  options: ModelOptions,
): ModelResult {
  const run = { context, options, code: program, steps: 0 };
  const machine = new Model(run, program, limit, [], context.txVersion === 1n);
  const error = machine.guarded(() => {
    for (const arg of args) machine.pushNow(arg);
    machine.execute();
    if (!machine.hasTrueTop()) throw new Fault("false-vm-result");
  });
  return { gasLeft: machine.runLimit, error, data: machine.data, alt: machine.alt };
}

interface Run {
  readonly context: Context;
  readonly options: ModelOptions;
  readonly code: Uint8Array;
  steps: number;
}

const memory = (item: Uint8Array) => 8n + BigInt(item.length);
const size = (item: Uint8Array) => BigInt(item.length);
const bool = (value: boolean) => (value ? TRUE : EMPTY);
const equal = (a: Uint8Array, b: Uint8Array) => a.join() === b.join();

class Model {
  pc = 0;
  nextPc = 0;
  deferred = 0n;
  runLimit: bigint;
  readonly alt: Uint8Array[] = [];
  readonly data: Uint8Array[];
  readonly #run: Run;
  readonly #program: Uint8Array;
  readonly #reserved: boolean;

  constructor(
    run: Run,
    program: Uint8Array,
    runLimit: bigint,
    data: Uint8Array[],
    reserved: boolean,
  ) {
    this.#run = run;
    this.#program = program;
    this.runLimit = runLimit;
    this.data = data;
    this.#reserved = reserved;
  }

  guarded(action: () => void): string | undefined {
    try {
      action();
      return undefined;
    } catch (error) {
      if (error instanceof Fault) return error.message;
      throw error;
    }
  }

  hasTrueTop(): boolean {
    return isTrueBytes(this.data.at(-1) ?? EMPTY);
  }

  execute(): void {
    while (this.pc < this.#program.length) {
      if (++this.#run.steps > this.#run.options.maxSteps) throw new TooLong();
      const instruction = decodeInstruction(this.#program, this.pc);
      if (typeof instruction === "string") throw new Fault(instruction);
      this.nextPc = this.pc + instruction.length;
      const table = this.#run.options.isSideChain ? sideChainOpcodes : mainChainOpcodes;
      const info = table.byCode[instruction.opcode];
      if (info === undefined) throw new Error("no such byte");
      if (info.group === "expansion") {
        if (this.#reserved) throw new Fault("disallowed-opcode");
        this.charge(1n);
      } else {
        this.deferred = 0n;
        if (info.group === "push") {
          this.charge(1n);
          this.pushNow(info.name === "1NEGATE" ? int64Bytes(-1n) : instruction.data);
        } else this.operate(info.name, jumpAddress(instruction) ?? 0);
        this.charge(this.deferred);
      }
      this.pc = this.nextPc;
    }
  }

  charge(gas: bigint): void {
    if (gas > this.runLimit) {
      this.runLimit = 0n;
      throw new Fault("run-limit-exceeded");
    }
    this.runLimit -= gas;
  }

  pushNow(item: Uint8Array): void {
    this.charge(memory(item));
    this.data.push(item);
  }

  push(item: Uint8Array): void {
    this.deferred += memory(item);
    this.data.push(item);
  }

  pushInt(value: bigint): void {
    if (value < MIN || value > MAX) throw new Fault("range");
    this.push(int64Bytes(value));
  }

  take(): Uint8Array {
    const item = this.data.pop();
    if (item === undefined) throw new Fault("data-stack-underflow");
    return item;
  }

  popNow(): Uint8Array {
    const item = this.take();
    this.runLimit += memory(item);
    return item;
  }

  pop(): Uint8Array {
    const item = this.take();
    this.deferred -= memory(item);
    return item;
  }

  int(item: Uint8Array): bigint {
    if (item.length > 8) throw new Fault("bad-value");
    return parseInt64(item);
  }

  popInt(): bigint {
    return this.int(this.pop());
  }

  need(count: bigint): void {
    if (BigInt(this.data.length) < count) throw new Fault("data-stack-underflow");
  }

  /** The item at a depth that is there. */
  at(depth: number): Uint8Array {
    return this.data[this.data.length - 1 - depth] ?? EMPTY;
  }

  /** Takes the item at a depth out and puts it on top. */
  roll(depth: number): void {
    this.data.push(...this.data.splice(this.data.length - 1 - depth, 1));
  }

  natural(value: bigint): bigint {
    if (value < 0n) throw new Fault("bad-value");
    return value;
  }

  present<T>(value: T | undefined): T {
    if (value === undefined) throw new Fault("context");
    return value;
  }

  /** A size, charged for now and given back at the end. */
  popSize(): bigint {
    const value = this.natural(this.popInt());
    this.lend(value);
    return value;
  }

  lend(gas: bigint): void {
    this.charge(gas);
    this.deferred -= gas;
  }

  depth(): number {
    const depth = this.int(this.popNow());
    if (depth < 0n || depth === MAX) throw new Fault("bad-value");
    this.need(depth + 1n);
    return Number(depth);
  }

  operate(name: string, address: number): void {
    if (this.#control(name, address) || this.#stack(name) || this.#bytes(name)) return;
    if (this.#numbers(name) || this.#crypto(name) || this.#introspection(name)) return;
    throw new Error(`the model lacks ${name}`);
  }

  #control(name: string, address: number): boolean {
    switch (name) {
      case "NOP":
        this.charge(1n);
        return true;
      case "JUMP":
        this.charge(1n);
        this.nextPc = address;
        return true;
      case "JUMPIF":
        this.charge(1n);
        if (isTrueBytes(this.pop())) this.nextPc = address;
        return true;
      case "VERIFY":
        this.charge(1n);
        if (!isTrueBytes(this.pop())) throw new Fault("verify-failed");
        return true;
      case "FAIL":
        this.charge(1n);
        throw new Fault("return");
      case "CHECKPREDICATE":
        this.#checkPredicate();
        return true;
      default:
        return false;
    }
  }

  #checkPredicate(): void {
    this.charge(256n);
    this.deferred -= 192n;
    const given = this.popInt();
    const predicate = this.pop();
    const wanted = this.popInt();
    if (given < 0n) throw new Fault("bad-value");
    const count = wanted < 0n ? BigInt(this.data.length) : wanted;
    this.need(count);
    const limit = given === 0n ? this.runLimit : given;
    this.charge(limit);
    const items = this.data.splice(this.data.length - Number(count));
    const child = new Model(this.#run, predicate, limit, items, false);
    const error = child.guarded(() => child.execute());
    this.deferred -= child.runLimit;
    for (const item of [...child.data, ...child.alt]) this.deferred -= memory(item);
    this.push(bool(error === undefined && child.hasTrueTop()));
  }

  #stack(name: string): boolean {
    const costs: { readonly [name: string]: bigint } = { "3DUP": 3n };
    const cheap = ["IFDUP", "DEPTH", "DROP", "DUP", "NIP", "OVER", "SWAP", "TUCK"];
    const dear = ["TOALTSTACK", "FROMALTSTACK", "2DROP", "2DUP", "3DUP", "2OVER", "2ROT", "2SWAP"];
    if (![...cheap, ...dear, "PICK", "ROLL", "ROT"].includes(name)) return false;
    this.charge(costs[name] ?? (cheap.includes(name) ? 1n : 2n));
    const moves: { readonly [name: string]: () => void } = {
      TOALTSTACK: () => {
        this.need(1n);
        this.alt.push(this.take());
      },
      FROMALTSTACK: () => {
        const item = this.alt.pop();
        if (item === undefined) throw new Fault("alt-stack-underflow");
        this.data.push(item);
      },
      "2DROP": () => {
        this.popNow();
        this.popNow();
      },
      "2DUP": () => this.#copy(2, 2),
      "3DUP": () => this.#copy(3, 3),
      "2OVER": () => this.#copy(4, 2),
      "2ROT": () => {
        this.need(6n);
        this.roll(5);
        this.roll(5);
      },
      "2SWAP": () => {
        this.need(4n);
        this.roll(3);
        this.roll(3);
      },
      IFDUP: () => {
        this.need(1n);
        if (isTrueBytes(this.at(0))) this.pushNow(this.at(0));
      },
      DEPTH: () => this.pushNow(int64Bytes(BigInt(this.data.length))),
      DROP: () => void this.popNow(),
      DUP: () => this.#copy(1, 1),
      NIP: () => {
        this.need(1n);
        const top = this.take();
        this.popNow();
        this.data.push(top);
      },
      OVER: () => this.#copy(2, 1),
      PICK: () => this.pushNow(this.at(this.depth())),
      ROLL: () => this.roll(this.depth()),
      ROT: () => {
        this.need(3n);
        this.roll(2);
      },
      SWAP: () => {
        this.need(2n);
        this.roll(1);
      },
      TUCK: () => {
        this.need(2n);
        const [b, a] = [this.take(), this.take()];
        this.pushNow(b);
        this.data.push(a, b);
      },
    };
    moves[name]?.();
    return true;
  }

  /** Pushes copies of `count` items, of which the lowest is item number `from` from the top. */
  #copy(from: number, count: number): void {
    this.need(BigInt(from));
    const items = this.data.slice(this.data.length - from).slice(0, count);
    for (const item of items) this.pushNow(item);
  }

  #bytes(name: string): boolean {
    switch (name) {
      case "CAT":
      case "CATPUSHDATA": {
        this.charge(4n);
        const [b, a] = [this.pop(), this.pop()];
        this.lend(size(a) + size(b));
        this.push(Uint8Array.from([...a, ...(name === "CAT" ? b : pushdata(b))]));
        return true;
      }
      case "SUBSTR": {
        this.charge(4n);
        const length = this.popSize();
        const offset = this.natural(this.popInt());
        const item = this.pop();
        if (offset + length > size(item)) throw new Fault("bad-value");
        this.push(item.slice(Number(offset), Number(offset + length)));
        return true;
      }
      case "LEFT":
      case "RIGHT": {
        this.charge(4n);
        const length = this.popSize();
        const item = this.pop();
        if (length > size(item)) throw new Fault("bad-value");
        const start = name === "LEFT" ? 0 : item.length - Number(length);
        this.push(item.slice(start, start + Number(length)));
        return true;
      }
      case "SIZE":
        this.charge(1n);
        this.need(1n);
        this.pushInt(size(this.at(0)));
        return true;
      case "INVERT":
        this.charge(1n);
        this.need(1n);
        this.charge(size(this.at(0)));
        this.data.push(this.take().map((byte) => ~byte));
        return true;
      case "AND":
      case "OR":
      case "XOR": {
        this.charge(1n);
        const [b, a] = [this.pop(), this.pop()];
        const length = name === "AND" ? Math.min(a.length, b.length) : Math.max(a.length, b.length);
        this.charge(BigInt(length));
        const combine = { AND: and, OR: or, XOR: xor }[name];
        this.push(Uint8Array.from({ length }, (_, i) => combine(a[i] ?? 0, b[i] ?? 0)));
        return true;
      }
      case "EQUAL":
      case "EQUALVERIFY": {
        this.charge(1n);
        const [b, a] = [this.pop(), this.pop()];
        this.charge(BigInt(Math.min(a.length, b.length)));
        if (name === "EQUAL") this.push(bool(equal(a, b)));
        else if (!equal(a, b)) throw new Fault("verify-failed");
        return true;
      }
      default:
        return false;
    }
  }

  #numbers(name: string): boolean {
    if (name === "BOOLAND" || name === "BOOLOR") {
      this.charge(2n);
      const [q, p] = [isTrueBytes(this.pop()), isTrueBytes(this.pop())];
      this.push(bool(name === "BOOLAND" ? p && q : p || q));
      return true;
    }
    if (name === "WITHIN") {
      this.charge(4n);
      const [max, min, x] = [this.popInt(), this.popInt(), this.popInt()];
      this.push(bool(min <= x && x < max));
      return true;
    }
    if (name === "MULFRACTION") {
      this.charge(8n);
      const z = this.popInt();
      if (z === 0n) throw new Fault("div-zero");
      const [y, x] = [this.popInt(), this.popInt()];
      this.pushInt((x * y) / z);
      return true;
    }
    const unary = UNARY[name];
    if (unary !== undefined) {
      this.charge(2n);
      const result = unary(this.popInt());
      if (typeof result === "bigint") this.pushInt(result);
      else this.push(bool(result));
      return true;
    }
    const binary = BINARY[name];
    if (binary === undefined) return false;
    this.charge(["MUL", "DIV", "MOD", "LSHIFT", "RSHIFT"].includes(name) ? 8n : 2n);
    const y = this.popInt();
    if (name === "LSHIFT") this.natural(y);
    const x = this.popInt();
    const result = binary(x, y);
    if (name === "NUMEQUALVERIFY") {
      if (!result) throw new Fault("verify-failed");
    } else if (typeof result === "bigint") this.pushInt(result);
    else this.push(bool(result));
    return true;
  }

  #crypto(name: string): boolean {
    const { verify } = this.#run.options;
    switch (name) {
      case "SHA256":
      case "SHA3":
      case "HASH160": {
        const item = this.popNow();
        const length = size(item);
        this.charge(name === "HASH160" ? length + 64n : length < 64n ? 64n : length);
        this.pushNow({ SHA256: sha256, SHA3: sha3, HASH160: ripemd160 }[name](item));
        return true;
      }
      case "CHECKSIG": {
        this.charge(1024n);
        const [key, message, signature] = [this.pop(), this.pop(), this.pop()];
        if (message.length !== 32) throw new Fault("bad-value");
        this.push(bool(key.length === 32 && verify(message, signature, key)));
        return true;
      }
      case "CHECKMULTISIG": {
        const n = this.popInt();
        if (n < 0n || n * 1024n > MAX) throw new Fault("bad-value");
        this.charge(1024n * n);
        const m = this.popInt();
        if (m < 0n || m > n || (n > 0n && m === 0n)) throw new Fault("bad-value");
        const keys = Array.from({ length: Number(n) }, () => this.pop());
        const message = this.pop();
        if (message.length !== 32) throw new Fault("bad-value");
        const signatures = Array.from({ length: Number(m) }, () => this.pop());
        const isFit = keys.every(({ length }) => length === 32);
        for (const key of isFit ? keys : []) {
          const [next] = signatures;
          if (next !== undefined && verify(message, next, key)) signatures.shift();
        }
        this.push(bool(isFit && signatures.length === 0));
        return true;
      }
      case "TXSIGHASH":
        this.charge(256n);
        this.pushNow(this.present(this.#run.context.signatureHash)());
        return true;
      default:
        return false;
    }
  }

  #introspection(name: string): boolean {
    const { context, code } = this.#run;
    const integer = (value: bigint | undefined) => () =>
      this.push(int64Bytes(BigInt.asIntN(64, this.present(value))));
    const pushes: { readonly [name: string]: () => void } = {
      ASSET: () => this.push(this.present(context.assetId)),
      AMOUNT: integer(context.amount),
      PROGRAM: () => this.push(code),
      INDEX: integer(context.destinationPosition),
      ENTRYID: () => this.push(context.entryId),
      OUTPUTID: () => this.push(this.present(context.spentOutputId)),
      BLOCKHEIGHT: integer(context.blockHeight),
    };
    if (name in pushes) {
      this.charge(1n);
      pushes[name]?.();
      return true;
    }
    if (name !== "CHECKOUTPUT") return false;
    this.charge(16n);
    const program = this.pop();
    const vmVersion = this.natural(this.popInt());
    const assetId = this.pop();
    const amount = this.natural(this.popInt());
    const index = this.natural(this.popInt());
    const check = this.present(context.checkOutput);
    const answer = check({ index, amount, assetId, vmVersion, program, expansion: this.#reserved });
    if (typeof answer === "string") throw new Fault(answer);
    this.push(bool(answer));
    return true;
  }
}

const and = (a: number, b: number) => a & b;
const or = (a: number, b: number) => a | b;
const xor = (a: number, b: number) => a ^ b;

const UNARY: { readonly [name: string]: (x: bigint) => bigint | boolean } = {
  "1ADD": (x) => x + 1n,
  "1SUB": (x) => x - 1n,
  "2MUL": (x) => 2n * x,
  "2DIV": (x) => x >> 1n,
  NEGATE: (x) => -x,
  ABS: (x) => (x < 0n ? -x : x),
  NOT: (x) => x === 0n,
  "0NOTEQUAL": (x) => x !== 0n,
};

function divisor(y: bigint): bigint {
  if (y === 0n) throw new Fault("div-zero");
  return y;
}

function shift(y: bigint): bigint {
  if (y < 0n) throw new Fault("bad-value");
  return y;
}

function modulus(x: bigint, y: bigint): bigint {
  if (x === MIN && y === -1n) throw new Fault("range");
  return ((x % divisor(y)) + y) % y;
}

function leftShift(x: bigint, y: bigint): bigint {
  if (x === 0n || y === 0n) return x;
  if (y >= 64n) throw new Fault("range");
  return x << y;
}

const BINARY: { readonly [name: string]: (x: bigint, y: bigint) => bigint | boolean } = {
  ADD: (x, y) => x + y,
  SUB: (x, y) => x - y,
  MUL: (x, y) => x * y,
  DIV: (x, y) => x / divisor(y),
  MOD: modulus,
  LSHIFT: leftShift,
  RSHIFT: (x, y) => x >> (shift(y) < 64n ? y : 64n),
  NUMEQUAL: (x, y) => x === y,
  NUMEQUALVERIFY: (x, y) => x === y,
  NUMNOTEQUAL: (x, y) => x !== y,
  LESSTHAN: (x, y) => x < y,
  GREATERTHAN: (x, y) => x > y,
  LESSTHANOREQUAL: (x, y) => x <= y,
  GREATERTHANOREQUAL: (x, y) => x >= y,
  MIN: (x, y) => (x - y < 0n ? x : y),
  MAX: (x, y) => (x - y > 0n ? x : y),
};
