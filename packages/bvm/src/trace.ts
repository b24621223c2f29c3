/**
 * Runs shown instruction by instruction, for those who write contracts.
 */
import type { Context } from "./context.ts";
import { decodeInstruction } from "./decode.ts";
import type { FaultCode } from "./error.ts";
import { mainChainInstructions } from "./instruction-set.ts";
import { type ExecuteOptions, type Execution, Machine, type PredicateResult } from "./machine.ts";
import { opcodeInfo } from "./opcodes.ts";
import { toHex } from "./text.ts";

/** Both stacks, bottom first, and the gas, at one moment of a run. */
export interface MachineState {
  /** 0 for the program itself, 1 for a predicate that it checks, and so on. */
  readonly depth: number;
  /** Gas left to the program of that depth, gas units. */
  readonly runLimit: bigint;
  readonly dataStack: readonly Uint8Array[];
  readonly altStack: readonly Uint8Array[];
}

/** One entry of a trace. */
export type TraceStep =
  /** An instruction, and the state in which it is about to be executed. */
  | (MachineState & {
      readonly type: "instruction";
      readonly pc: number;
      readonly opcode: number;
      readonly name: string;
      readonly data: Uint8Array;
    })
  /** A predicate ended; the state is what it left. */
  | (MachineState & {
      readonly type: "return";
      readonly isValid: boolean;
      readonly error: FaultCode | undefined;
    })
  /** The run ended. */
  | (MachineState & { readonly type: "end"; readonly execution: Execution });

/**
 * Runs a program and gives what happens, step by step; the last entry is of type `end`. It takes
 * what {@link execute} takes, and ends as that does.
 *
 * @throws RangeError for a limit out of range: a bug of the caller
 * @example
 * for (const step of trace(program, args, context, 1000n)) console.log(formatTraceStep(step));
 */
export function* trace(
  program: Uint8Array,
  args: readonly Uint8Array[],
  context: Context,
  limit: bigint,
  options: ExecuteOptions = {},
): Generator<TraceStep, Execution> {
  const returned: PredicateResult[] = [];
  const machine = new Machine(program, args, context, limit, {
    ...options,
    onPredicateEnd(result) {
      returned.push(result);
      options.onPredicateEnd?.(result);
    },
  });
  const { opcodes } = options.instructionSet ?? mainChainInstructions;
  while (machine.execution === undefined) {
    const { pc } = machine;
    const opcode = machine.program[pc];
    if (opcode !== undefined) {
      const instruction = decodeInstruction(machine.program, pc);
      const data = typeof instruction === "string" ? new Uint8Array(0) : instruction.data;
      const { name } = opcodeInfo(opcodes, opcode);
      yield { type: "instruction", ...stateOf(machine), pc, opcode, name, data };
    }
    machine.step();
    for (const result of returned.splice(0)) yield { type: "return", ...result };
  }
  yield { type: "end", ...stateOf(machine), execution: machine.execution };
  return machine.execution;
}

function stateOf({ depth, runLimit, dataStack, altStack }: Machine): MachineState {
  return { depth, runLimit, dataStack, altStack };
}

/**
 * One line for one entry of a trace, without a line break: address, instruction, gas left, data
 * stack and, if it is not empty, alt stack; predicates are indented by their depth.
 *
 * @example
 * formatTraceStep(step); // "   3  LESSTHAN                gas 980  [01 05]"
 */
export function formatTraceStep(step: TraceStep): string {
  const indent = "  ".repeat(step.depth);
  switch (step.type) {
    case "instruction": {
      const data = step.data.length === 0 ? "" : ` 0x${toHex(step.data)}`;
      return `${indent}${`${step.pc}`.padStart(4)}  ${`${step.name}${data}`.padEnd(24)}${stateText(step)}`;
    }
    case "return":
      return `${indent}      ${`${step.isValid} ${step.error ?? ""}`.padEnd(24)}${stateText(step)}`;
    case "end":
      return `${indent} end  ${(step.execution.error ?? "unlocked").padEnd(24)}${stateText(step)}`;
    default:
      return step satisfies never;
  }
}

function stateText({ runLimit, dataStack, altStack }: MachineState): string {
  const alt = altStack.length === 0 ? "" : `  alt ${stackText(altStack)}`;
  return `gas ${runLimit}  ${stackText(dataStack)}${alt}`;
}

function stackText(stack: readonly Uint8Array[]): string {
  return `[${stack.map((item) => (item.length === 0 ? "''" : toHex(item))).join(" ")}]`;
}
