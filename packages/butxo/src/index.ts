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
export { bytom, type Dialect, vapor } from "./dialect.ts";
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
export { mapTransaction, outputIds, signatureHash, transactionId } from "./map-transaction.ts";
export { statusMerkleRoot, transactionMerkleRoot } from "./merkle.ts";
export { isUnspendable } from "./program.ts";
export { Reader } from "./reader.ts";
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
  decodeTransaction,
  encodeTransaction,
  formatTransaction,
  type InputDraft,
  type OutputDraft,
  parseTransaction,
  type TransactionDraft,
} from "./transaction-codec.ts";
export { Writer } from "./writer.ts";
