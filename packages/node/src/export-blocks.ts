import { createReadStream } from "node:fs";
import { open, truncate } from "node:fs/promises";
import { formatBlock } from "@bystack/butxo";
import type { Chain } from "@bystack/chain";
import { NodeError } from "./error.ts";
import { createProgress } from "./progress.ts";

/**
 * Writes the best chain, genesis block first, as JSON lines of block hex. A file that is there is
 * completed: its lines must be this chain's, and half a line at its end is written anew.
 *
 * @returns the number of blocks in the file
 * @throws {@link NodeError} `cannot-write`
 */
export async function exportBlocks(
  chain: Chain,
  path: string,
  signal?: AbortSignal,
): Promise<number> {
  const blockCount = Number(chain.tip.height) + 1;
  const start = await resume(chain, path);
  const progress = createProgress("exporting", blockCount);
  const file = await open(path, "a");
  let written = start;
  try {
    for (; written < blockCount && !signal?.aborted; written++) {
      await file.write(`${await lineOf(chain, BigInt(written))}\n`);
      progress.update(written + 1);
    }
    await file.sync();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new NodeError(
      "cannot-write",
      `Cannot write ${path}: ${reason}. Run the command again to go on.`,
      { cause },
    );
  } finally {
    progress.stop();
    await file.close();
  }
  return written;
}

/** Compares what the file has with the chain and cuts off an unfinished line; gives the lines left. */
async function resume(chain: Chain, path: string): Promise<number> {
  let lines = 0;
  let bytes = 0;
  let rest = "";
  try {
    for await (const chunk of createReadStream(path, { encoding: "latin1" })) {
      const parts = (rest + chunk).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        if (line !== (await lineOf(chain, BigInt(lines))))
          throw new NodeError(
            "cannot-write",
            `${path} is there already, and its line ${lines + 1} is not block ${lines} of this chain: remove it or choose another name.`,
          );
        lines++;
        bytes += line.length + 1;
      }
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0;
    throw error;
  }
  await truncate(path, bytes);
  return lines;
}

async function lineOf(chain: Chain, height: bigint): Promise<string | undefined> {
  const node = chain.nodeAt(height);
  const found = node && (await chain.block(node.hash));
  return found && JSON.stringify(formatBlock(found.block));
}
