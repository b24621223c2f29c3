/**
 * Transactions of both chains as values.
 *
 * Everything is `readonly` and frozen when it comes from this package. Byte strings are copies: a caller that
 * reuses its input buffer changes nothing here. JavaScript cannot freeze the bytes of a `Uint8Array`; treat
 * them as read-only, ids that were asked for before are not computed again.
 *
 * @see spec 10-ledger, section 3; spec 80-vapor, section 3
 */
import type { Dialect } from "./dialect.ts";

/** An amount of an asset. */
export interface AssetAmount {
  /** 32 bytes. */
  readonly assetId: Uint8Array;
  /** Smallest unit (for BTM: neu), 0 … 2^63 − 1 on the wire. */
  readonly amount: bigint;
}

/** What every input has. */
export interface InputBase {
  /** Unknown bytes after the commitment's content; kept, not hashed. */
  readonly commitmentSuffix: Uint8Array;
  /** Unknown bytes after the witness's content; kept, not hashed. */
  readonly witnessSuffix: Uint8Array;
}

/** Creates units of an asset (main chain only). */
export interface IssuanceInput extends InputBase, AssetAmount {
  readonly type: "issuance";
  readonly assetVersion: 1n;
  readonly nonce: Uint8Array;
  /** Raw definition; its hash and the issuance program make the asset id. */
  readonly assetDefinition: Uint8Array;
  readonly vmVersion: bigint;
  readonly issuanceProgram: Uint8Array;
  readonly arguments: readonly Uint8Array[];
}

/** The output that an input refers to, in full. */
export interface SpendCommitment extends AssetAmount {
  /** Mux id of the transaction that made the output, 32 bytes. */
  readonly sourceId: Uint8Array;
  readonly sourcePosition: bigint;
  /** Always 1. */
  readonly vmVersion: bigint;
  readonly controlProgram: Uint8Array;
  /** Unknown bytes inside the spend commitment. Written twice when encoded, as the network does. */
  readonly spendCommitmentSuffix: Uint8Array;
}

/** Spends an output. */
export interface SpendInput extends InputBase, SpendCommitment {
  readonly type: "spend";
  readonly assetVersion: 1n;
  readonly arguments: readonly Uint8Array[];
}

/** The first input of a block's first transaction: the reward. */
export interface CoinbaseInput extends InputBase {
  readonly type: "coinbase";
  readonly assetVersion: 1n;
  readonly arbitrary: Uint8Array;
}

/** Brings an asset over from the main chain (side chain only). */
export interface CrossChainInput extends InputBase, SpendCommitment {
  readonly type: "cross-chain-in";
  readonly assetVersion: 1n;
  readonly issuanceVmVersion: bigint;
  readonly assetDefinition: Uint8Array;
  readonly issuanceProgram: Uint8Array;
  readonly arguments: readonly Uint8Array[];
}

/** Takes a vote back: spends a vote output (side chain only). */
export interface VetoInput extends InputBase, SpendCommitment {
  readonly type: "veto";
  readonly assetVersion: 1n;
  /** Key of the delegate that was voted for; 64 bytes in practice, any length on the wire. */
  readonly vote: Uint8Array;
  readonly arguments: readonly Uint8Array[];
}

/** An input of an asset version other than 1: commitment and witness are nothing but suffix. */
export interface UnknownInput extends InputBase {
  readonly type: "unknown";
  readonly assetVersion: bigint;
}

/** An input of either chain. */
export type Input =
  | IssuanceInput
  | SpendInput
  | CoinbaseInput
  | CrossChainInput
  | VetoInput
  | UnknownInput;

/** Types of inputs that have a type byte. */
export type InputType = Exclude<Input["type"], "unknown">;

/** What every output has. */
export interface OutputBase {
  /** Unknown bytes inside the output commitment. Written twice when encoded, as the network does. */
  readonly commitmentSuffix: Uint8Array;
  /** Unknown bytes after a typed output's body (side chain only); kept, not hashed. */
  readonly outputSuffix: Uint8Array;
}

/** What an output holds and who may take it. */
export interface OutputCommitment extends AssetAmount {
  /** Always 1. */
  readonly vmVersion: bigint;
  /** A program that begins with `6a` makes this a retirement, whatever the type. */
  readonly controlProgram: Uint8Array;
}

/** An ordinary output. The side chain's documents call it an intra-chain output. */
export interface PlainOutput extends OutputBase, OutputCommitment {
  readonly type: "output";
  readonly assetVersion: 1n;
}

/** Sends an asset to the main chain (side chain only). */
export interface CrossChainOutput extends OutputBase, OutputCommitment {
  readonly type: "cross-chain-out";
  readonly assetVersion: 1n;
}

/** An output that votes for a delegate while it is unspent (side chain only). */
export interface VoteOutput extends OutputBase, OutputCommitment {
  readonly type: "vote";
  readonly assetVersion: 1n;
  /** Key of the delegate; 64 bytes in practice, any length on the wire. */
  readonly vote: Uint8Array;
}

/** An output of an asset version other than 1: its commitment is nothing but suffix. */
export interface UnknownOutput extends OutputBase {
  readonly type: "unknown";
  readonly assetVersion: bigint;
}

/** An output of either chain. */
export type Output = PlainOutput | CrossChainOutput | VoteOutput | UnknownOutput;

/** Types of outputs that have a type byte. */
export type OutputType = Exclude<Output["type"], "unknown">;

/** A transaction of either chain. */
export interface Transaction {
  readonly dialect: Dialect;
  readonly version: bigint;
  /** Last block height at which it may be included; 0 = no limit. */
  readonly timeRange: bigint;
  readonly inputs: readonly Input[];
  readonly outputs: readonly Output[];
  /** Bytes that the decoder consumed. Not hashed: two byte strings of different size can have one id. */
  readonly serializedSize: number;
}
