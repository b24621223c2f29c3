import { ButxoError, type BytomNetwork, decodeAddress, toHex } from "@bystack/butxo";
import type { BlockNode } from "@bystack/chain";
import { Command, Option } from "commander";
import { NodeError } from "../error.ts";
import { createLogger } from "../logger.ts";
import { createNode, type Node } from "../node.ts";
import { stopSignal } from "../stop-signal.ts";
import { type ChainCommandOptions, chainOptions, networkOf } from "./options.ts";
import { wholeNumber } from "./whole-number.ts";

interface MineCommandOptions extends ChainCommandOptions {
  readonly blocks?: number;
  readonly address?: string;
}

/** The program that anyone can spend: the original miner's choice without an account. */
const OPEN_PROGRAM = Uint8Array.of(0x51);

/** `bystack mine`: extends the chain by proof of work. */
export function mineCommand(): Command {
  const command = new Command("mine")
    .description("mine blocks on top of the chain until Ctrl-C")
    .addOption(
      new Option("--blocks <count>", "stop after so many").argParser(wholeNumber(1, 1_000_000)),
    )
    .option("--address <address>", "who gets the rewards (default: anyone, program 51)");
  for (const option of chainOptions()) command.addOption(option);
  return command.action(async (options: MineCommandOptions) => {
    const network = networkOf(options);
    const program = rewardProgram(options, network);
    const signal = stopSignal();
    const logger = createLogger(options.logLevel);
    const node = await createNode({ ...options, network, logger });
    try {
      await mineUntil(node, program, options.blocks ?? Number.POSITIVE_INFINITY, signal);
    } finally {
      await node.close();
    }
  });
}

/** Mines until there are enough blocks or the signal comes, and prints each block. */
async function mineUntil(
  node: Node,
  program: Uint8Array,
  blocks: number,
  signal: AbortSignal,
): Promise<void> {
  let mined = 0;
  let rate = 0;
  await new Promise<void>((resolve) => {
    const finish = () => resolve(miner.stop());
    const onBlock = ({ height, hash }: BlockNode) => {
      console.log(`block ${height}  ${toHex(hash)}  ${rate.toFixed(1)} hashes/s`);
      if (++mined >= blocks) finish();
    };
    const miner = node.createMiner({
      program,
      onBlock,
      onProgress: ({ hashesPerSecond }) => {
        rate = hashesPerSecond;
      },
    });
    signal.addEventListener("abort", finish, { once: true });
    if (signal.aborted) return finish();
    miner.start();
  });
}

function rewardProgram({ address }: MineCommandOptions, network: BytomNetwork): Uint8Array {
  if (address === undefined) return OPEN_PROGRAM;
  try {
    return decodeAddress(address, network.addressPrefix).controlProgram;
  } catch (cause) {
    if (!(cause instanceof ButxoError)) throw cause;
    throw new NodeError(
      "bad-option",
      `${address} is not an address of ${network.chainId}: ${cause.message}.`,
      { cause },
    );
  }
}
