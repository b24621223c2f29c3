/**
 * Blocks and block headers of both chains as values.
 *
 * @see spec 10-ledger, section 2; spec 80-vapor, section 2
 */
import type { Dialect } from "./dialect.ts";
import type { Transaction } from "./transaction.ts";

/** Work was done for the block hash, which covers both fields. */
export interface ProofOfWorkSeal {
  readonly type: "proof-of-work";
  readonly nonce: bigint;
  /** Compact difficulty, see `targetFromBits`. */
  readonly bits: bigint;
}

/** Delegates signed the block hash, which does not cover the signatures. */
export interface WitnessSeal {
  readonly type: "witnesses";
  /** Element i is the 64-byte signature of the node of order i, or empty when it has not signed. */
  readonly witnesses: readonly Uint8Array[];
}

/** What a header carries as proof that it may stand. */
export type Seal = ProofOfWorkSeal | WitnessSeal;

/** A block header of either chain; `S` says which seal, where that is known. */
export interface BlockHeader<S extends Seal = Seal> {
  readonly dialect: Dialect;
  readonly version: bigint;
  readonly height: bigint;
  /** 32 bytes. */
  readonly previousBlockHash: Uint8Array;
  /** Since 1970, in the dialect's `timestampUnit`. */
  readonly timestamp: bigint;
  /** 32 bytes. */
  readonly transactionMerkleRoot: Uint8Array;
  /** Merkle root of the transaction statuses, 32 bytes. */
  readonly transactionStatusHash: Uint8Array;
  readonly seal: S;
}

/** A block of either chain. */
export interface Block {
  readonly header: BlockHeader;
  readonly transactions: readonly Transaction[];
}
