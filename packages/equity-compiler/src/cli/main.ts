/** The command `equity`: the historical one, and commands of its own. */
import { Command, CommanderError, Option } from "commander";
import { EquityError } from "../error.ts";
import { buildFiles } from "./build.ts";
import { checkFiles } from "./check.ts";
import { debugContract } from "./debug.ts";
import { formatFiles } from "./format.ts";
import { historicalCommand } from "./historical.ts";
import { startLanguageServer } from "./lsp.ts";
import type { System } from "./system.ts";

/** Exit code of the historical command when anything fails. */
const FAILED = 255;

/** Runs the command line and gives the exit code. */
export async function main(args: readonly string[], system: System): Promise<number> {
  let exitCode = 0;
  const done = (code: number) => {
    exitCode = code;
  };
  const program = commands(system, done);
  try {
    await program.parseAsync([...args], { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : FAILED;
    if (!(error instanceof EquityError) && !isFileError(error)) throw error;
    system.err(error.message);
    return FAILED;
  }
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}

function commands(system: System, done: (exitCode: number) => void): Command {
  const program = new Command("equity");
  program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => system.out(text.trimEnd()),
      writeErr: (text) => system.err(text.trimEnd()),
    })
    .usage("<file> [arguments] [options]\n       equity <command> …")
    .argument("[file]", "contract to compile")
    .argument("[arguments...]", "arguments of the last contract, for --instance")
    .option("--bin", "print the program of each contract")
    .option("--shift", "print the shifts of the clauses")
    .option("--instance", "print the control program with the arguments")
    .option("--ast", "print the compiler's JSON")
    .option("--version", "print the version of the language")
    .enablePositionalOptions()
    .action((file: string | undefined, args: string[], options) => {
      if (file === undefined && options.version !== true) system.out(program.helpInformation());
      else done(historicalCommand(system, file, args, options));
    });
  const dialect = () =>
    new Option("--dialect <name>", "which historical compiler to agree with")
      .choices(["0.1.1", "node"])
      .default("0.1.1");
  const json = () => new Option("--json", "print JSON");
  const watching = () => new Option("--watch", "do it again whenever a file changes");
  program
    .command("check")
    .description("tell errors and warnings")
    .argument("<files...>")
    .addOption(dialect())
    .addOption(json())
    .addOption(watching())
    .action(async (files: string[], options) => done(await checkFiles(system, files, options)));
  program
    .command("build")
    .description("write an artifact for each contract")
    .argument("<files...>")
    .option("--ts", "write TypeScript modules with the types of the arguments")
    .option("--out <folder>", "where to write", ".")
    .addOption(dialect())
    .addOption(json())
    .addOption(watching())
    .action(async (files: string[], options) => done(await buildFiles(system, files, options)));
  program
    .command("fmt")
    .description("format source files in place")
    .argument("<files...>")
    .option("--check", "write nothing, fail when a file is not formatted")
    .addOption(dialect())
    .action((files: string[], options) => done(formatFiles(system, files, options)));
  program
    .command("debug")
    .description("run a clause on the machine, step by step with the source")
    .argument("<file>")
    .argument("[arguments...]", "arguments of the contract")
    .option("--contract <name>", "which contract of the file; the last when left out")
    .requiredOption("--clause <name>", "by which clause to unlock")
    .option("--args <arguments...>", "arguments of the clause")
    .option("--height <blocks>", "block height", "1")
    .option("--amount <units>", "amount of the locked value", "1")
    .option("--asset <hex>", "asset of the locked value", "00".repeat(32))
    .option("--output <amount:asset:program...>", "outputs of the transaction, in order")
    .option("--gas <units>", "run limit", "100000")
    .option("--trust-signatures", "take every signature for a good one")
    .addOption(dialect())
    .addOption(json())
    .action((file: string, args: string[], options) =>
      done(debugContract(system, file, args, options)),
    );
  program
    .command("lsp")
    .description("serve editors on standard input and output")
    .option("--stdio", "the only transport; editors pass it")
    .addOption(dialect())
    .action((options) => startLanguageServer(options.dialect));
  return program;
}
