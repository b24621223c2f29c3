import {
  ButxoError,
  type BytomNetwork,
  blockHash,
  equalBytes,
  idKey,
  statusMerkleRoot,
  toHex,
  transactionId,
  transactionMerkleRoot,
} from "@bystack/butxo";
import type { BatchOperation, StorageEngine } from "@bystack/storage";
import { judgedTransactions } from "../advance.ts";
import { ChainError } from "../error.ts";
import type { UtxoEntry } from "../state/utxo-entry.ts";
import { isKept, UtxoView } from "../state/utxo-view.ts";
import { ChainStore, type StoredBlock } from "./chain-store.ts";
import {
  allOutputs,
  allTreeSegments,
  CHAIN_STATUS_KEY,
  outputIdOf,
  REPAIR_KEY,
  type RowKind,
  rowKind,
} from "./layout.ts";
import { checkVersion } from "./migrations.ts";
import { decodeUtxoEntry, outputOperation } from "./records.ts";
import { type ChainStatus, encodeStatus } from "./status.ts";

/** Rows of one kind. */
export interface RowCount {
  count: number;
  /** Keys and values. */
  bytes: number;
}

/** What lies in a store. */
export interface StoreStats {
  /** Undefined in an empty store. */
  readonly tip: ChainStatus | undefined;
  readonly network: string | undefined;
  readonly rows: { readonly [kind in RowKind]: RowCount };
}

/** Something that is not as it must be. */
export interface StoreProblem {
  readonly height: bigint | undefined;
  readonly detail: string;
}

/** How {@link checkStore} and {@link repairStore} work. The store must be closed for all others. */
export interface CheckOptions {
  readonly storage: StorageEngine;
  readonly params: BytomNetwork;
  /** Called after each block of the best chain. */
  readonly onBlock?: ((height: bigint, tip: bigint) => void) | undefined;
}

/** Problems that are listed, at most. */
const MAX_PROBLEMS = 100;
/** Changes that are written at once. */
const BATCH_ROWS = 10_000;

/** Counts the rows of a store by their kinds. */
export async function storeStats({
  storage,
  params,
}: Pick<CheckOptions, "storage" | "params">): Promise<StoreStats> {
  const store = new ChainStore(storage, params.dialect);
  const empty = () => ({ count: 0, bytes: 0 });
  const rows = {
    block: empty(),
    header: empty(),
    status: empty(),
    output: empty(),
    tree: empty(),
    other: empty(),
  };
  for await (const [key, value] of storage.iterate()) {
    const row = rows[rowKind(key)];
    row.count++;
    row.bytes += key.length + value.length;
  }
  return { tip: await store.status(), network: (await store.format())?.network, rows };
}

/**
 * Reads everything and says what is wrong: blocks, their roots and statuses, the links between them,
 * and the unspent outputs against a replay of the whole chain. Scripts are not run again. Changes
 * nothing. Holds the unspent outputs in memory, about 300 bytes each. The rows of the tree are left
 * alone: they only save time, and the next opening makes those again that are not in order.
 *
 * @returns nothing when all is well; at most 100 problems
 * @throws {@link ChainError} `store-format` when a newer version of this software wrote the store
 */
export async function checkStore(options: CheckOptions): Promise<StoreProblem[]> {
  const { problems, outputs } = await replay(options);
  if (problems.length === 0)
    for await (const { id } of differences(options, outputs)) {
      problems.push({ height: undefined, detail: `a wrong record of output ${toHex(id)}` });
      if (problems.length >= MAX_PROBLEMS) break;
    }
  return problems;
}

/**
 * Takes the chain back to the last block below which everything is in order, and makes the records
 * of outputs what the blocks say. No block is deleted: what lies above comes again. When it is cut
 * off the store stays closed for `openChain` until it is repaired again.
 *
 * @returns what was wrong
 * @throws {@link ChainError} `store-damaged` when not even the genesis block is there; `store-format`
 *   when a newer version of this software wrote the store
 */
export async function repairStore(options: CheckOptions): Promise<StoreProblem[]> {
  const { storage } = options;
  const { problems, outputs, good } = await replay(options);
  if (good === undefined)
    throw new ChainError("store-damaged", {
      detail: problems[0]?.detail ?? "there is no genesis block",
    });
  const write = (operations: BatchOperation[]) => storage.batch(operations, { sync: true });
  await write([{ type: "put", key: REPAIR_KEY, value: new Uint8Array(0) }]);
  let batch: BatchOperation[] = [];
  for await (const { id, entry } of differences(options, outputs)) {
    if (problems.length < MAX_PROBLEMS)
      problems.push({ height: undefined, detail: `a wrong record of output ${toHex(id)}` });
    batch.push(outputOperation(id, entry));
    if (batch.length < BATCH_ROWS) continue;
    await write(batch);
    batch = [];
  }
  // Made again from the headers.
  for await (const [key] of storage.iterate(allTreeSegments())) batch.push({ type: "del", key });
  await write([
    ...batch,
    { type: "put", key: CHAIN_STATUS_KEY, value: encodeStatus(good) },
    { type: "del", key: REPAIR_KEY },
  ]);
  return problems;
}

