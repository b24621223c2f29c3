#!/usr/bin/env node
/// <reference types="node" />
import { Command } from "commander";
import { campaignCommand } from "./campaign-command.ts";
import { exploreCommand } from "./explore-command.ts";
import { presetCommand } from "./preset-command.ts";
import { runCommand } from "./run-command.ts";

const HINT = "Add --help after the command to see its options.";

const program = new Command("bbft-sim")
  .description("Runs BBFT networks in virtual time: the same seed gives the same result.")
  .addHelpText(
    "after",
    `
Examples:
  bbft-sim preset latency --html latency.html   times against N, beside the printed ones
  bbft-sim preset decision --svg decision.svg   who sent what when, figure 5
  bbft-sim run -n 16 -m 4 --loss 0.1            one network with lost messages
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
  program.parse();
} catch (error) {
  // What the caller can mend: a number out of range, a file that is not there.
  const isCallers = error instanceof RangeError || (error instanceof Error && "syscall" in error);
  if (!isCallers) throw error;
  program.error(`error: ${error.message}`);
}
