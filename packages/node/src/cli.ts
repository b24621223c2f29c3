#!/usr/bin/env node
import { ChainError } from "@bystack/chain";
import { StorageError } from "@bystack/storage";
import { Command } from "commander";
import { dbCommand } from "./commands/db.ts";
import { exportCommand } from "./commands/export.ts";
import { importCommand } from "./commands/import.ts";
import { mineCommand } from "./commands/mine.ts";
import { nodeCommand } from "./commands/node.ts";
import { vmCommand } from "./commands/vm.ts";
import { NodeError } from "./error.ts";
import { VERSION } from "./version.ts";

const program = new Command("bystack")
  .description("Bystack: Bytom and Vapor, a two-layer blockchain for assets")
  .version(VERSION)
  .addCommand(nodeCommand())
  .addCommand(importCommand())
  .addCommand(exportCommand())
  .addCommand(mineCommand())
  .addCommand(dbCommand())
  .addCommand(vmCommand())
  .showHelpAfterError("(--help shows the options)");

// Whoever reads the output may stop before its end (`bystack … | head`): that is no failure.
process.stdout.on("error", (error: Error & { readonly code?: string }) => {
  if (error.code === "EPIPE") process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  console.error(explain(error));
  process.exitCode = 1;
}

/** What a person can act on is one sentence; everything else is a defect and shows its stack. */
function explain(error: unknown): string {
  if (error instanceof NodeError) return error.message;
  if (error instanceof ChainError || error instanceof StorageError)
    return `Stopped: ${error.message}.`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
