import {
  type Block,
  type BlockHeader,
  blockHash,
  type Dialect,
  equalBytes,
  formatBlockHeader,
  parseBlock,
  parseBlockHeader,
} from "@bystack/butxo";
import { type BatchOperation, MAX_VALUE_BYTES, type StorageEngine } from "@bystack/storage";
import { ChainError } from "../error.ts";
import { blockText } from "../raw-block.ts";
import type { UtxoEntry } from "../state/utxo-entry.ts";
import { fromAscii, toAscii } from "./ascii.ts";
import {
  allOutputs,
  blockKey,
  CHAIN_STATUS_KEY,
  FORMAT_KEY,
  headerKey,
  headersBetween,
  outputIdOf,
  outputKey,
  REPAIR_KEY,
  statusKey,
} from "./layout.ts";
import { decodeStatuses, decodeUtxoEntry, encodeStatuses } from "./records.ts";
import {
  type ChainStatus,
  decodeFormat,
  decodeStatus,
  encodeFormat,
  encodeStatus,
  type StoreFormat,
} from "./status.ts";
import type { TreeIndex } from "./tree-index.ts";

/** A validated block with its statuses, as it is stored. */
export interface StoredBlock {
  readonly hash: Uint8Array;
  readonly block: Block;
  /** For each transaction: is it status-failed? */
  readonly statusFailed: readonly boolean[];
}

/** A move of the tip, with the outputs that it changes. */
export interface Advance {
  /** Where the chain stands now; undefined in an empty store. */
  readonly from: ChainStatus | undefined;
  readonly to: ChainStatus;
  readonly outputs: readonly BatchOperation[];
}

/** Everything that one step of the chain changes; written in one atomic batch. */
export interface Commit {
  /** Blocks that passed validation, whether or not they join the best chain. */
  readonly blocks: readonly StoredBlock[];
  /** Missing when the tip stays. */
  readonly advance?: Advance | undefined;
  /** Written once, with the genesis block. */
  readonly format?: StoreFormat | undefined;
}

/** The chain's rows in a storage engine: the only room that reads and writes them. */
export class ChainStore {
  private readonly storage: StorageEngine;
  private readonly dialect: Dialect;
  private readonly treeIndex: TreeIndex | undefined;

  /** @param treeIndex is told of the blocks that come */
  constructor(storage: StorageEngine, dialect: Dialect, treeIndex?: TreeIndex) {
    this.storage = storage;
    this.dialect = dialect;
    this.treeIndex = treeIndex;
  }

  /** What wrote the store; undefined when it is empty. */
  async format(): Promise<StoreFormat | undefined> {
    const bytes = await this.storage.get(FORMAT_KEY);
    return bytes && decodeFormat(bytes);
  }

  /** Was a repair begun and not ended? */
  async isUnderRepair(): Promise<boolean> {
    return (await this.storage.get(REPAIR_KEY)) !== undefined;
  }

  /** Where the chain stands; undefined when the store is empty. */
  async status(): Promise<ChainStatus | undefined> {
    const bytes = await this.storage.get(CHAIN_STATUS_KEY);
    return bytes && decodeStatus(bytes);
  }

  /** All stored headers between two heights, both included, lowest first. */
  async *headers(
    from: bigint,
    through: bigint,
  ): AsyncGenerator<{ hash: Uint8Array; header: BlockHeader }> {
    for await (const [key, value] of this.storage.iterate(headersBetween(from, through))) {
      const header = parseBlockHeader(fromAscii(value), this.dialect);
      const hash = blockHash(header);
      if (!equalBytes(key, headerKey(header.height, hash)))
        throw new ChainError("store-damaged", { height: header.height, detail: "a wrong header" });
      yield { hash, header };
    }
  }

  /** @throws {@link ChainError} `store-damaged` when the bytes are not the block of that hash */
  async block(hash: Uint8Array): Promise<Block> {
    const text = await this.blockText(hash);
    const block = text === undefined ? undefined : parseBlock(text, this.dialect);
    if (block !== undefined && equalBytes(blockHash(block.header), hash)) return block;
    throw new ChainError("store-damaged", { blockHash: hash, detail: "the block is missing" });
  }

  private async blockText(hash: Uint8Array): Promise<string | undefined> {
    let text: string | undefined;
    for (let part = 0; ; part++) {
      const bytes = await this.storage.get(blockKey(hash, part));
      if (bytes === undefined) return text;
      text = (text ?? "") + fromAscii(bytes);
      if (bytes.length < MAX_VALUE_BYTES) return text;
    }
  }

