/**
 * The machine: runs a program instruction by instruction, predicates included.
 *
 * @see spec 20-bvm, section 5 "Execution"
 */
import { verify } from "@bystack/crypto";
import type { Context } from "./context.ts";
import type { FaultCode } from "./error.ts";
import { Executable } from "./executable.ts";
import { Frame, type Signal, type Verify } from "./frame.ts";
import { type InstructionSet, mainChainInstructions } from "./instruction-set.ts";
import { itemBytes, itemOf, Truth } from "./item.ts";

/** Settings of a run that are no part of the transaction. */
export interface ExecuteOptions {
  /** Which chain's instructions; the main chain's when left out. */
  readonly instructionSet?: InstructionSet | undefined;
  /** Decides signatures; `@bystack/crypto`'s rule when left out. */
  readonly verify?: Verify | undefined;
  /** Instructions that may be executed, predicates included; 10 000 000 when left out. */
  readonly maxSteps?: number | undefined;
  /**
   * Gas that failing predicates may create, gas units; 2^24 when left out. It bounds the memory
   * that a run can take, as created gas buys memory.
   */
  readonly maxCreatedGas?: number | undefined;
  /** Told of every predicate that ended. */
  readonly onPredicateEnd?: ((result: PredicateResult) => void) | undefined;
}

/** How a predicate ended: what CHECKPREDICATE pushes, and what the predicate left. */
export interface PredicateResult {
  readonly depth: number;
  readonly isValid: boolean;
  /** What stopped the predicate, undefined when it ran to its end. */
  readonly error: FaultCode | undefined;
  readonly runLimit: bigint;
  readonly dataStack: readonly Uint8Array[];
  readonly altStack: readonly Uint8Array[];
}

/** How a run ended. */
export interface Execution {
  /** Gas left, gas units. May exceed the limit given: see the specification, section 10.2. */
  readonly gasLeft: bigint;
  /** Why the program does not unlock, undefined when it does. */
  readonly error: FaultCode | undefined;
  /** Instructions executed, those of predicates included. */
  readonly steps: number;
  /** What was thrown by a function of the context, for `unexpected`. */
  readonly cause: unknown;
}

/** Highest run limit that a run may start with: below it, all gas figures are exact. */
export const MAX_RUN_LIMIT: bigint = 2n ** 52n;

const DEFAULT_MAX_STEPS = 10_000_000;
const DEFAULT_MAX_CREATED_GAS = 2 ** 24;
const VM_VERSION = 1n;

/**
 * A run that can be driven step by step. {@link execute} is the short way.
 *
 * Byte strings that go in must not change during the run.
 */
export class Machine {
  #frame: Frame;
  #outcome: { readonly error: FaultCode | undefined; readonly cause?: unknown } | undefined;
  #steps = 0;
  #createdGas = 0;
  readonly #maxSteps: number;
  readonly #maxCreatedGas: number;
  readonly #onPredicateEnd: ExecuteOptions["onPredicateEnd"];

  /**
   * @param program what is run; standard programs are converted before
   * @param args witness arguments; the last one ends on top of the stack
   * @param limit gas at the start, gas units, 0 <= limit <= 2^52
   * @throws RangeError for a limit out of range: a bug of the caller
   */
  constructor(
    program: Uint8Array,
    args: readonly Uint8Array[],
    context: Context,
    limit: bigint,
    options: ExecuteOptions = {},
  ) {
    if (limit < 0n || limit > MAX_RUN_LIMIT) throw new RangeError(`not a run limit: ${limit}`);
    const instructionSet = options.instructionSet ?? mainChainInstructions;
    const environment = {
      context,
      instructionSet,
      verify: options.verify ?? verify,
      program,
      truth: new Truth(),
    };
    this.#maxSteps = options.maxSteps ?? DEFAULT_MAX_STEPS;
    this.#maxCreatedGas = options.maxCreatedGas ?? DEFAULT_MAX_CREATED_GAS;
    this.#onPredicateEnd = options.onPredicateEnd;
    const executable = new Executable(program, instructionSet);
    this.#frame = new Frame(environment, executable, Number(limit), [], undefined);
    this.#start(context, args);
  }

  /** Is there nothing left to do? */
  get isDone(): boolean {
    return this.#outcome !== undefined;
  }

