import {
  bytom,
  formatTransaction,
  type Input,
  listEntries,
  type MappedTransaction,
  mapTransaction,
  type Output,
  parseTransaction,
  signatureHash,
  toHex,
} from "@bystack/butxo";
import { sha3 } from "@bystack/crypto";
import { equal, type Fields, ifPresent, list, object, text } from "../check.ts";
import type { Handler } from "../runner.ts";
import { compareFields, sortedIds } from "./describe.ts";

/** `tx`, `tx_suffixes`: transactions with all that follows from them. */
export const transactions: Handler = (file, context) => {
  list(file, "file").forEach((value, index) => {
    context.check(`transaction ${index}`, () => checkTransaction(object(value, "case")));
  });
};

/** Checks one described transaction. */
export function checkTransaction(expected: Fields): void {
  const { raw, reserialized, inputs, outputs, entries, ...rest } = expected;
  const transaction = parseTransaction(text(raw, "raw"), bytom);
  const mapped = mapTransaction(transaction);
  equal(formatTransaction(transaction), reserialized ?? raw, "reserialized");
  compareFields(
    {
      version: transaction.version,
      time_range: transaction.timeRange,
      serialized_size: String(transaction.serializedSize),
      tx_id: mapped.id,
      mux_id: mapped.muxId,
      spent_output_ids_sorted: sortedIds(mapped.spentOutputIds),
      gas_input_ids_sorted: sortedIds(mapped.gasInputIds),
    },
    rest,
    "transaction",
  );
  compareAll(transaction.inputs, inputs, "input", (input, i) => describeInput(input, mapped, i));
  compareAll(transaction.outputs, outputs, "output", (output, i) =>
    describeOutput(output, mapped, i),
  );
  ifPresent({ entries }, "entries", (value) => equal(describeEntries(mapped), value, "entries"));
}

/** Compares a list of described things one by one. */
export function compareAll<T>(
  ours: readonly T[],
  expected: unknown,
  what: string,
  describe: (item: T, index: number) => Fields,
): void {
  if (expected === undefined) return;
  const cases = list(expected, `${what}s`);
  equal(ours.length, cases.length, `number of ${what}s`);
  ours.forEach((item, i) => {
    compareFields(describe(item, i), object(cases[i], what), `${what} ${i}`);
  });
}

function describeInput(input: Input, mapped: MappedTransaction, index: number): Fields {
  const common = {
    type: input.type,
    asset_version: input.assetVersion,
    commitment_suffix: input.commitmentSuffix,
    witness_suffix: input.witnessSuffix,
    input_id: mapped.inputIds[index],
    sig_hash: signatureHash(mapped, index),
  };
  switch (input.type) {
    case "issuance":
      return {
        ...common,
        nonce: input.nonce,
        nonce_hash: sha3(input.nonce),
        asset_id: input.assetId,
        amount: input.amount,
        asset_definition: input.assetDefinition,
        asset_definition_hash: sha3(input.assetDefinition),
        vm_version: input.vmVersion,
        issuance_program: input.issuanceProgram,
        arguments: input.arguments,
      };
    case "spend": {
      const entry = mapped.inputEntries[index];
      return {
        ...common,
        source_id: input.sourceId,
        source_position: input.sourcePosition,
        asset_id: input.assetId,
        amount: input.amount,
        vm_version: input.vmVersion,
        control_program: input.controlProgram,
        arguments: input.arguments,
        spend_commitment_suffix: input.spendCommitmentSuffix,
        spent_output_id: entry?.type === "spend1" ? entry.spentOutputId : undefined,
      };
    }
    case "coinbase":
      return { ...common, arbitrary: input.arbitrary };
    default:
      return common;
  }
}

function describeOutput(output: Output, mapped: MappedTransaction, index: number): Fields {
  const entry = mapped.resultEntries[index];
  const program = entry !== undefined && "program" in entry ? entry.program : undefined;
  return {
    type: entry?.type === "retirement1" ? "retirement" : "output",
    id: entry?.id,
    asset_version: output.assetVersion,
    commitment_suffix: output.commitmentSuffix,
    amount: entry?.source.value.amount,
    vm_version: output.type === "unknown" ? program?.vmVersion : output.vmVersion,
    control_program: output.type === "unknown" ? program?.code : output.controlProgram,
    ...(output.type === "unknown" ? {} : { asset_id: output.assetId }),
  };
}

function describeEntries(mapped: MappedTransaction): { id: string; type: string }[] {
  return listEntries(mapped)
    .map(({ id, type }) => ({ id: toHex(id), type }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
