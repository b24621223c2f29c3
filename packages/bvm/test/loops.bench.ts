import type { BenchSuite } from "../../../scripts/harness.ts";
import { type Context, execute } from "../src/index.ts";
import { fromHex } from "../src/text.ts";

const GAS = 1_000_000_000n;

/** Programs whose gas left at the end is known. */
const LOOPS = [
  {
    name: "arithmetic loop, instructions",
    program: "008b760340420f9f6401000000",
    instructions: 5_000_001,
    gasLeft: 992_999_988n,
  },
  {
    name: "hashing loop, instructions",
    program: "008b76aa757603400d039f6401000000",
    instructions: 1_600_001,
    gasLeft: 985_399_988n,
  },
];

const context: Context = { vmVersion: 1n, entryId: new Uint8Array(32) };

/** Instructions per second: interpreting alone, and with a hash in every eighth instruction. */
export default function loops(): BenchSuite {
  return {
    name: "loops",
    timeMs: 2000,
    cases: LOOPS.map(({ name, program, instructions, gasLeft }) => {
      const bytes = fromHex(program) ?? new Uint8Array(0);
      return {
        name,
        operations: instructions,
        run() {
          const execution = execute(bytes, [], context, GAS);
          if (execution.gasLeft !== gasLeft)
            throw new Error(`${name}: ${execution.gasLeft} gas left`);
          if (execution.steps !== instructions)
            throw new Error(`${name}: ${execution.steps} steps`);
        },
      };
    }),
  };
}
