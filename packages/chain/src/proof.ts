import {
  type BlockHeader,
  createStatusProof,
  createTransactionProof,
  idKey,
  type MerkleProof,
  type Transaction,
  transactionId,
  verifyStatusProof,
  verifyTransactionProof,
} from "@bystack/butxo";
import type { StoredBlock } from "./store/chain-store.ts";

/** Shows that transactions are in a block, and how they fared there, by the block's header alone. */
export interface TransactionProof {
  readonly header: BlockHeader;
  /** In the order of the block. */
  readonly transactions: readonly Transaction[];
  /** For each of them: is it status-failed? */
  readonly statusFailed: readonly boolean[];
  /** That they are in the block. */
  readonly proof: MerkleProof;
  /** That they have these statuses; its flags are those of `proof`. */
  readonly statusProof: MerkleProof;
}

/** The proof for those of `ids` that are in the block. */
export function proveTransactions(
  { block, statusFailed }: StoredBlock,
  ids: readonly Uint8Array[],
): TransactionProof {
  const wanted = new Set(ids.map(idKey));
  const all = block.transactions.map(transactionId);
  const found = all.flatMap((id, i) => (wanted.has(idKey(id)) ? [{ id, i }] : []));
  const proof = createTransactionProof(
    all,
    found.map(({ id }) => id),
  );
  return {
    header: block.header,
    transactions: found.flatMap(({ i }) => block.transactions[i] ?? []),
    statusFailed: found.map(({ i }) => statusFailed[i] ?? false),
    proof,
    statusProof: createStatusProof(statusFailed, proof.flags),
  };
}

/** Does the proof hold against its own header? Whether the header is of the best chain is another matter. */
export function verifyTransactions(proof: TransactionProof): boolean {
  const { header, transactions, statusFailed, statusProof } = proof;
  const ids = transactions.map(transactionId);
  return (
    verifyTransactionProof(proof.proof, ids, header.transactionMerkleRoot) &&
    verifyStatusProof(statusProof, statusFailed, header.transactionStatusHash)
  );
}
