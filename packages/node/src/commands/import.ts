import { Command } from "commander";
import { openChainFile } from "../chain-file.ts";
import { importBlocks } from "../import-blocks.ts";
import { createLogger } from "../logger.ts";
import { createNode } from "../node.ts";
import { stopSignal } from "../stop-signal.ts";
import { printTip } from "./node.ts";
import { type ChainCommandOptions, chainOptions, networkOf } from "./options.ts";

/** Exit code of a command that Ctrl-C cut off. */
const INTERRUPTED = 130;

/** `bystack import`: verifies the blocks of a file and keeps them. */
export function importCommand(): Command {
  const command = new Command("import")
    .description("verify the blocks of a file and keep them; goes on where it was cut off")
    .argument("<file>", "JSON lines of block hex (bystack export), or a recorded chain");
  for (const option of chainOptions()) command.addOption(option);
  return command.action(async (path: string, options: ChainCommandOptions) => {
    const signal = stopSignal();
    const file = await openChainFile(path);
    const logger = createLogger(options.logLevel);
    const node = await createNode({ ...options, network: networkOf(options), logger });
    try {
      const { imported, isComplete } = await importBlocks(node.chain, file, signal);
      logger.debug(node.chain.metrics(), "how the import went");
      console.log(`${isComplete ? "Imported" : "Interrupted after"} ${imported} new blocks.`);
      await printTip(node.chain);
      if (!isComplete) process.exitCode = INTERRUPTED;
    } finally {
      await node.close();
    }
  });
}
