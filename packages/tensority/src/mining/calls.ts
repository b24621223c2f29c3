/**
 * The node's calls for external miners, from request to data; the envelope and the HTTP status are
 * the server's.
 *
 * @see spec 40-tensority, section 11 "HTTP calls for mining"
 */
import { TensorityError } from "../error.ts";
import { fromHex, toHex } from "./hex.ts";
import type { BlockTemplate, Solution, TemplateHolder, WorkHeader } from "./template-holder.ts";

/** Writes and reads headers in wire form, as hex. */
export interface HeaderText<T extends BlockTemplate> {
  format(header: T["header"]): string;
  /** Throws when the text is no header. */
  parse(text: string): WorkHeader;
}

/** A header in JSON. Integers are 64 bits wide: the JSON codec must keep them exact. */
export interface HeaderJson {
  readonly version: bigint;
  readonly height: bigint;
  readonly previous_block_hash: string;
  readonly timestamp: bigint;
  readonly nonce: bigint;
  readonly bits: bigint;
  readonly block_commitment: {
    readonly transaction_merkle_root: string;
    readonly transaction_status_hash: string;
  };
}

/** Work for a miner, `Header` being a hex text or JSON. */
export interface WorkReply<Header> {
  readonly block_header: Header;
  /** 32 bytes in hex. */
  readonly seed: string;
}

/** A header as it comes from outside: the three fields that count may be missing. */
export interface HeaderRequest {
  readonly previous_block_hash?: string | undefined;
  readonly timestamp?: bigint | undefined;
  readonly nonce?: bigint | undefined;
}

/** A request whose header may be missing. */
export interface SubmitRequest<Header> {
  readonly block_header?: Header | undefined;
}

/**
 * `/get-work`
 *
 * @throws TensorityError `no-template`
 */
export function getWork<T extends BlockTemplate>(
  holder: TemplateHolder<T>,
  headerText: HeaderText<T>,
): WorkReply<string> {
  const { header, seed } = holder.work();
  return { block_header: headerText.format(header), seed: toHex(seed) };
}

/**
 * `/get-work-json`
 *
 * @throws TensorityError `no-template`
 */
export function getWorkJson(holder: TemplateHolder<BlockTemplate>): WorkReply<HeaderJson> {
  const { header, seed } = holder.work();
  return { block_header: headerJson(header), seed: toHex(seed) };
}

/**
 * `/submit-work`: the header in wire form.
 *
 * Rejects with TensorityError `empty-submission`, `unreadable-header` (a malformed request) or as
 * the holder does.
 */
export async function submitWork<T extends BlockTemplate>(
  holder: TemplateHolder<T>,
  headerText: HeaderText<T>,
  { block_header }: SubmitRequest<string>,
): Promise<true> {
  if (block_header === undefined) throw new TensorityError("empty-submission");
  await holder.submit(solutionOf(parse(headerText, block_header)));
  return true;
}

/**
 * `/submit-work-json`: the header as JSON. A field that is left out counts as zero.
 *
 * Rejects with TensorityError `empty-submission`, `unreadable-header` (a malformed request) or as
 * the holder does.
 */
export async function submitWorkJson(
  holder: TemplateHolder<BlockTemplate>,
  { block_header }: SubmitRequest<HeaderRequest>,
): Promise<true> {
  if (block_header === undefined) throw new TensorityError("empty-submission");
  const { previous_block_hash = "", timestamp = 0n, nonce = 0n } = block_header;
  const previousBlockHash = fromHex(previous_block_hash);
  if (previousBlockHash === undefined) throw new TensorityError("unreadable-header");
  await holder.submit({ previousBlockHash, timestamp, nonce });
  return true;
}

/** A header as the JSON calls show it. */
export function headerJson(header: WorkHeader): HeaderJson {
  const { version, height, timestamp, seal } = header;
  return {
    version,
    height,
    previous_block_hash: toHex(header.previousBlockHash),
    timestamp,
    nonce: seal.nonce,
    bits: seal.bits,
    block_commitment: {
      transaction_merkle_root: toHex(header.transactionMerkleRoot),
      transaction_status_hash: toHex(header.transactionStatusHash),
    },
  };
}

/**
 * What `/get-hash-rate` says of a block.
 *
 * @param work expected hashes for the block
 * @param seconds since the previous block; below one counts as one
 * @returns hashes a second, the low 64 bits
 */
export function networkHashRate(work: bigint, seconds: bigint): bigint {
  return BigInt.asUintN(64, work / (seconds <= 0n ? 1n : seconds));
}

function parse<T extends BlockTemplate>(headerText: HeaderText<T>, text: string): WorkHeader {
  try {
    return headerText.parse(text);
  } catch (cause) {
    throw new TensorityError("unreadable-header", { cause });
  }
}

function solutionOf({ previousBlockHash, timestamp, seal }: WorkHeader): Solution {
  return { previousBlockHash, timestamp, nonce: seal.nonce };
}
