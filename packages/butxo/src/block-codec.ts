/**
 * Blocks and block headers on the wire and as text.
 *
 * @see spec 10-ledger, section 2; spec 80-vapor, section 2.1
 */
import type { Block, BlockHeader, Seal } from "./block.ts";
import { fromHex, toHex } from "./bytes.ts";
import type { Dialect } from "./dialect.ts";
import { ButxoError } from "./error.ts";
import { Reader } from "./reader.ts";
import type { Transaction } from "./transaction.ts";
import { checkCoinbase, readTransaction, writeTransaction } from "./transaction-codec.ts";
import { Writer } from "./writer.ts";

const HEADER_ONLY = 1;
const TRANSACTIONS_ONLY = 2;
const FULL = 3;

/**
 * The block that `bytes` encode. A header alone (flag 1) is a block without transactions.
 *
 * @throws {@link ButxoError} with the offset: `unsupported-serialization-flags`, `trailing-garbage`, the codes of
 *   wire primitives, and those of `decodeTransaction`
 * @example
 * const block = decodeBlock(bytes, vapor);
 */
export function decodeBlock(bytes: Uint8Array, dialect: Dialect): Block {
  const reader = new Reader(bytes);
  const { header, flag } = readHeader(reader, dialect);
  const transactions = flag === FULL ? readTransactions(reader, dialect) : Object.freeze([]);
  reader.finish();
  return Object.freeze({ header, transactions });
}

/** The bytes of a full block. @throws {@link ButxoError} `value-out-of-range` | `seal-mismatch` | as `encodeTransaction` */
export function encodeBlock({ header, transactions }: Block): Uint8Array {
  const writer = new Writer(1024);
  writeHeader(writer, header, FULL);
  writeTransactions(writer, transactions);
  return writer.bytes();
}

/**
 * The header at the beginning of `bytes`, which may be a header alone or a full block. What follows it is ignored,
 * and so are unknown bytes after its commitment.
 *
 * @throws {@link ButxoError} with the offset: `unsupported-serialization-flags` and the codes of wire primitives
 */
export function decodeBlockHeader(bytes: Uint8Array, dialect: Dialect): BlockHeader {
  return readHeader(new Reader(bytes), dialect).header;
}

/** The bytes of a header alone. @throws {@link ButxoError} `value-out-of-range` | `hash-length` | `seal-mismatch` */
export function encodeBlockHeader(header: BlockHeader): Uint8Array {
  const writer = new Writer();
  writeHeader(writer, header, HEADER_ONLY);
  return writer.bytes();
}

/**
 * Transactions without a header (flag 2), as the side chain stores them.
 *
 * @throws {@link ButxoError} `unsupported-serialization-flags` (always, on the main chain) | as {@link decodeBlock}
 */
export function decodeTransactions(bytes: Uint8Array, dialect: Dialect): readonly Transaction[] {
  const reader = new Reader(bytes);
  const flag = readFlag(reader);
  if (!dialect.hasBareTransactions || flag !== TRANSACTIONS_ONLY) refuseFlag(flag);
  const transactions = readTransactions(reader, dialect);
  reader.finish();
  return transactions;
}

/** The bytes of transactions without a header (flag 2). @throws {@link ButxoError} as `encodeTransaction` */
export function encodeTransactions(transactions: readonly Transaction[]): Uint8Array {
  const writer = new Writer(1024).byte(TRANSACTIONS_ONLY);
  writeTransactions(writer, transactions);
  return writer.bytes();
}

/** The block that a hex text encodes. @throws {@link ButxoError} `invalid-hex` | `odd-length-hex` | as {@link decodeBlock} */
export function parseBlock(text: string, dialect: Dialect): Block {
  return decodeBlock(fromHex(text), dialect);
}

/** A block as lower-case hex. */
export function formatBlock(block: Block): string {
  return toHex(encodeBlock(block));
}

/** The header that a hex text begins with. @throws {@link ButxoError} `invalid-hex` | `odd-length-hex` | as {@link decodeBlockHeader} */
export function parseBlockHeader(text: string, dialect: Dialect): BlockHeader {
  return decodeBlockHeader(fromHex(text), dialect);
}

/** A header as lower-case hex. */
export function formatBlockHeader(header: BlockHeader): string {
  return toHex(encodeBlockHeader(header));
}

function readHeader(reader: Reader, dialect: Dialect): { header: BlockHeader; flag: number } {
  const flag = readFlag(reader);
  if (flag !== HEADER_ONLY && flag !== FULL) refuseFlag(flag);
  const version = reader.varint63();
  const height = reader.varint63();
  const previousBlockHash = reader.hash();
  const timestamp = reader.varint63();
  const commitment = reader.open();
  const transactionMerkleRoot = reader.hash();
  const transactionStatusHash = reader.hash();
  reader.close(commitment);
  const seal = readSeal(reader, dialect);
  const header = Object.freeze({
    dialect,
    version,
    height,
    previousBlockHash,
    timestamp,
    transactionMerkleRoot,
    transactionStatusHash,
    seal,
  });
  return { header, flag };
}

/** The flag byte; nothing at all reads as 0. */
function readFlag(reader: Reader): number {
  return reader.remaining === 0 ? 0 : reader.byte();
}

function refuseFlag(value: number): never {
  throw new ButxoError("unsupported-serialization-flags", { offset: 0, value });
}

function readSeal(reader: Reader, dialect: Dialect): Seal {
  if (dialect.seal === "proof-of-work") {
    const nonce = reader.varint63();
    const bits = reader.varint63();
    return Object.freeze({ type: "proof-of-work", nonce, bits });
  }
  const outer = reader.open();
  const witnesses = reader.varstrList();
  reader.close(outer);
  return Object.freeze({ type: "witnesses", witnesses });
}

function readTransactions(reader: Reader, dialect: Dialect): readonly Transaction[] {
  const count = reader.varint31();
  const transactions: Transaction[] = [];
  // A count costs nothing: the list grows with the bytes that are really there.
  for (let i = 0; i < count; i++) {
    const { offset } = reader;
    const transaction = readTransaction(reader, dialect);
    checkCoinbase(transaction, offset);
    transactions.push(transaction);
  }
  return Object.freeze(transactions);
}

function writeHeader(writer: Writer, header: BlockHeader, flag: number): void {
  writer.byte(flag).varint63(header.version).varint63(header.height);
  writer.hash(header.previousBlockHash).varint63(header.timestamp);
  const commitment = writer.open();
  writer.hash(header.transactionMerkleRoot).hash(header.transactionStatusHash).close(commitment);
  const { dialect, seal } = header;
  if (seal.type !== dialect.seal) throw new ButxoError("seal-mismatch");
  if (seal.type === "proof-of-work") {
    writer.varint63(seal.nonce).varint63(seal.bits);
    return;
  }
  const witness = writer.open();
  writer.varstrList(seal.witnesses).close(witness);
}

function writeTransactions(writer: Writer, transactions: readonly Transaction[]): void {
  writer.varint31(transactions.length);
  for (const transaction of transactions) writeTransaction(writer, transaction);
}
