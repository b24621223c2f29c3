import { Command } from "commander";
import { exportBlocks } from "../export-blocks.ts";
import { createLogger } from "../logger.ts";
import { createNode } from "../node.ts";
import { stopSignal } from "../stop-signal.ts";
import { type ChainCommandOptions, chainOptions, networkOf } from "./options.ts";

/** `bystack export`: writes the best chain to a file. */
export function exportCommand(): Command {
  const command = new Command("export")
    .description("write the best chain to a file; completes one that is there")
    .argument("<file>", "written as JSON lines of block hex, the genesis block first");
  for (const option of chainOptions()) command.addOption(option);
  return command.action(async (path: string, options: ChainCommandOptions) => {
    const signal = stopSignal();
    const logger = createLogger(options.logLevel);
    const node = await createNode({ ...options, network: networkOf(options), logger });
    try {
      const blocks = await exportBlocks(node.chain, path, signal);
      console.log(`${path} has ${blocks} blocks.`);
      if (signal.aborted) process.exitCode = 130;
    } finally {
      await node.close();
    }
  });
}