type Outputs = Map<string, { readonly id: Uint8Array; readonly entry: UtxoEntry }>;

interface Replay {
  readonly problems: StoreProblem[];
  /** What must be remembered after the last good block. */
  readonly outputs: Outputs;
  /** Undefined when there is none. */
  readonly good: ChainStatus | undefined;
}

/** Walks the best chain from the genesis block up, as far as it is in order. */
async function replay({ storage, params, onBlock }: CheckOptions): Promise<Replay> {
  const store = new ChainStore(storage, params.dialect);
  const outputs: Outputs = new Map();
  const problems: StoreProblem[] = [];
  let good: ChainStatus | undefined;
  let at = 0n;
  const format = await store.format();
  if (format !== undefined) checkVersion(format);
  try {
    const path = await bestChain(store);
    const tip = BigInt(path.length - 1);
    for (const hash of path) {
      applyBlock(await readBlock(store, hash, at), { params, height: at, outputs });
      good = { height: at, hash };
      onBlock?.(at, tip);
      at++;
    }
  } catch (error) {
    if (!(error instanceof ChainError || error instanceof ButxoError)) throw error;
    problems.push({ height: at, detail: error.message });
  }
  return { problems, outputs, good };
}

/**
 * Hashes of the best chain, the genesis block first: down from the tip by the headers. When that is
 * broken, the longest linked chain of headers.
 */
async function bestChain(store: ChainStore): Promise<Uint8Array[]> {
  const parents = new Map<string, { hash: Uint8Array; parent: Uint8Array; height: bigint }>();
  let highest: { hash: Uint8Array; height: bigint } | undefined;
  for await (const { hash, header } of store.headers(0n, MAX_HEIGHT)) {
    const isLinked = header.height === 0n || parents.has(idKey(header.previousBlockHash));
    if (!isLinked) continue;
    const { previousBlockHash: parent, height } = header;
    parents.set(idKey(hash), { hash, parent, height });
    if (highest === undefined || height > highest.height) highest = { hash, height };
  }
  const status = await store.status();
  const from = status !== undefined && parents.has(idKey(status.hash)) ? status : highest;
  const path: Uint8Array[] = [];
  for (let at = from && parents.get(idKey(from.hash)); at; at = parents.get(idKey(at.parent)))
    path.push(at.hash);
  return path.reverse();
}

const MAX_HEIGHT = 2n ** 63n;

async function readBlock(
  store: ChainStore,
  hash: Uint8Array,
  height: bigint,
): Promise<StoredBlock> {
  const block = await store.block(hash);
  const statusFailed = await store.statuses(hash);
  const { header, transactions } = block;
  const facts = { height, blockHash: blockHash(header) };
  if (statusFailed.length !== transactions.length)
    throw new ChainError("store-damaged", { ...facts, detail: "a status list of another length" });
  if (
    !equalBytes(
      transactionMerkleRoot(transactions.map(transactionId)),
      header.transactionMerkleRoot,
    )
  )
    throw new ChainError("store-damaged", { ...facts, detail: "other transactions" });
  // The genesis block is never validated.
  if (height > 0n && !equalBytes(statusMerkleRoot(statusFailed), header.transactionStatusHash))
    throw new ChainError("store-damaged", { ...facts, detail: "other statuses" });
  return { hash, block, statusFailed };
}

function applyBlock(
  block: StoredBlock,
  { params, height, outputs }: { params: BytomNetwork; height: bigint; outputs: Outputs },
): void {
  const transactions = judgedTransactions(block);
  const view = new UtxoView(params);
  for (const id of view.missing(transactions)) {
    const known = outputs.get(idKey(id));
    if (known !== undefined) view.load(id, known.entry);
  }
  view.applyBlock(height, transactions);
  for (const row of view.entries())
    if (isKept(row.entry)) outputs.set(idKey(row.id), row);
    else outputs.delete(idKey(row.id));
}

/** Outputs whose record is not what it must be, with what it must be. */
async function* differences(
  { storage }: CheckOptions,
  outputs: Outputs,
): AsyncGenerator<{ id: Uint8Array; entry: UtxoEntry | undefined }> {
  const seen = new Set<string>();
  for await (const [rowKey, value] of storage.iterate(allOutputs())) {
    const id = outputIdOf(rowKey);
    const key = idKey(id);
    seen.add(key);
    const wanted = outputs.get(key)?.entry;
    if (!isSame(readEntry(value), wanted)) yield { id, entry: wanted };
  }
  for (const [key, { id, entry }] of outputs) if (!seen.has(key)) yield { id, entry };
}

function readEntry(bytes: Uint8Array): UtxoEntry | undefined {
  try {
    return decodeUtxoEntry(bytes);
  } catch (error) {
    if (error instanceof ChainError) return undefined;
    throw error;
  }
}

/** The height of other outputs than coinbases is not reliable after a reorganization. */
function isSame(a: UtxoEntry | undefined, b: UtxoEntry | undefined): boolean {
  if (
    a === undefined ||
    b === undefined ||
    a.isCoinbase !== b.isCoinbase ||
    a.isSpent !== b.isSpent
  )
    return false;
  return !a.isCoinbase || a.blockHeight === b.blockHeight;
}
