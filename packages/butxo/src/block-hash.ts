import type { BlockHeader } from "./block.ts";
import { entryHasher } from "./entry-hasher.ts";

/**
 * The hash of a block, 32 bytes: the entry id of its header. A proof-of-work seal is covered (bits before nonce,
 * unlike on the wire), witnesses are not.
 *
 * @see spec 10-ledger, section 2; spec 80-vapor, section 2.2
 */
export function blockHash(header: BlockHeader): Uint8Array {
  const hasher = entryHasher();
  hasher.u64(header.version).u64(header.height).raw(header.previousBlockHash);
  hasher.u64(header.timestamp).raw(header.transactionMerkleRoot).raw(header.transactionStatusHash);
  if (header.seal.type === "proof-of-work") hasher.u64(header.seal.bits).u64(header.seal.nonce);
  return hasher.entryId("blockheader");
}
