#!/usr/bin/env node
/// <reference types="node" />
import { createRequire } from "node:module";
import { Command } from "commander";
import { campaignCommand } from "./campaign-command.ts";
import { exploreCommand } from "./explore-command.ts";
import { presetCommand } from "./preset-command.ts";
import { runCommand } from "./run-command.ts";

const HINT = "Add --help after the command to see its options.";

const { version } = createRequire(import.meta.url)("@bystack/bbft/package.json") as {
  readonly version: string;
};

const program = new Command("bbft-sim")
  .description("Runs BBFT networks in virtual time: the same seed gives the same result.")
  .version(version, "-V, --version", "print the version")
  .addHelpText(
    "after",
    `
Examples:
  bbft-sim preset latency --html latency.html   times against N, beside the printed ones
  bbft-sim preset decision --svg decision.svg   who sent what when, figure 5
  bbft-sim run -n 16 -m 4 --loss 0.1            one network with lost messages
  bbft-sim run -n 16 -m 4 --who leader          the leader is silent
  bbft-sim campaign --runs 2000                 random faults; prints what failed
  bbft-sim explore --core                       every order of events, four real cores`,
  );
for (const command of [presetCommand(), runCommand(), campaignCommand(), exploreCommand()])
  program.addCommand(command);
showHintAfterError(program);

/** Settings of a command do not reach commands that are added to it. */
function showHintAfterError(command: Command): void {
  command.showHelpAfterError(HINT);
  for (const below of command.commands) showHintAfterError(below);
}

// The reader of the output may have seen enough.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  // What the caller can mend: a number out of range, a file that is not there.
  const isFile = error instanceof Error && "syscall" in error;
  if (!isFile && !(error instanceof RangeError)) throw error;
  program.error(`error: ${error.message}${isFile ? "; give a file that can be used" : ""}`);
}
