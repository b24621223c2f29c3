import { type BlockHeader, equalBytes, MEDIAN_BLOCKS, medianTime } from "@bystack/butxo";
import type { HeaderCandidate } from "../engine.ts";
import { ChainError, type ChainErrorCode } from "../error.ts";
import { ancestry } from "../tree/ancestry.ts";
import type { BlockNode } from "../tree/block-node.ts";

const MAX_FUTURE_SECONDS = 3600n;

/** Fails a header with a code and its place. */
export function rejectHeader(code: ChainErrorCode, { header, hash }: HeaderCandidate): ChainError {
  return new ChainError(code, { height: header.height, blockHash: hash });
}

/** @see spec 10-ledger, section 8, checks 1 and 2 */
export function checkPlace(candidate: HeaderCandidate): void {
  const { header, parent } = candidate;
  if (header.version !== 1n) throw rejectHeader("version-regression", candidate);
  if (header.height !== parent.height + 1n)
    throw rejectHeader("misordered-block-height", candidate);
}

/** @see spec 10-ledger, section 8, check 4 */
export function checkParent(candidate: HeaderCandidate): void {
  const { header, parent } = candidate;
  if (!equalBytes(header.previousBlockHash, parent.hash))
    throw rejectHeader("mismatched-block", candidate);
}

/** @see spec 10-ledger, section 8, checks 5 and 6 */
export function checkTimestamp(candidate: HeaderCandidate, nowMs: number): void {
  const { header, parent } = candidate;
  const nowSeconds = BigInt(Math.floor(nowMs / 1000));
  if (
    header.timestamp > nowSeconds + MAX_FUTURE_SECONDS ||
    header.timestamp <= medianTimeOf(parent)
  )
    throw rejectHeader("block-timestamp-is-not-in-the-valid-range", candidate);
}

/** When the block was made by its own account, milliseconds since 1970. */
export function timestampMs({ dialect, timestamp }: BlockHeader): number {
  return Number(timestamp) * (dialect.timestampUnit === "seconds" ? 1000 : 1);
}

/** The median timestamp that a child of `node` must exceed, seconds. */
export function medianTimeOf(node: BlockNode): bigint {
  const timestamps: bigint[] = [];
  for (const { header } of ancestry(node)) {
    timestamps.push(header.timestamp);
    if (timestamps.length === MEDIAN_BLOCKS) break;
  }
  return medianTime(timestamps);
}
