export type { BlockResult } from "./block-processor.ts";
export {
  Chain,
  type ChainBlock,
  type ChainState,
} from "./chain.ts";
export type { Clock } from "./clock.ts";
export type { ConsensusEngine, HeaderCandidate } from "./engine.ts";
export { medianTimeOf } from "./engines/header-rules.ts";
export {
  nextBitsOf,
  nextSeedOf,
  type ProofOfWorkOptions,
  proofOfWorkEngine,
  type WorkClaim,
} from "./engines/proof-of-work.ts";
export { soloEngine } from "./engines/solo.ts";
export {
  type BlockErrorCode,
  ChainError,
  type ChainErrorCode,
  type ChainErrorFacts,
  type MempoolErrorCode,
  type StoreErrorCode,
  type TransactionErrorCode,
  type UtxoErrorCode,
} from "./error.ts";
export type { Logger } from "./logger.ts";
export type { MempoolChange, RemovalReason } from "./mempool/change.ts";
export type { MempoolEntry } from "./mempool/entry.ts";
export {
  createMempool,
  Mempool,
  type MempoolOptions,
  type SubmitResult,
} from "./mempool/mempool.ts";
export {
  type ConflictPolicy,
  DEFAULT_LIMITS,
  type FullPolicy,
  type MempoolLimits,
} from "./mempool/policy.ts";
export type { ChainMetrics, HitCounter, StageTimes } from "./metrics.ts";
export { type ChainOptions, openChain } from "./open-chain.ts";
export { type TransactionProof, verifyTransactions } from "./proof.ts";
export type { JobCounts } from "./pswv/adaptive-size.ts";
export type { ProcessBlocksOptions } from "./pswv/import-blocks.ts";
export type { TransactionJudge } from "./pswv/judge.ts";
export {
  prefetchList,
  resolveWindow,
  type WindowBlock,
  type WindowFailure,
  type WindowResolution,
  type WindowTransaction,
} from "./pswv/resolve-window.ts";
export {
  type OutputChanges,
  outputChanges,
  type SpentOutput,
  type TransactionResult,
} from "./state/output-changes.ts";
export { type UtxoDigest, utxoDigest } from "./state/utxo-digest.ts";
export type { UtxoEntry } from "./state/utxo-entry.ts";
export { type JudgedTransaction, type OutputRow, UtxoView } from "./state/utxo-view.ts";
export {
  type CheckOptions,
  checkStore,
  type RowCount,
  repairStore,
  type StoreProblem,
  type StoreStats,
  storeStats,
} from "./store/maintenance.ts";
export type { ChainStatus } from "./store/status.ts";
export {
  assembleBlock,
  type BlockParts,
  type BlockTemplate,
  createBlockTemplate,
  type TemplateOptions,
} from "./template/block-template.ts";
export type { TemplateOrder } from "./template/order.ts";
export type { Signal, TipChange } from "./tip-events.ts";
export { ancestorAt, ancestry } from "./tree/ancestry.ts";
export { type BlockNode, createNode } from "./tree/block-node.ts";
export type { TrustedBlock } from "./trusted-headers.ts";
export {
  type BlockContext,
  type TransactionJudgment,
  validateBlockBody,
} from "./validation/block.ts";
export type { GasFigures } from "./validation/gas.ts";
export { createProgramRunner, type ProgramRunner } from "./validation/program.ts";
export { SignatureCache } from "./validation/signature-cache.ts";
export {
  type TransactionContext,
  type TransactionRules,
  type TransactionVerdict,
  validateTransaction,
} from "./validation/transaction.ts";
