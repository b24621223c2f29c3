/**
 * Transactions on the wire and as text.
 *
 * @see spec 10-ledger, section 3; spec 80-vapor, section 3
 */
import { EMPTY, fromHex, NONE, toHex } from "./bytes.ts";
import type { Dialect } from "./dialect.ts";
import { ButxoError } from "./error.ts";
import { readInput, writeInput } from "./input-codec.ts";
import { readOutput, writeOutput } from "./output-codec.ts";
import { OwnTransaction } from "./own-transaction.ts";
import { Reader } from "./reader.ts";
import type { Input, Output, Transaction } from "./transaction.ts";
import { Writer } from "./writer.ts";

const FLAG = 0x07;
/** Bytes that most transactions fit into, so that the writer need not grow. */
const TYPICAL_SIZE = 512;
/** The network writes unknown bytes inside a spend or output commitment twice. */
const NETWORK_SUFFIX_TIMES = 2;

/** Fields that may be left out of a draft: they are the same for almost everybody. */
export type Defaulted =
  | "assetVersion"
  | "vmVersion"
  | "issuanceVmVersion"
  | "arguments"
  | "commitmentSuffix"
  | "witnessSuffix"
  | "spendCommitmentSuffix"
  | "outputSuffix";

export type Drafted<T> = T extends { readonly type: "unknown" }
  ? T
  : Omit<T, Defaulted> & { readonly [K in keyof T & Defaulted]?: T[K] | undefined };

/** An input to be: versions default to 1, arguments and suffixes to none. */
export type InputDraft = Drafted<Input>;

/** An output to be: versions default to 1, suffixes to none. */
export type OutputDraft = Drafted<Output>;

/** What {@link createTransaction} makes a transaction from. */
export interface TransactionDraft {
  /** 1 when left out. */
  readonly version?: bigint | undefined;
  /** 0 (no limit) when left out. */
  readonly timeRange?: bigint | undefined;
  readonly inputs: readonly InputDraft[];
  readonly outputs: readonly OutputDraft[];
}

/** Reads one transaction and leaves the reader after it. @internal */
export function readTransaction(reader: Reader, dialect: Dialect): Transaction {
  const start = reader.offset;
  const flag = reader.byte();
  if (flag !== FLAG) throw new ButxoError("unsupported-serflags", { offset: start, value: flag });
  const version = reader.varint63();
  const timeRange = reader.varint63();
  const inputs = readList(reader, dialect, readInput);
  const outputs = readList(reader, dialect, readOutput);
  const serializedSize = reader.offset - start;
  return new OwnTransaction({ dialect, version, timeRange, inputs, outputs, serializedSize });
}

/**
 * A coinbase must have a value that it could bring in. The reference crashes on others when it maps
 * what it has read, so whatever is wrong with the bytes comes first.
 *
 * @throws {@link ButxoError} `coinbase-without-outputs`
 * @internal
 */
export function checkCoinbase({ dialect, inputs, outputs }: Transaction, offset: number): void {
  if (dialect.coinbaseValue !== "first-output" || outputs.length > 0) return;
  if (inputs.some((input) => input.type === "coinbase"))
    throw new ButxoError("coinbase-without-outputs", { offset });
}

/**
 * The transaction that `bytes` encode.
 *
 * @throws {@link ButxoError} with the offset: `unsupported-serflags`, `eof`, `unexpected-eof`, `varint-overflow`,
 *   `value-out-of-range`, `unsupported-input-type`, `unsupported-output-type`, `unsupported-asset-version`,
 *   `unrecognized-vm-version`, `asset-id-mismatch`, `coinbase-without-outputs`, `trailing-garbage`
 * @example
 * const transaction = decodeTransaction(bytes, bytom);
 * transaction.outputs[0]?.type; // "output"
 */
export function decodeTransaction(bytes: Uint8Array, dialect: Dialect): Transaction {
  const reader = new Reader(bytes);
  const transaction = readTransaction(reader, dialect);
  reader.finish();
  checkCoinbase(transaction, 0);
  return transaction;
}

/**
 * The bytes that the network writes for a transaction.
 *
 * Unknown bytes inside a spend or output commitment come out twice and dropped bytes not at all, so this need not
 * be what was decoded. The id is the same.
 *
 * @throws {@link ButxoError} `value-out-of-range` | `hash-length` | `unsupported-input-type` |
 *   `unsupported-output-type` | `unsupported-asset-version` for what the transaction's dialect cannot say
 */
