import {
  type Block,
  blockHash,
  encodeBlock,
  type InputEntry,
  type MappedTransaction,
  mapTransaction,
  type ResultEntry,
  signatureHash,
  toHex,
  workFromBits,
} from "@bystack/butxo";
import { proofOfWork } from "../proof-of-work.ts";
import { RawJson, type Writable } from "./json-writer.ts";

/** Gives the address of a control program, undefined when it has none. */
export type AddressOf = (controlProgram: Uint8Array) => string | undefined;

const ZEROS = "0".repeat(64);
const NO_DEFINITION = new RawJson("{}");

/**
 * A block as `/get-block` shows it.
 *
 * @see spec 60-api, section 3.5
 */
export function annotateBlock(
  block: Block,
  statusFailed: readonly boolean[],
  addressOf: AddressOf,
): Writable {
  const { header, transactions } = block;
  const { nonce, bits } = proofOfWork(header);
  return {
    hash: toHex(blockHash(header)),
    // The original counts hex digits.
    size: 2 * encodeBlock(block).length,
    version: header.version,
    height: header.height,
    previous_block_hash: toHex(header.previousBlockHash),
    timestamp: header.timestamp,
    nonce,
    bits,
    difficulty: workFromBits(bits).toString(),
    transaction_merkle_root: toHex(header.transactionMerkleRoot),
    transaction_status_hash: toHex(header.transactionStatusHash),
    transactions: transactions.map((transaction, i) =>
      annotateTransaction(mapTransaction(transaction), statusFailed[i] ?? false, addressOf),
    ),
  };
}

function annotateTransaction(
  mapped: MappedTransaction,
  statusFailed: boolean,
  addressOf: AddressOf,
): Writable {
  const { transaction, inputEntries, resultEntries } = mapped;
  return {
    id: toHex(mapped.id),
    version: transaction.version,
    size: transaction.serializedSize,
    time_range: transaction.timeRange,
    inputs: inputEntries.map((entry, i) => annotateInput(mapped, entry, i, addressOf)),
    outputs: resultEntries.map((entry, i) => annotateOutput(mapped, entry, i, addressOf)),
    status_fail: statusFailed,
    mux_id: resultEntries.length === 0 ? ZEROS : toHex(mapped.muxId),
  };
}

function annotateInput(
  mapped: MappedTransaction,
  entry: InputEntry | undefined,
  index: number,
  addressOf: AddressOf,
): Writable {
  const input = mapped.transaction.inputs[index];
  const ids = {
    input_id: toHex(mapped.inputIds[index] ?? new Uint8Array(32)),
  };
  if (entry?.type === "spend1" && input?.type === "spend") {
    const { assetId, amount, controlProgram } = input;
    return {
      type: "spend",
      asset_id: toHex(assetId),
      asset_definition: NO_DEFINITION,
      amount,
      control_program: toHex(controlProgram),
      address: addressOf(controlProgram),
      spent_output_id: toHex(entry.spentOutputId),
      ...ids,
      witness_arguments: hexList(input.arguments),
      sign_data: toHex(signatureHash(mapped, index)),
    };
  }
  if (entry?.type === "issuance1" && input?.type === "issuance") {
    return {
      type: "issue",
      asset_id: toHex(input.assetId),
      asset_definition: definitionJson(input.assetDefinition),
      amount: input.amount,
      issuance_program: toHex(input.issuanceProgram),
      ...ids,
      witness_arguments: hexList(input.arguments),
      sign_data: toHex(signatureHash(mapped, index)),
    };
  }
  return {
    type: "coinbase",
    asset_id: ZEROS,
    asset_definition: NO_DEFINITION,
    amount: 0n,
    arbitrary: input?.type === "coinbase" ? toHex(input.arbitrary) : undefined,
    ...ids,
    witness_arguments: null,
    sign_data: ZEROS,
  };
}

function annotateOutput(
  mapped: MappedTransaction,
  entry: ResultEntry,
  index: number,
  addressOf: AddressOf,
): Writable {
  const output = mapped.transaction.outputs[index];
  const program = output?.type === "unknown" ? undefined : output?.controlProgram;
  const { assetId, amount } = entry.source.value;
  const isRetirement = entry.type === "retirement1";
  return {
    type: isRetirement ? "retire" : "control",
    id: toHex(entry.id),
    position: index,
    asset_id: toHex(assetId),
    asset_definition: NO_DEFINITION,
    amount,
    control_program: toHex(program ?? new Uint8Array(0)),
    address: isRetirement || program === undefined ? undefined : addressOf(program),
  };
}

function hexList(values: readonly Uint8Array[]): Writable {
  return values.length === 0 ? null : values.map(toHex);
}

/** The issuer's bytes when they are JSON, else an empty object. */
function definitionJson(definition: Uint8Array): RawJson {
  const text = new TextDecoder().decode(definition);
  try {
    JSON.parse(text);
  } catch {
    return NO_DEFINITION;
  }
  return new RawJson(withoutSpace(text));
}

/** JSON text without the white space between its tokens; numbers keep their digits. */
function withoutSpace(json: string): string {
  return json.replace(/("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+/g, "$1");
}
