/**
 * A program made ready to run: instructions are decoded when they are first reached, since bytes
 * that are never reached may be malformed, and kept for loops.
 */
import { type DecodeFault, decodeInstruction, jumpAddress } from "./decode.ts";
import type { InstructionSet } from "./instruction-set.ts";
import { type Item, itemOf } from "./item.ts";
import type { Operation } from "./operations/operation.ts";

/** A decoded instruction with all that running it takes. */
export interface Step {
  readonly opcode: number;
  readonly operation: Operation;
  /** Base cost, gas units. */
  readonly cost: number;
  /** Address of the instruction that follows. */
  readonly next: number;
  /** Where a jump goes. */
  readonly target: number;
  /** What a push pushes. */
  readonly item: Item;
}

/**
 * Programs above this length are decoded anew each time, so that a predicate costs no memory in
 * proportion to its length.
 */
const MAX_KEPT_LENGTH = 4096;

export class Executable {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly #instructionSet: InstructionSet;
  readonly #steps: (Step | undefined)[];

  constructor(bytes: Uint8Array, instructionSet: InstructionSet) {
    this.bytes = bytes;
    this.length = bytes.length;
    this.#instructionSet = instructionSet;
    this.#steps = bytes.length <= MAX_KEPT_LENGTH ? new Array(bytes.length) : [];
  }

  /** The instruction at an address below `length`, or why it cannot be decoded. */
  at(pc: number): Step | DecodeFault {
    return this.#steps[pc] ?? this.#decode(pc);
  }

  #decode(pc: number): Step | DecodeFault {
    const instruction = decodeInstruction(this.bytes, pc);
    if (typeof instruction === "string") return instruction;
    const { opcode, length, data } = instruction;
    const { operation, info } = this.#instructionSet.entry(opcode);
    const step: Step = {
      opcode,
      operation,
      cost: info.cost,
      next: pc + length,
      target: jumpAddress(instruction) ?? 0,
      item: itemOf(data),
    };
    if (this.length <= MAX_KEPT_LENGTH) this.#steps[pc] = step;
    return step;
  }
}