  /** How the run ended; undefined as long as it goes on. */
  get execution(): Execution | undefined {
    if (this.#outcome === undefined) return undefined;
    const { error, cause } = this.#outcome;
    return { gasLeft: BigInt(this.#frame.runLimit), error, steps: this.#steps, cause };
  }

  /** Nesting of the program that is running: 0, or more inside of predicates. */
  get depth(): number {
    return this.#frame.depth;
  }

  /** Address of the next instruction in the program that is running. */
  get pc(): number {
    return this.#frame.pc;
  }

  /** The program that is running. */
  get program(): Uint8Array {
    return this.#frame.program.bytes;
  }

  /** Gas left to the program that is running, gas units. */
  get runLimit(): bigint {
    return BigInt(this.#frame.runLimit);
  }

  /** Items of the data stack, bottom first. They must not be changed. */
  get dataStack(): Uint8Array[] {
    return this.#frame.dataStack.map(itemBytes);
  }

  /** Items of the alt stack, bottom first. They must not be changed. */
  get altStack(): Uint8Array[] {
    return this.#frame.altStack.map(itemBytes);
  }

  /** Executes one instruction, or ends a program that has none left. */
  step(): void {
    if (this.#outcome === undefined) this.#attempt(() => void this.#advance(this.#frame));
  }

  /** Goes on to the end. */
  run(): Execution {
    for (;;) {
      const { execution } = this;
      if (execution !== undefined) return execution;
      this.#attempt(() => this.#runFrame(this.#frame));
    }
  }

  /** What goes wrong outside of the machine, in a function of the context, ends the run. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (cause) {
      this.#abort(cause);
    }
  }

  #runFrame(frame: Frame): void {
    while (this.#advance(frame));
  }

  #start({ vmVersion }: Context, args: readonly Uint8Array[]): void {
    if (vmVersion !== VM_VERSION) {
      this.#outcome = { error: "unsupported-vm" };
      return;
    }
    for (const arg of args) {
      if (this.#frame.pushNow(itemOf(arg))) continue;
      this.#outcome = { error: "run-limit-exceeded" };
      return;
    }
  }

  /** Executes one instruction of the running frame; false when another frame's turn has come. */
  #advance(frame: Frame): boolean {
    const { program, pc } = frame;
    if (pc >= program.length) return this.#leave(frame, undefined);
    if (this.#steps >= this.#maxSteps) return this.#abort(undefined);
    this.#steps++;
    const step = program.at(pc);
    if (typeof step === "string") return this.#leave(frame, step);
    frame.nextPc = step.next;
    frame.deferred = 0;
    if (frame.charge(step.cost)) step.operation(frame, step);
    return frame.signal === undefined ? this.#settle(frame) : this.#follow(frame, frame.signal);
  }

  /** Ends an instruction: pays what it deferred and goes to the next one. */
  #settle(frame: Frame): boolean {
    const available = frame.runLimit;
    if (frame.charge(frame.deferred)) {
      frame.pc = frame.nextPc;
      return true;
    }
    // What the instruction pushed is not paid for, yet the parent gets its price refunded.
    if (frame.depth > 0) this.#createdGas += frame.deferred - available;
    if (this.#createdGas > this.#maxCreatedGas) return this.#abort(undefined);
    return this.#leave(frame, "run-limit-exceeded");
  }

  #follow(frame: Frame, signal: Signal): false {
    if (signal !== "call") return this.#leave(frame, signal);
    frame.signal = undefined;
    if (frame.child !== undefined) this.#frame = frame.child;
    frame.child = undefined;
    return false;
  }

  /** Ends the program of a frame, and with it the CHECKPREDICATE that runs it. */
  #leave(frame: Frame, error: FaultCode | undefined): false {
    const { parent, dataStack } = frame;
    const top = dataStack.at(-1);
    const isValid = error === undefined && top !== undefined && frame.isTrue(top);
    if (parent === undefined) {
      this.#outcome = { error: error ?? (isValid ? undefined : "false-vm-result") };
      return false;
    }
    if (this.#onPredicateEnd !== undefined) {
      const { depth, runLimit, altStack } = this;
      this.#onPredicateEnd({
        depth,
        isValid,
        error,
        runLimit,
        dataStack: this.dataStack,
        altStack,
      });
    }
    this.#frame = parent;
    parent.defer(-frame.runLimit - frame.memoryCost());
    parent.pushBooleanLater(isValid);
    this.#settle(parent);
    return false;
  }

  /** Ends the run for a reason that is no fault of the program: no gas is left then. */
  #abort(cause: unknown): false {
    let frame = this.#frame;
    while (frame.parent !== undefined) frame = frame.parent;
    frame.runLimit = 0;
    this.#frame = frame;
    this.#outcome = { error: "unexpected", cause };
    return false;
  }
}
