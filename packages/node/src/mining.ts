import {
  type BlockHeader,
  blockHash,
  type ProofOfWorkSeal,
  type Transaction,
  targetFromBits,
} from "@bystack/butxo";
import {
  type BlockNode,
  type Chain,
  type ConsensusEngine,
  createBlockTemplate,
  type Mempool,
  nextSeedOf,
} from "@bystack/chain";
import {
  createMiner,
  type Miner,
  type Progress,
  type TensorityPool,
} from "@bystack/tensority/pool";
import type { Logger } from "pino";
import { proofOfWork } from "./proof-of-work.ts";

/** What a node mines with. */
export interface MiningParts {
  readonly chain: Chain;
  readonly engine: ConsensusEngine;
  readonly mempool: Mempool;
  readonly pool: TensorityPool;
  readonly logger: Logger;
}

/** What a miner is told and tells. */
export interface MiningOptions {
  /** Control program that takes the rewards. */
  readonly program: Uint8Array;
  /** Called with each block that was mined and is in the chain's tree. */
  readonly onBlock?: ((node: BlockNode) => void) | undefined;
  /** Called after each hash. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

interface MinableBlock {
  readonly header: BlockHeader<ProofOfWorkSeal>;
  readonly transactions: readonly Transaction[];
  readonly seed: Uint8Array;
}

/**
 * A miner, not started yet, on top of the chain's tip.
 *
 * @see spec 40-tensority, section 10 "CPU miner"
 */
export function createNodeMiner(parts: MiningParts, options: MiningOptions): Miner {
  const { chain, pool, logger } = parts;
  return createMiner<MinableBlock>({
    pool,
    headerHash: blockHash,
    targetFromBits,
    onProgress: options.onProgress,
    createTemplate: () => createTemplate(parts, options.program),
    async processBlock({ header, transactions }) {
      const { isOrphan } = await chain.processBlock({ header, transactions });
      const node = chain.nodeByHash(blockHash(header));
      if (node !== undefined) options.onBlock?.(node);
      return isOrphan ? "orphan" : "connected";
    },
    // There are no peers to tell yet.
    announceBlock: () => {},
    onError: (error) => logger.error({ err: error }, "mining failed, trying again"),
  });
}

async function createTemplate(
  { chain, engine, mempool }: MiningParts,
  program: Uint8Array,
): Promise<MinableBlock> {
  const template = await createBlockTemplate({
    params: chain.params,
    engine,
    mempool,
    clock: Date,
    runProgram: chain.signatures.readingRunner(),
    program,
  });
  const { header, transactions, parent } = template;
  return {
    header: { ...header, seal: proofOfWork(header) },
    transactions,
    seed: nextSeedOf(parent),
  };
}
