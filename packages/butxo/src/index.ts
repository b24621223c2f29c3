export { type Address, decodeAddress, encodeAddress, programAddress } from "./address.ts";
export { assetId, BTM_DECIMALS, btmAssetId, isBtm } from "./asset.ts";
export type { Block, BlockHeader, ProofOfWorkSeal, Seal, WitnessSeal } from "./block.ts";
export {
  decodeBlock,
  decodeBlockHeader,
  decodeTransactions,
  encodeBlock,
  encodeBlockHeader,
  encodeTransactions,
  formatBlock,
  formatBlockHeader,
  parseBlock,
  parseBlockHeader,
} from "./block-codec.ts";
export { blockHash } from "./block-hash.ts";
export { concatBytes, equalBytes, fromHex, toHex } from "./bytes.ts";
export { bytomMainnet, bytomSolonet, bytomWisdom } from "./bytom-networks.ts";
export { bytom, type Dialect, vapor } from "./dialect.ts";
export {
  bitsFromTarget,
  hashToInteger,
  meetsBits,
  nextBits,
  RETARGET_BLOCKS,
  RETARGET_SECONDS,
  retargetBits,
  targetFromBits,
  workFromBits,
} from "./difficulty.ts";
export type {
  CoinbaseEntry,
  CrossChainInputEntry,
  CrossChainOutputEntry,
  Entry,
  HeaderEntry,
  InputEntry,
  IssuanceEntry,
  MappedTransaction,
  MuxEntry,
  OutputEntry,
  Program,
  ResultEntry,
  RetirementEntry,
  SpendEntry,
  ValueDestination,
  ValueSource,
  VetoEntry,
  VoteOutputEntry,
} from "./entry.ts";
export { ButxoError, type ButxoErrorCode, type ButxoErrorFacts } from "./error.ts";
export { genesisBlock } from "./genesis.ts";
export { parseHash } from "./hash-text.ts";
export { initialSeed, MEDIAN_BLOCKS, medianTime, nextSeed, SEED_BLOCKS } from "./header-rules.ts";
export { idKey } from "./id-key.ts";
export { listEntries, mapTransaction } from "./map-transaction.ts";
export { statusMerkleRoot, transactionMerkleRoot } from "./merkle.ts";
export {
  createStatusProof,
  createTransactionProof,
  type MerkleProof,
  PROOF_FLAG,
  verifyStatusProof,
  verifyTransactionProof,
} from "./merkle-proof.ts";
export {
  type BytomNetwork,
  type Checkpoint,
  type GasRules,
  type Network,
  nextCheckpoint,
  type RewardRange,
  type SubsidyRange,
  type VaporNetwork,
} from "./network.ts";
export {
  classifyProgram,
  isP2wpkh,
  isP2wsh,
  isStandardProgram,
  isStraightforward,
  isUnspendable,
  keyHash,
  p2wpkhProgram,
  p2wshProgram,
  type StandardProgram,
  scriptHash,
  witnessHash,
} from "./program.ts";
export { Reader } from "./reader.ts";
export { blockSubsidy } from "./subsidy.ts";
export type {
  AssetAmount,
  CoinbaseInput,
  CrossChainInput,
  CrossChainOutput,
  Input,
  InputBase,
  InputType,
  IssuanceInput,
  Output,
  OutputBase,
  OutputCommitment,
  OutputType,
  PlainOutput,
  SpendCommitment,
  SpendInput,
  Transaction,
  UnknownInput,
  UnknownOutput,
  VetoInput,
  VoteOutput,
} from "./transaction.ts";
export {
  createTransaction,
  type Defaulted,
  type Drafted,
  decodeTransaction,
  encodeTransaction,
  formatTransaction,
  type InputDraft,
  type OutputDraft,
  parseTransaction,
  type TransactionDraft,
} from "./transaction-codec.ts";
export { outputIds, signatureHash, transactionId } from "./transaction-id.ts";
export { vaporMainnet, vaporSolonet, vaporTestnet } from "./vapor-networks.ts";
export { Writer } from "./writer.ts";
