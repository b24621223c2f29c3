import { createServer } from "node:net";
import { toHex } from "@bystack/butxo";
import type { Chain } from "@bystack/chain";
import { Command, Option } from "commander";
import { openChainFile } from "../chain-file.ts";
import { importBlocks } from "../import-blocks.ts";
import { createLogger } from "../logger.ts";
import { createNode, explainListen } from "../node.ts";
import { stopSignal } from "../stop-signal.ts";
import { type ChainCommandOptions, chainOptions, networkOf } from "./options.ts";
import { wholeNumber } from "./whole-number.ts";

interface NodeCommandOptions extends ChainCommandOptions {
  readonly apiHost: string;
  readonly apiPort: number;
  readonly recording?: string;
}

/** `bystack node`: opens the chain and serves the HTTP API until it is stopped. */
export function nodeCommand(): Command {
  const command = new Command("node")
    .description("open the chain and serve its HTTP API until Ctrl-C")
    .addOption(new Option("--api-host <address>", "address to listen on").default("127.0.0.1"))
    .addOption(
      new Option("--api-port <port>", "port to listen on; 0 = any free one")
        .default(9888)
        .argParser(wholeNumber(0, 65_535)),
    )
    .addOption(
      new Option(
        "--recording <file>",
        "bring the chain up to this recording before serving (see: bystack import)",
      ),
    );
  for (const option of chainOptions()) command.addOption(option);
  return command.action(runNode);
}

async function runNode(options: NodeCommandOptions): Promise<void> {
  const signal = stopSignal();
  const logger = createLogger(options.logLevel);
  const { apiHost, apiPort, recording } = options;
  await checkPort(apiHost, apiPort);
  const node = await createNode({ ...options, network: networkOf(options), logger });
  try {
    if (recording !== undefined) await catchUp(node.chain, recording, signal);
    await printTip(node.chain);
    if (signal.aborted) return;
    const address = await node.listen(apiHost, apiPort);
    console.log(`Listening on ${address}. Ctrl-C stops.`);
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  } finally {
    await node.close();
    console.log("Stopped.");
  }
}

/** Fails now rather than after a long import. */
async function checkPort(host: string, port: number): Promise<void> {
  const probe = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      probe.once("error", reject);
      probe.listen(port, host, resolve);
    });
  } catch (error) {
    throw explainListen(error, host, port);
  } finally {
    await new Promise((resolve) => probe.close(resolve));
  }
}

async function catchUp(chain: Chain, path: string, signal: AbortSignal): Promise<void> {
  const file = await openChainFile(path);
  if (file.tip !== undefined && chain.tip.height >= file.tip.height) return;
  const { imported, isComplete } = await importBlocks(chain, file, signal);
  if (isComplete) console.log(`Imported and verified ${imported} blocks of ${path}.`);
  else console.log(`Stopped at block ${chain.tip.height}; the next start goes on from there.`);
}

/** The tip and the digest of all unspent outputs, to compare with other nodes. */
export async function printTip(chain: Chain): Promise<void> {
  const { tip, params } = chain;
  const { digest, count } = await chain.utxoDigest();
  console.log(`network  ${params.chainId}`);
  console.log(`height   ${tip.height}`);
  console.log(`tip      ${toHex(tip.hash)}`);
  console.log(`digest   ${toHex(digest)} (${count} unspent outputs)`);
}
