import { createSha3 } from "@bystack/crypto";
import type { UtxoEntry } from "./utxo-entry.ts";

/** All unspent outputs in 32 bytes. */
export interface UtxoDigest {
  readonly digest: Uint8Array;
  /** Unspent outputs. */
  readonly count: number;
}

/** Bytes of one output in what is hashed: id, coinbase flag, height. */
const ROW = 32 + 1 + 8;

/**
 * The digest by which the golden vectors compare states: SHA3-256 over all unspent entries in the
 * order of their ids, each `id ++ isCoinbase ++ height (u64le, 0 unless coinbase)`. Not part of any
 * protocol.
 *
 * @param outputs records by ascending id
 * @see spec 10-ledger, section 10.3
 */
export async function utxoDigest(
  outputs: AsyncIterable<{ id: Uint8Array; entry: UtxoEntry }>,
): Promise<UtxoDigest> {
  const hash = createSha3();
  let count = 0;
  for await (const { id, entry } of outputs) {
    if (entry.isSpent) continue;
    const row = new Uint8Array(ROW);
    row.set(id);
    row[32] = entry.isCoinbase ? 1 : 0;
    const height = entry.isCoinbase ? entry.blockHeight : 0n;
    new DataView(row.buffer).setBigUint64(33, height, true);
    hash.update(row);
    count++;
  }
  return { digest: hash.digest(), count };
}