  /** For each transaction of a block: is it status-failed? */
  async statuses(hash: Uint8Array): Promise<boolean[]> {
    const bytes = await this.storage.get(statusKey(hash));
    if (bytes !== undefined) return decodeStatuses(bytes);
    throw new ChainError("store-damaged", { blockHash: hash, detail: "the statuses are missing" });
  }

  /** The records of outputs, in the order asked. */
  async outputs(ids: readonly Uint8Array[]): Promise<(UtxoEntry | undefined)[]> {
    const found = await this.storage.getMany(ids.map(outputKey));
    return found.map((bytes) => bytes && decodeUtxoEntry(bytes));
  }

  /** Every output record, by ascending id. */
  async *allOutputs(): AsyncGenerator<{ id: Uint8Array; entry: UtxoEntry }> {
    for await (const [key, value] of this.storage.iterate(allOutputs()))
      yield { id: outputIdOf(key), entry: decodeUtxoEntry(value) };
  }

  /**
   * Writes one step of the chain, all or nothing, on disk before it returns. The tip must still be
   * the one that the step started from.
   *
   * A step too large for one batch has its blocks written first, which changes nothing for whoever
   * reads: they are of the tree, not of the best chain.
   *
   * @throws {@link ChainError} `commit-too-large`: the blocks are written, the tip has not moved
   * @throws StorageError `store-conflict` and what the engine throws
   */
  async commit({ blocks, advance, format }: Commit): Promise<void> {
    const { maxBatchBytes } = this.storage.capabilities;
    const stale = this.treeIndex?.staleRows(blocks.map(({ block }) => block.header)) ?? [];
    let operations = [...stale, ...blocks.flatMap(blockOperations)];
    if (format !== undefined)
      operations.push({ type: "put", key: FORMAT_KEY, value: encodeFormat(format) });
    if (advance === undefined) return this.write(operations, maxBatchBytes);
    const { from, to, outputs } = advance;
    const status: BatchOperation = {
      type: "put",
      key: CHAIN_STATUS_KEY,
      value: encodeStatus(to),
    };
    const outputBytes = sizeOf(outputs) + sizeOf([status]);
    if (sizeOf(operations) + outputBytes > maxBatchBytes) {
      await this.write(operations, maxBatchBytes);
      operations = [];
    }
    if (outputBytes > maxBatchBytes)
      throw new ChainError("commit-too-large", {
        height: to.height,
        blockHash: to.hash,
        detail: `${outputs.length} outputs change, ${outputBytes} bytes; the storage engine writes ${maxBatchBytes} at once`,
      });
    for (const operation of outputs) operations.push(operation);
    operations.push(status);
    return this.storage.batch(operations, {
      sync: true,
      expect: [{ key: CHAIN_STATUS_KEY, value: from && encodeStatus(from) }],
    });
  }

  /** Writes rows that mean nothing to the best chain, in as many batches as it takes. */
  private async write(operations: readonly BatchOperation[], maxBytes: number): Promise<void> {
    let batch: BatchOperation[] = [];
    let bytes = 0;
    for (const operation of operations) {
      const size = sizeOf([operation]);
      if (bytes + size > maxBytes) {
        await this.storage.batch(batch, { sync: true });
        batch = [];
        bytes = 0;
      }
      batch.push(operation);
      bytes += size;
    }
    await this.storage.batch(batch, { sync: true });
  }

  close(): Promise<void> {
    return this.storage.close();
  }
}

function sizeOf(operations: readonly BatchOperation[]): number {
  return operations.reduce(
    (sum, operation) =>
      sum + operation.key.length + (operation.type === "put" ? operation.value.length : 0),
    0,
  );
}

function blockOperations({ hash, block, statusFailed }: StoredBlock): BatchOperation[] {
  const { header } = block;
  const text = toAscii(blockText(block));
  const parts: BatchOperation[] = [];
  for (let at = 0; at === 0 || at < text.length; at += MAX_VALUE_BYTES)
    parts.push({
      type: "put",
      key: blockKey(hash, parts.length),
      value: text.subarray(at, at + MAX_VALUE_BYTES),
    });
  return [
    // Backwards: a block whose first part is there is complete.
    ...parts.reverse(),
    { type: "put", key: statusKey(hash), value: encodeStatuses(statusFailed) },
    // Last: by its header the next opening knows the block, and the rows may take several batches.
    {
      type: "put",
      key: headerKey(header.height, hash),
      value: toAscii(formatBlockHeader(header)),
    },
  ];
}
