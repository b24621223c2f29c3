#!/usr/bin/env node
/// <reference types="node" />
/** `bbft`: what the owner of a validator does with its write-ahead log. */
import { createRequire } from "node:module";
import { Command } from "commander";
import { BbftError } from "../error.ts";
import { resetLog } from "./reset-log.ts";
import { showLog } from "./show-log.ts";

const { version } = createRequire(import.meta.url)("@bystack/bbft/package.json") as {
  readonly version: string;
};

const DANGER = `\
Begins a write-ahead log anew: what it knew of this validator is gone.

A validator that has signed before and starts with such a log may sign a
second time for the same height and view. BBFT punishes that, and enough of
it breaks the chain. A validator that lost its log needs no new one: started
with hasLostLog it follows the others in silence, and signs again after the
end of an epoch that it saw decided.

This is for a key that has never signed.`;

const program = new Command("bbft")
  .description("Looks after the write-ahead log of a BBFT validator.")
  .version(version, "-V, --version", "print the version")
  .showHelpAfterError("Add --help after the command to see its options.");

program
  .command("log")
  .description("Shows what a log holds: is it complete, what was signed last, which records.")
  .argument("<file>", "the log; the node must be stopped")
  .option("--json", "print one JSON object a line")
  .action((file: string, options: { readonly json?: boolean }) => showLog(file, options));

program
  .command("unsafe-reset")
  .description(DANGER)
  .summary("Begins a log anew, for a key that has never signed.")
  .argument("<file>", "the log; it need not exist")
  .option("--key-has-never-signed", "say so, and do it")
  .action(async (file: string, options: { readonly keyHasNeverSigned?: boolean }) => {
    if (options.keyHasNeverSigned !== true)
      program.error(`${DANGER}\n\nThen add --key-has-never-signed. Nothing was done.`);
    await resetLog(file);
  });

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof BbftError)) throw error;
  const cause = error.cause instanceof Error ? error.cause.message : "the log cannot be used";
  program.error(`error: ${cause}; give a log file that can be read and written`);
}
