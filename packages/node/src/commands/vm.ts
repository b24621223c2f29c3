import { ButxoError, fromHex, toHex } from "@bystack/butxo";
import {
  assemble,
  BvmError,
  type Context,
  disassemble,
  type Execution,
  execute,
  formatTraceStep,
  type InstructionSet,
  MAX_RUN_LIMIT,
  mainChain,
  type OpcodeTable,
  sideChain,
  type TraceStep,
  trace,
  type VmDialect,
} from "@bystack/bvm";
import { Command, InvalidArgumentError, Option } from "commander";
import { NodeError } from "../error.ts";
import { type Writable, writeJson } from "../http/json-writer.ts";

interface ChainOption {
  readonly chain: "main" | "side";
}

interface RunOptions extends ChainOption {
  readonly asm: boolean;
  readonly convert: boolean;
  readonly gas: bigint;
  readonly txVersion?: bigint;
  readonly height?: bigint;
  readonly asset?: Uint8Array;
  readonly amount?: bigint;
  readonly position?: bigint;
  readonly outputId?: Uint8Array;
  readonly entryId: Uint8Array;
  readonly signatureHash?: Uint8Array;
  readonly json: boolean;
}

/** Exit code of a program that ran and does not unlock. */
const NOT_UNLOCKED = 3;

/** `bystack vm`: the tools of those who write programs and contracts. */
export function vmCommand(): Command {
  return new Command("vm")
    .description("assemble, disassemble, run and trace programs of the virtual machine")
    .addCommand(assembleCommand())
    .addCommand(disassembleCommand())
    .addCommand(runCommand("run", "run a program and tell how it ends", printRun))
    .addCommand(runCommand("trace", "run a program and show every step", printTrace));
}

function assembleCommand(): Command {
  return new Command("asm")
    .description("turn assembler text into a program, as hex")
    .argument("<text...>", "instructions, for example: 2 ADD 5 NUMEQUAL")
    .addOption(chainOption())
    .action((words: readonly string[], options: ChainOption) => {
      console.log(toHex(explained(() => assemble(words.join(" "), opcodesOf(options)))));
    });
}

function disassembleCommand(): Command {
  return new Command("disasm")
    .description("turn a program into assembler text")
    .argument("<program>", "hex")
    .addOption(chainOption())
    .action((program: string, options: ChainOption) => {
      console.log(explained(() => disassemble(fromHex(program), opcodesOf(options))));
    });
}

function runCommand(
  name: string,
  description: string,
  print: (...run: ProgramRun) => Execution,
): Command {
  return new Command(name)
    .description(`${description}; exit code ${NOT_UNLOCKED} when it does not unlock`)
    .argument("<program>", "hex, or assembler text with --asm")
    .argument("[arguments...]", "witness arguments, hex; the last one ends on top of the stack")
    .option("--asm", "the program is assembler text", false)
    .option("--convert", "expand a standard program first, as validation does", false)
    .addOption(chainOption())
    .addOption(
      new Option("--gas <limit>", "gas at the start")
        .default(200_000n, "200000")
        .argParser(integer(MAX_RUN_LIMIT)),
    )
    .addOption(new Option("--tx-version <version>", "version of the transaction").argParser(uint64))
    .addOption(new Option("--height <height>", "height of the block").argParser(uint64))
    .addOption(new Option("--asset <id>", "asset of the value, hex").argParser(hex))
    .addOption(new Option("--amount <amount>", "amount of the value").argParser(uint64))
    .addOption(new Option("--position <index>", "position of the input").argParser(uint64))
    .addOption(new Option("--output-id <id>", "output that is spent, hex").argParser(hex))
    .addOption(
      new Option("--entry-id <id>", "input entry, hex")
        .default(new Uint8Array(32), "32 zero bytes")
        .argParser(hex),
    )
    .addOption(new Option("--signature-hash <hash>", "what TXSIGHASH pushes, hex").argParser(hex))
    .option("--json", "print JSON", false)
    .action((program: string, args: readonly string[], options: RunOptions) => {
      const run = explained(() => prepare(program, args, options));
      if (print(...run).error !== undefined) process.exitCode = NOT_UNLOCKED;
    });
}

type ProgramRun = readonly [
  program: Uint8Array,
  args: readonly Uint8Array[],
  context: Context,
  options: RunOptions,
];

function prepare(text: string, args: readonly string[], options: RunOptions): ProgramRun {
  const written = options.asm ? assemble(text, opcodesOf(options)) : fromHex(text);
  const program = options.convert ? dialectOf(options).convertProgram(written) : written;
  const { signatureHash } = options;
  const context = {
    vmVersion: 1n,
    entryId: options.entryId,
    txVersion: options.txVersion,
    blockHeight: options.height,
    assetId: options.asset,
    amount: options.amount,
    destinationPosition: options.position,
    spentOutputId: options.outputId,
    signatureHash: signatureHash && (() => signatureHash),
  };
  return [program, args.map(fromHex), context, options];
}

function printRun(...[program, args, context, options]: ProgramRun): Execution {
  const execution = execute(program, args, context, options.gas, machineOf(options));
  const { error, gasLeft, steps } = execution;
  if (options.json) console.log(writeJson(executionJson(execution)));
  else console.log(`${error ?? "unlocked"}, ${gasLeft} gas left after ${steps} instructions`);
  return execution;
}

function printTrace(...[program, args, context, options]: ProgramRun): Execution {
  const steps = trace(program, args, context, options.gas, machineOf(options));
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done) return next.value;
    console.log(options.json ? writeJson(stepJson(next.value)) : formatTraceStep(next.value));
  }
}

function stepJson(step: TraceStep): Writable {
  const state = {
    depth: step.depth,
    run_limit: step.runLimit,
    data_stack: step.dataStack.map(toHex),
    alt_stack: step.altStack.map(toHex),
  };
  switch (step.type) {
    case "instruction":
      return { type: step.type, pc: step.pc, name: step.name, data: toHex(step.data), ...state };
    case "return":
      return { type: step.type, is_valid: step.isValid, error: step.error, ...state };
    case "end":
      return { type: step.type, ...executionJson(step.execution), ...state };
    default:
      return step satisfies never;
  }
}

function executionJson({ error, gasLeft, steps }: Execution): { [name: string]: Writable } {
  return { error: error ?? null, gas_left: gasLeft, steps };
}

function chainOption(): Option {
  return new Option("--chain <chain>", "whose instructions")
    .choices(["main", "side"])
    .default("main");
}

function dialectOf({ chain }: ChainOption): VmDialect {
  return chain === "side" ? sideChain : mainChain;
}

function opcodesOf(options: ChainOption): OpcodeTable {
  return dialectOf(options).instructions.opcodes;
}

function machineOf(options: RunOptions): { instructionSet: InstructionSet } {
  return { instructionSet: dialectOf(options).instructions };
}

/** What is wrong with a program or its text, as a sentence for people. */
function explained<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof BvmError) && !(error instanceof ButxoError)) throw error;
    throw new NodeError("bad-option", `This is not a program: ${error.message}.`, {
      cause: error,
    });
  }
}

function integer(most: bigint): (text: string) => bigint {
  return (text) => {
    if (/^\d{1,20}$/.test(text) && BigInt(text) <= most) return BigInt(text);
    throw new InvalidArgumentError(`Give a whole number from 0 to ${most}.`);
  };
}

const uint64 = integer(2n ** 64n - 1n);

function hex(text: string): Uint8Array {
  try {
    return fromHex(text);
  } catch {
    throw new InvalidArgumentError("Give bytes as hex.");
  }
}
