/**
 * One running program: its stacks, its gas, its place. The program of an input runs in a frame,
 * and so does each predicate that it checks.
 *
 * @see spec 20-bvm, section 2 "Machine state" and section 4 "Gas"
 */
import type { Context } from "./context.ts";
import type { FaultCode } from "./error.ts";
import type { Executable } from "./executable.ts";
import type { InstructionSet } from "./instruction-set.ts";
import { type Int, type Item, intOf, itemLength, type Truth } from "./item.ts";

/** Is `signature` one of `message` by `publicKey` (32 bytes each but the signature)? */
export type Verify = (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean;

/** What all frames of a run share. */
export interface Environment {
  readonly context: Context;
  readonly instructionSet: InstructionSet;
  readonly verify: Verify;
  /** The top-level program, which PROGRAM pushes. */
  readonly program: Uint8Array;
  readonly truth: Truth;
}

/** Why a frame cannot simply go on: it failed, or a predicate has to run first. */
export type Signal = FaultCode | "call";

/** Gas that an item of a given length holds while it is on a stack. */
const ITEM_OVERHEAD = 8;

/**
 * The machine state of the specification. Gas figures are numbers, not bigints: a run starts with
 * at most 2^52, so they stay exact.
 */
export class Frame {
  readonly environment: Environment;
  readonly program: Executable;
  /** The frame that waits for this predicate's verdict. */
  readonly parent: Frame | undefined;
  readonly depth: number;
  /** Do expansion opcodes fail? */
  readonly expansionReserved: boolean;
  pc = 0;
  nextPc = 0;
  runLimit: number;
  /** Gas to be settled at the end of the current instruction. */
  deferred = 0;
  dataStack: Item[];
  altStack: Item[] = [];
  signal: Signal | undefined = undefined;
  /** The predicate to run when the signal is `call`. */
  child: Frame | undefined = undefined;

  constructor(
    environment: Environment,
    program: Executable,
    runLimit: number,
    dataStack: Item[],
    parent: Frame | undefined,
  ) {
    this.environment = environment;
    this.program = program;
    this.runLimit = runLimit;
    this.dataStack = dataStack;
    this.parent = parent;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
    this.expansionReserved = parent === undefined && environment.context.txVersion === 1n;
  }

  /** Stops the frame. */
  fail(code: FaultCode): undefined {
    this.signal = code;
    return undefined;
  }

  /** Takes gas at once; false if there is not enough, and then none is left. */
  charge(gas: number): boolean {
    if (gas > this.runLimit) {
      this.runLimit = 0;
      this.signal = "run-limit-exceeded";
      return false;
    }
    this.runLimit -= gas;
    return true;
  }

  /** Takes gas at the end of the instruction, provided that it does not fail before. */
  defer(gas: number): void {
    this.deferred += gas;
  }

  /** Fails unless the data stack has that many items. */
  need(count: number): boolean {
    if (this.dataStack.length >= count) return true;
    this.signal = "data-stack-underflow";
    return false;
  }

  /** The item at a depth below the top, which must be there. */
  peek(depth: number): Item {
    const item = this.dataStack[this.dataStack.length - 1 - depth];
    if (item === undefined) throw new RangeError("peek below the stack");
    return item;
  }

  /** Has the item a byte other than zero? */
  isTrue(item: Item): boolean {
    return typeof item === "number" ? item !== 0 : this.environment.truth.of(item);
  }

  pushNow(item: Item): boolean {
    if (!this.charge(ITEM_OVERHEAD + itemLength(item))) return false;
    this.dataStack.push(item);
    return true;
  }

  /** Appends at once, though it is paid at the end of the instruction. */
  pushLater(item: Item): void {
    this.deferred += ITEM_OVERHEAD + itemLength(item);
    this.dataStack.push(item);
  }

  pushBooleanLater(value: boolean): void {
    this.pushLater(value ? 1 : 0);
  }

  /** The top item, its memory refunded at once; undefined when the frame failed. */
  popNow(): Item | undefined {
    const item = this.dataStack.pop();
    if (item === undefined) return this.fail("data-stack-underflow");
    this.runLimit += ITEM_OVERHEAD + itemLength(item);
    return item;
  }

  /** The top item, its memory refunded at the end; undefined when the frame failed. */
  popLater(): Item | undefined {
    const item = this.dataStack.pop();
    if (item === undefined) return this.fail("data-stack-underflow");
    this.deferred -= ITEM_OVERHEAD + itemLength(item);
    return item;
  }

  popIntNow(): Int | undefined {
    const item = this.popNow();
    if (typeof item === "number" || item === undefined) return item;
    return intOf(item) ?? this.fail("bad-value");
  }

  popIntLater(): Int | undefined {
    const item = this.popLater();
    if (typeof item === "number" || item === undefined) return item;
    return intOf(item) ?? this.fail("bad-value");
  }

  /** Gas that the items on both stacks hold. */
  memoryCost(): number {
    let cost = 0;
    for (const item of this.dataStack) cost += ITEM_OVERHEAD + itemLength(item);
    for (const item of this.altStack) cost += ITEM_OVERHEAD + itemLength(item);
    return cost;
  }
}
