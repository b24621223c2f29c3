/**
 * Collects opcode texts while it keeps the stack model up to date.
 *
 * @see spec 30-equity, section 7.2 "Emission"
 */
import type { Budget } from "./budget.ts";
import { EquityError } from "./error.ts";
import type { Range, SourceText } from "./source.ts";
import { drop, peek, push, roll, type Stack } from "./stack-model.ts";

/** A piece of opcode text. */
export interface Item {
  readonly text: string;
  /** The part of the source text that it was generated for. */
  readonly range: Range;
  /** The model stack behind it. A later define or assign may rename its top cell. */
  readonly stack: Stack;
}

export class Emitter {
  readonly items: Item[] = [];
  /** The model stack behind everything that was emitted. */
  stack: Stack;
  /** The part of the source text that is being generated. */
  range: Range;
  readonly #source: SourceText;
  readonly #budget: Budget;
  #pendingVerify: Item | undefined;

  constructor(source: SourceText, range: Range, stack: Stack, budget: Budget) {
    this.#source = source;
    this.#budget = budget;
    this.range = range;
    this.stack = stack;
  }

  /** Appends a text that leaves the given stack. */
  emit(text: string, stack: Stack): void {
    this.#flushVerify();
    this.stack = stack;
    this.#append({ text, range: this.range, stack });
  }

  /** Appends a text that pushes one item. */
  push(text: string, name: string): void {
    this.emit(text, push(this.stack, name));
  }

  /** Appends a text that replaces the `count` top items by one. */
  replace(text: string, count: number, name: string): void {
    this.emit(text, push(drop(this.stack, count), name));
  }

  /**
   * Appends a text that changes the top item. The model keeps its cell and name, as the historical
   * compilers do, so references see the old name; only the item shows the new one.
   */
  modify(text: string, name: string): void {
    const kept = this.stack;
    this.replace(text, 1, name);
    this.stack = kept;
  }

  /** Appends a label or a jump without a condition: nothing changes on the stack. */
  mark(text: string): void {
    this.emit(text, this.stack);
  }

  /** Appends a text that takes the top item. */
  consume(text: string): void {
    this.emit(text, drop(this.stack));
  }

  /** Takes the top item and stops the program unless it is true. Nothing is appended yet. */
  verify(): void {
    // The last reference to the top item emits nothing, so two verifications can meet.
    this.#flushVerify();
    this.stack = drop(this.stack);
    this.#pendingVerify = { text: "VERIFY", range: this.range, stack: this.stack };
  }

  #flushVerify(): void {
    if (this.#pendingVerify !== undefined) this.#append(this.#pendingVerify);
    this.#pendingVerify = undefined;
  }

  /** Leaves the result of the last verification on the stack, when nothing came after it. */
  forgetPendingVerify(): void {
    this.#pendingVerify = undefined;
  }

  /** Moves the item at `depth` to the top, by the two-item form for every depth. */
  roll(depth: number): void {
    if (!this.#budget.takeCells(depth)) throw this.#tooLarge();
    this.push(`${depth}`, `${depth}`);
    this.emit("ROLL", roll(drop(this.stack), depth));
  }

  /** Copies the item at `depth` to the top, by the two-item form for every depth. */
  pick(depth: number): void {
    const name = peek(this.stack, depth)?.name ?? "";
    this.push(`${depth}`, `${depth}`);
    this.emit("PICK", push(drop(this.stack), name));
  }

  swap(): void {
    this.emit("SWAP", roll(this.stack, 1));
  }

  /** Copies the second item to the top. */
  over(): void {
    this.push("OVER", peek(this.stack, 1)?.name ?? "");
  }

  duplicate(): void {
    this.push("DUP", this.stack?.name ?? "");
  }

  /** Renames the top cell, for every stack that holds it. */
  rename(name: string): void {
    if (this.stack !== undefined) this.stack.name = name;
  }

  #append(item: Item): void {
    if (!this.#budget.takeOpcodes(item.text.length + 1)) throw this.#tooLarge();
    this.items.push(item);
  }

  #tooLarge(): EquityError {
    return new EquityError("program-too-large", {
      place: { source: this.#source, range: this.range },
    });
  }
}
