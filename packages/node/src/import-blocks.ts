import {
  type BlockHeader,
  ButxoError,
  blockHash,
  decodeBlockHeader,
  equalBytes,
  fromHex,
  toHex,
} from "@bystack/butxo";
import { type Chain, ChainError } from "@bystack/chain";
import { StorageError } from "@bystack/storage";
import type { ChainFile, FileBlock } from "./chain-file.ts";
import { NodeError } from "./error.ts";
import { createProgress } from "./progress.ts";

/** How an import ended. */
export interface ImportResult {
  /** Blocks that the chain did not have before. */
  readonly imported: number;
  /** False when the signal stopped it. */
  readonly isComplete: boolean;
}

/**
 * Takes all blocks of a file into a chain, verifying everything, and shows the progress. Blocks
 * that the chain has already are skipped, so an import that was cut off goes on where it stopped.
 *
 * @throws {@link NodeError} `bad-chain-file` | `bad-block` | `unexpected-tip`: blocks before the bad one are kept
 */
export async function importBlocks(
  chain: Chain,
  file: ChainFile,
  signal?: AbortSignal,
): Promise<ImportResult> {
  const reader = new BlockReader(chain, file);
  const progress = createProgress("importing", file.count);
  let imported = 0;
  try {
    await chain.processBlocks(reader.unknownBlocks(), {
      signal,
      onBlock(count) {
        imported = count;
        progress.update(reader.skipped + count);
      },
    });
  } catch (error) {
    throw explain(error, file, reader.placeOf(imported));
  } finally {
    progress.stop();
  }
  const isComplete = !signal?.aborted;
  if (isComplete) await checkTip(chain, file);
  return { imported, isComplete };
}

/** Reads a file's blocks and remembers where each one came from. */
class BlockReader {
  skipped = 0;
  private readonly chain: Chain;
  private readonly file: ChainFile;
  /** Places of the blocks handed out, in order, those already imported dropped. */
  private readonly places: string[] = [];
  private dropped = 0;

  constructor(chain: Chain, file: ChainFile) {
    this.chain = chain;
    this.file = file;
  }

  /** Where the block stands that was handed out as the nth, from 0. */
  placeOf(n: number): string {
    return this.places[n - this.dropped] ?? "its end";
  }

  /** As bytes: the workers of the chain decode them. */
  async *unknownBlocks(): AsyncGenerator<Uint8Array> {
    for await (const item of this.file.blocks) {
      const { bytes, header } = this.read(item);
      if (this.isKnown(header, item)) {
        this.skipped++;
        continue;
      }
      this.places.push(item.place);
      if (this.places.length > 2 * MAX_PLACES) {
        this.places.splice(0, MAX_PLACES);
        this.dropped += MAX_PLACES;
      }
      yield bytes;
    }
  }

  private read({ hex, place }: FileBlock): { bytes: Uint8Array; header: BlockHeader } {
    try {
      const bytes = fromHex(hex);
      return { bytes, header: decodeBlockHeader(bytes, this.chain.params.dialect) };
    } catch (cause) {
      if (!(cause instanceof ButxoError)) throw cause;
      throw notABlock(this.file, place, cause);
    }
  }

  private isKnown(header: BlockHeader, { place }: FileBlock): boolean {
    const hash = blockHash(header);
    if (this.chain.nodeByHash(hash) !== undefined) return true;
    if (header.height > 0n) return false;
    throw new NodeError(
      "bad-chain-file",
      `${this.file.path} is of another network: ${place} has the genesis hash ${toHex(hash)}.`,
    );
  }
}

/** More blocks than an import ever looks ahead. */
const MAX_PLACES = 1024;

function notABlock({ path }: ChainFile, place: string, cause: ButxoError): NodeError {
  return new NodeError(
    "bad-chain-file",
    `${path} is damaged: ${place} is not a block (${cause.message}).`,
    { cause },
  );
}

function explain(error: unknown, file: ChainFile, place: string): unknown {
  if (error instanceof NodeError) return error;
  if (error instanceof StorageError && error.code === "store-full")
    return new NodeError(
      "disk-full",
      `No space is left on the disk at ${place} of ${file.path}: free some and start again; what was imported is kept.`,
      { cause: error },
    );
  if (error instanceof ChainError && error.cause instanceof ButxoError)
    return notABlock(file, place, error.cause);
  if (error instanceof ChainError)
    return new NodeError(
      "bad-block",
      `${file.path}, ${place}, is not a valid block of this chain: ${error.message}. The blocks before it are kept.`,
      { cause: error },
    );
  return error;
}

/** A recording says what must come out of it. */
async function checkTip(chain: Chain, { path, tip: recorded }: ChainFile): Promise<void> {
  if (recorded === undefined) return;
  const node = chain.nodeAt(recorded.height);
  if (node === undefined || !equalBytes(node.hash, fromHex(recorded.hash)))
    throw new NodeError(
      "unexpected-tip",
      `${path} says that block ${recorded.height} is ${recorded.hash}, this chain has ${node ? toHex(node.hash) : "none"}.`,
    );
  if (chain.tip !== node) return;
  const { digest, count } = await chain.utxoDigest();
  if (toHex(digest) === recorded.utxoDigest && count === recorded.utxoCount) return;
  throw new NodeError(
    "unexpected-tip",
    `${path} says that the ${recorded.utxoCount} unspent outputs digest to ${recorded.utxoDigest}, here ${count} digest to ${toHex(digest)}.`,
  );
}
