import type { Context } from "./context.ts";
import { type ExecuteOptions, type Execution, Machine } from "./machine.ts";

/**
 * Runs a program to its end. A program that fails is a result, not an exception.
 *
 * @param program what is run; standard programs are converted before, see `convertProgram`
 * @param args witness arguments; the last one ends on top of the stack
 * @param context what the program can learn about its transaction
 * @param limit gas at the start, gas units, 0 <= limit <= 2^52
 * @throws RangeError for a limit out of range: a bug of the caller
 * @example
 * const { error, gasLeft } = execute(assemble("2 ADD 5 NUMEQUAL"), [Uint8Array.of(3)], context, 1000n);
 * @see spec 20-bvm, section 5 "Execution"
 */
export function execute(
  program: Uint8Array,
  args: readonly Uint8Array[],
  context: Context,
  limit: bigint,
  options?: ExecuteOptions,
): Execution {
  return new Machine(program, args, context, limit, options).run();
}
