import { type Context, type InstructionSet, Machine, trace } from "@bystack/bvm";
import {
  bytes,
  equal,
  type Fields,
  ifPresent,
  integer,
  list,
  Mismatch,
  text,
  toCode,
} from "../check.ts";

/** What a case has to say about the end of a run. */
export interface Run {
  readonly program: Uint8Array;
  readonly args: readonly Uint8Array[];
  readonly context: Context;
  readonly limit: bigint;
  readonly instructionSet: InstructionSet;
}

function readStack(value: unknown, what: string): Uint8Array[] {
  return list(value, what).map((item) => bytes(item, what));
}

export function readArguments(fields: Fields): Uint8Array[] {
  return readStack(fields["args"], "args");
}

export function readLimit(fields: Fields): bigint {
  return integer(fields["gas"], "gas");
}

/** Longer runs are not repeated step by step: a trace copies both stacks for each instruction. */
const MAX_TRACED_STEPS = 100_000;

/** The names under which a kind of file states error and data stack. */
export interface ResultFields {
  readonly error: string;
  readonly data: string;
}

/** Runs a program at once and step by step, and compares how both end with the case. */
export function checkRun(
  { program, args, context, limit, instructionSet }: Run,
  fields: Fields,
  names: ResultFields = { error: "err", data: "data" },
): void {
  const machine = new Machine(program, args, context, limit, { instructionSet });
  const { gasLeft, error, steps, cause } = machine.run();
  if (cause !== undefined) throw new Mismatch("the run threw", { cause });
  const { dataStack, altStack } = machine;
  ifPresent(fields, names.error, (expected) =>
    equal(error ?? null, expected === null ? null : toCode(text(expected, "err")), "err"),
  );
  ifPresent(fields, "left", (left) => equal(gasLeft, integer(left, "left"), "left"));
  ifPresent(fields, names.data, (data) => equal(dataStack, readStack(data, "data"), "data"));
  ifPresent(fields, "alt", (alt) => equal(altStack, readStack(alt, "alt"), "alt"));
  if (steps > MAX_TRACED_STEPS) return;
  for (const step of trace(program, args, context, limit, { instructionSet })) {
    if (step.type !== "end") continue;
    equal(step.execution.gasLeft, gasLeft, "gas left of the trace");
    equal(step.execution.error ?? null, error ?? null, "error of the trace");
    equal(step.dataStack, dataStack, "data stack of the trace");
    equal(step.altStack, altStack, "alt stack of the trace");
  }
}