export function encodeTransaction(transaction: Transaction): Uint8Array {
  const writer = new Writer(TYPICAL_SIZE);
  writeTransaction(writer, transaction);
  return writer.bytes();
}

/** Appends the bytes that the network writes for a transaction. @internal */
export function writeTransaction(
  writer: Writer,
  { dialect, version, timeRange, inputs, outputs }: Omit<Transaction, "serializedSize">,
  suffixTimes: number = NETWORK_SUFFIX_TIMES,
): void {
  writer.byte(FLAG).varint63(version).varint63(timeRange).varint31(inputs.length);
  for (const input of inputs) writeInput(writer, input, dialect, suffixTimes);
  writer.varint31(outputs.length);
  for (const output of outputs) writeOutput(writer, output, dialect, suffixTimes);
}

/**
 * A transaction from its parts, checked as if it had come over the wire. The parts are copied.
 *
 * @throws {@link ButxoError} as {@link encodeTransaction} and {@link decodeTransaction}, without offsets that mean anything
 * @example
 * createTransaction({
 *   inputs: [{ type: "spend", sourceId, assetId, amount: 100n, sourcePosition: 0n, controlProgram }],
 *   outputs: [{ type: "output", assetId, amount: 90n, controlProgram: p2wpkhProgram(hash) }],
 * }, bytom);
 */
export function createTransaction(draft: TransactionDraft, dialect: Dialect): Transaction {
  const writer = new Writer();
  writeTransaction(
    writer,
    {
      dialect,
      version: draft.version ?? 1n,
      timeRange: draft.timeRange ?? 0n,
      inputs: draft.inputs.map(completeInput),
      outputs: draft.outputs.map(completeOutput),
    },
    1,
  );
  return decodeTransaction(writer.view(), dialect);
}

/**
 * The transaction that a hex text encodes, either case.
 *
 * @throws {@link ButxoError} `invalid-hex` | `odd-length-hex` | as {@link decodeTransaction}
 */
export function parseTransaction(text: string, dialect: Dialect): Transaction {
  return decodeTransaction(fromHex(text), dialect);
}

/** A transaction as lower-case hex. @throws {@link ButxoError} as {@link encodeTransaction} */
export function formatTransaction(transaction: Transaction): string {
  return toHex(encodeTransaction(transaction));
}

function readList<T>(
  reader: Reader,
  dialect: Dialect,
  read: (reader: Reader, dialect: Dialect) => T,
): readonly T[] {
  const count = reader.varint31();
  const items: T[] = [];
  // A count costs nothing: the list grows with the bytes that are really there.
  for (let i = 0; i < count; i++) items.push(Object.freeze(read(reader, dialect)));
  return Object.freeze(items);
}

function completeInput(draft: InputDraft): Input {
  if (draft.type === "unknown") return draft;
  const suffixes = {
    commitmentSuffix: draft.commitmentSuffix ?? EMPTY,
    witnessSuffix: draft.witnessSuffix ?? EMPTY,
  };
  if (draft.type === "coinbase") return { ...draft, assetVersion: 1n, ...suffixes };
  const common = {
    assetVersion: 1n,
    vmVersion: draft.vmVersion ?? 1n,
    arguments: draft.arguments ?? NONE,
    ...suffixes,
  } as const;
  if (draft.type === "issuance") return { ...draft, ...common };
  const spendCommitmentSuffix = draft.spendCommitmentSuffix ?? EMPTY;
  if (draft.type === "cross-chain-in") {
    const issuanceVmVersion = draft.issuanceVmVersion ?? 1n;
    return { ...draft, ...common, spendCommitmentSuffix, issuanceVmVersion };
  }
  return { ...draft, ...common, spendCommitmentSuffix };
}

function completeOutput(draft: OutputDraft): Output {
  if (draft.type === "unknown") return draft;
  return {
    ...draft,
    assetVersion: 1n,
    vmVersion: draft.vmVersion ?? 1n,
    commitmentSuffix: draft.commitmentSuffix ?? EMPTY,
    outputSuffix: draft.outputSuffix ?? EMPTY,
  };
}
