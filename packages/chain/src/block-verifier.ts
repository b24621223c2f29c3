import { type Block, ButxoError, type BytomNetwork, type MappedTransaction } from "@bystack/butxo";
import type { Clock } from "./clock.ts";
import type { ConsensusEngine } from "./engine.ts";
import { ChainError } from "./error.ts";
import type { TransactionJudge } from "./pswv/judge.ts";
import { isUndecoded } from "./raw-block.ts";
import type { JudgedTransaction } from "./state/utxo-view.ts";
import type { StoredBlock } from "./store/chain-store.ts";
import { type BlockNode, createNode } from "./tree/block-node.ts";
import type { TrustedHeaders, Waiver } from "./trusted-headers.ts";
import {
  type BlockContext,
  type TransactionJudgment,
  validateBlockBody,
} from "./validation/block.ts";
import type { ProgramRunner } from "./validation/program.ts";
import type { SignatureCache } from "./validation/signature-cache.ts";

/** What a {@link BlockVerifier} works with. */
export interface VerifierParts {
  readonly params: BytomNetwork;
  readonly engine: ConsensusEngine;
  readonly clock: Clock;
  readonly runProgram: ProgramRunner;
  /** Judges transactions before their block's turn. */
  readonly judge: TransactionJudge | undefined;
  readonly trusted: TrustedHeaders;
  readonly signatures: SignatureCache;
}

/** A block, with the work on it that was begun before its turn. */
export interface IncomingBlock {
  readonly block: Block;
  /** Settles with the verdict on the seal; the seal is verified in turn when left out. */
  readonly seal?: Promise<void> | undefined;
  /** Its transactions as their entries, in order. */
  readonly mapped?: readonly MappedTransaction[] | undefined;
  /** Judgments of its transactions, in order; what is missing is judged in turn. */
  readonly judgments?: Promise<readonly (TransactionJudgment | undefined)[]> | undefined;
}

/** A block that passed validation and is not written yet. */
export interface VerifiedBlock {
  readonly node: BlockNode;
  readonly block: Block;
  readonly transactions: readonly JudgedTransaction[];
}

/** Inputs from which on a block that comes alone is worth the way to the workers. */
const LARGE_BLOCK_INPUTS = 128;

/**
 * Judges a block by all that its branch says of it: header, seal, transactions. Unspent outputs are
 * not looked at.
 *
 * @see spec 10-ledger, section 8 "Block validation"
 */
export class BlockVerifier {
  private readonly parts: VerifierParts;

  constructor(parts: VerifierParts) {
    this.parts = parts;
  }

  /** @throws {@link ChainError} `invalid-block` */
  async verify(
    { block, seal, mapped, judgments }: IncomingBlock,
    hash: Uint8Array,
    parent: BlockNode,
  ): Promise<VerifiedBlock> {
    const { engine, clock, params, runProgram, trusted } = this.parts;
    const waiver = trusted.of(hash);
    const candidate = { header: block.header, hash, parent };
    try {
      engine.verifyHeader(candidate, clock.now());
      if (waiver !== "seal") await (seal ?? engine.verifySeal(candidate));
      const context = {
        params,
        runProgram,
        mapped,
        judgments: await (judgments ?? (waiver === undefined ? this.judgeLarge(block) : undefined)),
      };
      const transactions = validateBody(block, hash, context, waiver);
      return { node: createNode(candidate, engine.weight(block.header)), block, transactions };
    } catch (cause) {
      throw asInvalid(cause, block, hash);
    }
  }

  /**
   * Spreads a large block that comes alone over the workers, unless a mempool has checked signatures:
   * then most of the block's are known.
   */
  private judgeLarge(block: Block): ReturnType<TransactionJudge["judge"]> | undefined {
    const { judge, signatures } = this.parts;
    if (judge === undefined || signatures.size > 0) return undefined;
    const inputs = block.transactions.reduce(
      (sum, transaction) => sum + transaction.inputs.length,
      0,
    );
    return inputs < LARGE_BLOCK_INPUTS ? undefined : judge.judge(block, { aborted: false });
  }
}

/** @throws {@link ChainError} `invalid-block`: the block came as bytes that are none */
export function checkDecodes(block: Block, hash: Uint8Array): void {
  if (!isUndecoded(block)) return;
  try {
    block.transactions;
  } catch (cause) {
    throw asInvalid(cause, block, hash);
  }
}

/** The block as it is stored. */
export function storedForm({ node, block, transactions }: VerifiedBlock): StoredBlock {
  return {
    hash: node.hash,
    block,
    statusFailed: transactions.map(({ statusFailed }) => statusFailed),
  };
}

/** `invalid-block` for what the block is to blame for; anything else as it is. */
function asInvalid(cause: unknown, { header }: Block, hash: Uint8Array): unknown {
  // A block that came as bytes may turn out to be none.
  if (!(cause instanceof ChainError || cause instanceof ButxoError)) return cause;
  return new ChainError("invalid-block", { height: header.height, blockHash: hash, cause });
}

/**
 * Validates a block's body, without its scripts where those are waived. What a script decides beside
 * good and bad is the status of its transaction; the header tells whether all are good, and if not
 * the scripts are run after all.
 */
function validateBody(
  block: Block,
  hash: Uint8Array,
  context: BlockContext,
  waiver: Waiver | undefined,
): JudgedTransaction[] {
  if (waiver === "scripts") {
    const runNothing: ProgramRunner = (_mapped, _entry, _height, gasLimit) => gasLimit;
    try {
      return validateBlockBody(block, hash, { ...context, runProgram: runNothing });
    } catch (error) {
      if (!(error instanceof ChainError)) throw error;
    }
  }
  return validateBlockBody(block, hash, context);
}
