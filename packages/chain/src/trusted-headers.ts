import { type BlockHeader, blockHash, equalBytes, fromHex, idKey } from "@bystack/butxo";
import type { ConsensusEngine } from "./engine.ts";
import { ChainError } from "./error.ts";

/** A block that somebody vouches for. */
export interface TrustedBlock {
  readonly height: bigint;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** What of a block's validation is left out. */
export type Waiver = "seal" | "scripts";

/** Blocks of 150 seconds in two weeks. */
const TWO_WEEKS_OF_BLOCKS = 8_064n;

/**
 * Blocks that are ancestors of a trusted one, by nothing but the links of their headers. What is
 * left out is only the expensive part that the trusted block vouches for.
 *
 * @see spec 10-ledger, section 10.6 "Checkpoints"; spec 94-parallel-validation, section 6 "Assume-valid"
 */
export class TrustedHeaders {
  private readonly waivers = new Map<string, Waiver>();

  get size(): number {
    return this.waivers.size;
  }

  /** What is left out for the block, if anything. */
  of(hash: Uint8Array): Waiver | undefined {
    return this.waivers.size === 0 ? undefined : this.waivers.get(idKey(hash));
  }

  /** The block is in the tree; nothing more is to be left out for it. */
  delete(hash: Uint8Array): void {
    this.waivers.delete(idKey(hash));
  }

  /**
   * Leaves out the seals of a checkpoint and its ancestors among `headers`.
   *
   * @param headers linked, the lowest first, the checkpoint last
   * @throws {@link ChainError} `headers-are-not-linked` | `checkpoint-mismatch`
   */
  addCheckpoint(
    headers: readonly BlockHeader[],
    checkpoints: readonly { readonly height: bigint; readonly hash: string }[],
  ): number {
    const hashes = linkedHashes(headers);
    const last = headers.at(-1);
    const checkpoint = checkpoints.find(({ height }) => height === last?.height);
    const hash = hashes.at(-1);
    if (
      checkpoint === undefined ||
      hash === undefined ||
      !equalBytes(hash, fromHex(checkpoint.hash))
    )
      throw new ChainError("checkpoint-mismatch", { height: last?.height, blockHash: hash });
    for (const ancestor of hashes) this.waivers.set(idKey(ancestor), "seal");
    return hashes.length;
  }

  /**
   * Leaves out the scripts of a trusted block and its ancestors among `headers`, as far as two weeks
   * of work lie above them.
   *
   * @param headers linked, the lowest first, up to the best header that is known
   * @returns for how many blocks; none when the trusted block is not among them
   * @throws {@link ChainError} `headers-are-not-linked`
   */
  addAssumedValid(
    headers: readonly BlockHeader[],
    trusted: TrustedBlock,
    engine: ConsensusEngine,
  ): number {
    const hashes = linkedHashes(headers);
    const at = hashes.findIndex((hash) => equalBytes(hash, trusted.hash));
    const last = headers.at(-1);
    if (at < 0 || last === undefined) return 0;
    const enough = TWO_WEEKS_OF_BLOCKS * engine.weight(last);
    let above = 0n;
    let count = 0;
    for (let i = headers.length - 1; i >= 0; i--) {
      const header = headers[i];
      const hash = hashes[i];
      if (header === undefined || hash === undefined) break;
      if (i <= at && above >= enough) {
        this.waivers.set(idKey(hash), "scripts");
        count++;
      }
      above += engine.weight(header);
    }
    return count;
  }
}

/** @throws {@link ChainError} `headers-are-not-linked` */
function linkedHashes(headers: readonly BlockHeader[]): Uint8Array[] {
  const hashes: Uint8Array[] = [];
  for (const header of headers) {
    const previous = hashes.at(-1);
    if (previous !== undefined && !equalBytes(previous, header.previousBlockHash))
      throw new ChainError("headers-are-not-linked", { height: header.height });
    hashes.push(blockHash(header));
  }
  return hashes;
}
