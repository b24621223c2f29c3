import {
  assetId,
  formatTransaction,
  type Input,
  listEntries,
  type MappedTransaction,
  mapTransaction,
  type Output,
  parseTransaction,
  signatureHash,
  toHex,
  transactionId,
  vapor,
} from "@bystack/butxo";
import { equal, type Fields, flag, list, object, text } from "../check.ts";
import { compareFields, lowerCase, sortedIds } from "../ledger/describe.ts";
import { checkError } from "../ledger/reference-error.ts";
import { compareAll } from "../ledger/transaction.ts";
import type { Handler } from "../runner.ts";

/** The vectors' names of our types. */
const INPUT_NAMES: { readonly [type: string]: string } = { "cross-chain-in": "cross_chain_in" };
const OUTPUT_NAMES: { readonly [type: string]: string } = {
  output: "intra_chain",
  "cross-chain-out": "cross_chain_out",
};

/** `transactions`: side-chain transactions with all that follows from them. */
export const transactions: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`transaction ${index}`, () => checkTransaction(object(value, "case")));
  });
};

/** `transaction_decoding`: good and bad encodings, and what is written back. */
export const transactionDecoding: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`decode ${index}`, () => {
      const { hex, ok, error, reencoded, ...rest } = object(value, "case");
      const parse = () => parseTransaction(text(hex, "hex"), vapor);
      if (!flag(ok, "ok")) {
        checkError(parse, text(error, "error"));
        return;
      }
      const transaction = parse();
      equal(formatTransaction(transaction), reencoded ?? lowerCase(hex), "reencoded");
      const ours = {
        tx_id: transactionId(transaction),
        serialized_size: String(transaction.serializedSize),
      };
      compareFields(ours, rest, "transaction");
    });
  });
};

/** Checks one described side-chain transaction. */
export function checkTransaction(expected: Fields): void {
  const { hex, reencoded, inputs, outputs, entries, ...rest } = expected;
  const transaction = parseTransaction(text(hex, "hex"), vapor);
  const mapped = mapTransaction(transaction);
  equal(formatTransaction(transaction), reencoded ?? lowerCase(hex), "reencoded");
  compareFields(
    {
      version: transaction.version,
      time_range: transaction.timeRange,
      serialized_size: String(transaction.serializedSize),
      tx_id: mapped.id,
      mux_id: mapped.muxId,
      spent_output_ids_sorted: sortedIds(mapped.spentOutputIds),
      mainchain_output_ids_sorted: sortedIds(mapped.mainchainOutputIds),
      gas_input_ids_sorted: sortedIds(mapped.gasInputIds),
    },
    rest,
    "transaction",
  );
  compareAll(transaction.inputs, inputs, "input", (input, i) => describeInput(input, mapped, i));
  compareAll(transaction.outputs, outputs, "output", (output, i) =>
    describeOutput(output, mapped, i),
  );
  const ours = listEntries(mapped)
    .map(({ id, type }) => `${toHex(id)} ${type}`)
    .sort();
  const theirs = Object.entries(object(entries, "entries")).map(([id, type]) => `${id} ${type}`);
  equal(ours, theirs.sort(), "entries");
}

function describeInput(input: Input, mapped: MappedTransaction, index: number): Fields {
  const entry = mapped.inputEntries[index];
  const common = {
    type: INPUT_NAMES[input.type] ?? input.type,
    type_byte: typeByte(vapor.inputTypes, input.type),
    asset_version: input.assetVersion,
    input_id: mapped.inputIds[index],
    sighash: signatureHash(mapped, index),
  };
  if (input.type === "coinbase") return { ...common, arbitrary: input.arbitrary };
  if (input.type === "unknown" || input.type === "issuance") return common;
  return {
    ...common,
    source_id: input.sourceId,
    source_position: input.sourcePosition,
    asset_id: input.assetId,
    amount: input.amount,
    vm_version: input.vmVersion,
    control_program: input.controlProgram,
    arguments: input.arguments,
    ...(input.type === "veto" ? { vote: input.vote } : {}),
    ...(entry !== undefined && "spentOutputId" in entry
      ? { spent_output_id: entry.spentOutputId }
      : {}),
    ...(entry?.type === "crosschaininput1" ? { mainchain_output_id: entry.mainchainOutputId } : {}),
    ...(input.type === "cross-chain-in"
      ? {
          issuance_vm_version: input.issuanceVmVersion,
          asset_definition: input.assetDefinition,
          issuance_program: input.issuanceProgram,
          computed_asset_id: assetId(
            input.issuanceProgram,
            input.assetDefinition,
            input.issuanceVmVersion,
          ),
        }
      : {}),
  };
}

function describeOutput(output: Output, mapped: MappedTransaction, index: number): Fields {
  const entry = mapped.resultEntries[index];
  const common = {
    type: OUTPUT_NAMES[output.type] ?? output.type,
    type_byte: typeByte(vapor.outputTypes ?? [], output.type),
    asset_version: output.assetVersion,
    output_id: entry?.id,
    entry_type: entry?.type,
  };
  if (output.type === "unknown") return common;
  return {
    ...common,
    asset_id: output.assetId,
    amount: output.amount,
    vm_version: output.vmVersion,
    control_program: output.controlProgram,
    ...(output.type === "vote" ? { vote: output.vote } : {}),
  };
}

function typeByte(types: readonly string[], type: string): number {
  return types.indexOf(type);
}
