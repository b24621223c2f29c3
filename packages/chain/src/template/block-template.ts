import {
  type Block,
  type BlockHeader,
  type BytomNetwork,
  blockSubsidy,
  btmAssetId,
  concatBytes,
  createTransaction,
  type MappedTransaction,
  statusMerkleRoot,
  type Transaction,
  transactionId,
  transactionMerkleRoot,
} from "@bystack/butxo";
import { loadOutputs } from "../advance.ts";
import type { ChainState } from "../chain.ts";
import type { Clock } from "../clock.ts";
import type { ConsensusEngine } from "../engine.ts";
import { medianTimeOf } from "../engines/header-rules.ts";
import type { MempoolEntry } from "../mempool/entry.ts";
import type { Mempool } from "../mempool/mempool.ts";
import { outputChanges } from "../state/output-changes.ts";
import { type JudgedTransaction, UtxoView } from "../state/utxo-view.ts";
import { toAscii } from "../store/ascii.ts";
import type { BlockNode } from "../tree/block-node.ts";
import type { ProgramRunner } from "../validation/program.ts";
import { validateTransaction } from "../validation/transaction.ts";
import { orderByFeeRate, type TemplateOrder } from "./order.ts";

/** What {@link createBlockTemplate} works with. */
export interface TemplateOptions {
  readonly params: BytomNetwork;
  readonly engine: ConsensusEngine;
  readonly mempool: Mempool;
  readonly clock: Clock;
  /** Runs programs, for example `chain.signatures.readingRunner()`. */
  readonly runProgram: ProgramRunner;
  /** Program that locks the reward. */
  readonly program: Uint8Array;
  /** Bytes of one's own in the coinbase, after the height. */
  readonly extra?: Uint8Array | undefined;
  /** `arrival`, as the original node, when left out. */
  readonly order?: TemplateOrder | undefined;
}

/** A block that lacks only its seal. */
export interface BlockTemplate extends Block {
  /** The block that it goes on top of. */
  readonly parent: BlockNode;
  /** What its transactions pay, neu. */
  readonly fees: bigint;
  /** For each transaction: is it status-failed? */
  readonly statusFailed: readonly boolean[];
}

/**
 * The next block: the transactions of the pool that can be in it, and a coinbase that takes the
 * subsidy and their fees. Transactions that turn out to be of no use leave the pool.
 *
 * @throws RangeError when `extra` is too long for a coinbase
 * @see spec 10-ledger, section 12 "Block template and mining"
 */
export function createBlockTemplate(options: TemplateOptions): Promise<BlockTemplate> {
  const { mempool } = options;
  return mempool.atTip(async (state) => {
    const packed = await packTransactions(options, state);
    const { params, engine, clock, program, extra } = options;
    const parent = state.tip;
    const nowSeconds = BigInt(Math.floor(clock.now() / 1000));
    const earliest = medianTimeOf(parent) + 1n;
    return assembleBlock({
      params,
      engine,
      parent,
      timestampSeconds: nowSeconds > earliest ? nowSeconds : earliest,
      program,
      extra,
      transactions: packed.map(({ mapped, statusFailed }) => ({
        transaction: mapped.transaction,
        statusFailed,
      })),
      fees: packed.reduce((sum, { fee }) => sum + fee, 0n),
    });
  });
}

/** What a block is assembled from. */
export interface BlockParts {
  readonly params: BytomNetwork;
  readonly engine: ConsensusEngine;
  readonly parent: BlockNode;
  readonly timestampSeconds: bigint;
  /** Program that locks the reward. */
  readonly program: Uint8Array;
  readonly extra?: Uint8Array | undefined;
  /** Without the coinbase. */
  readonly transactions: readonly {
    readonly transaction: Transaction;
    readonly statusFailed: boolean;
  }[];
  /** What they pay, neu. */
  readonly fees: bigint;
}

/** A block on top of `parent` that lacks only its seal, with a coinbase in front. */
export function assembleBlock(parts: BlockParts): BlockTemplate {
  const { params, engine, parent, transactions, fees } = parts;
  const height = parent.height + 1n;
  const all = [coinbase(parts, height), ...transactions.map(({ transaction }) => transaction)];
  const statusFailed = [false, ...transactions.map((item) => item.statusFailed)];
  const header: BlockHeader = {
    dialect: params.dialect,
    version: 1n,
    height,
    previousBlockHash: parent.hash,
    timestamp: parts.timestampSeconds,
    transactionMerkleRoot: transactionMerkleRoot(all.map(transactionId)),
    transactionStatusHash: statusMerkleRoot(statusFailed),
    seal: engine.createSeal(parent),
  };
  return { parent, header, transactions: all, statusFailed, fees };
}

function coinbase({ params, program, extra, fees }: BlockParts, height: bigint): Transaction {
  const arbitrary = concatBytes(Uint8Array.of(0), toAscii(String(height)), extra ?? NO_BYTES);
  if (arbitrary.length > params.maxCoinbaseArbitrary)
    throw new RangeError(`${arbitrary.length} bytes do not fit into a coinbase`);
  return createTransaction(
    {
      inputs: [{ type: "coinbase", arbitrary }],
      outputs: [
        {
          type: "output",
          assetId: btmAssetId(),
          amount: blockSubsidy(params, height) + fees,
          controlProgram: program,
        },
      ],
    },
    params.dialect,
  );
}

const NO_BYTES = /* @__PURE__ */ new Uint8Array(0);

interface Packed extends JudgedTransaction {
  readonly mapped: MappedTransaction;
  readonly fee: bigint;
}

async function packTransactions(options: TemplateOptions, state: ChainState): Promise<Packed[]> {
  const { params, mempool, runProgram, order } = options;
  const waiting: readonly MempoolEntry[] =
    order === "fee-rate"
      ? orderByFeeRate(mempool.entries(), (id) => mempool.creatorOf(id))
      : mempool.entries();
  const height = state.tip.height + 1n;
  const view = new UtxoView(params);
  const entries = waiting.map((entry) => ({ ...entry, changes: outputChanges(entry.mapped) }));
  await loadOutputs(view, entries, state);
  const packed: Packed[] = [];
  let gas = 0n;
  for (const { mapped, fee, changes } of entries) {
    const { gasValid, gasUsed, error } = validateTransaction(mapped, {
      blockVersion: 0n,
      blockHeight: height,
      isFirstInBlock: false,
      params,
      runProgram,
    });
    if (!gasValid) {
      mempool.remove(mapped.id);
      continue;
    }
    if (gas + gasUsed > params.maxBlockGas) break;
    const judged = { changes, statusFailed: error !== undefined };
    if (!view.tryApply(height, judged)) {
      mempool.remove(mapped.id);
      continue;
    }
    packed.push({ ...judged, mapped, fee });
    gas += gasUsed;
    if (gas === params.maxBlockGas) break;
  }
  return packed;
}
