/**
 * The commitments that both chains wrap into inputs and outputs.
 *
 * @see spec 10-ledger, sections 3.1 and 3.2; spec 80-vapor, sections 3.1 and 3.2
 */
import { ButxoError } from "./error.ts";
import type { Reader } from "./reader.ts";
import type { OutputCommitment, SpendCommitment } from "./transaction.ts";
import type { Writer } from "./writer.ts";

const VM_VERSION = 1n;

/** An extensible string with a spend commitment. */
export function readSpendCommitment(reader: Reader): SpendCommitment {
  const outer = reader.open();
  const sourceId = reader.hash();
  const assetId = reader.hash();
  const amount = reader.varint63();
  const sourcePosition = reader.varint63();
  const vmVersion = readVmVersion(reader);
  const controlProgram = reader.varstr31();
  const spendCommitmentSuffix = reader.close(outer);
  return {
    sourceId,
    assetId,
    amount,
    sourcePosition,
    vmVersion,
    controlProgram,
    spendCommitmentSuffix,
  };
}

export function writeSpendCommitment(
  writer: Writer,
  spent: SpendCommitment,
  suffixTimes: number,
): void {
  const start = writer.open();
  writer.hash(spent.sourceId).hash(spent.assetId);
  writer.varint63(spent.amount).varint63(spent.sourcePosition).varint63(spent.vmVersion);
  writer.varstr31(spent.controlProgram);
  for (let i = 0; i < suffixTimes; i++) writer.raw(spent.spendCommitmentSuffix);
  writer.close(start);
}

/** What an output holds; its suffix stays in the reader. */
export function readOutputCommitment(reader: Reader): OutputCommitment {
  const assetId = reader.hash();
  const amount = reader.varint63();
  const vmVersion = readVmVersion(reader);
  const controlProgram = reader.varstr31();
  return { assetId, amount, vmVersion, controlProgram };
}

export function writeOutputCommitment(writer: Writer, output: OutputCommitment): void {
  writer.hash(output.assetId).varint63(output.amount).varint63(output.vmVersion);
  writer.varstr31(output.controlProgram);
}

function readVmVersion(reader: Reader): bigint {
  const offset = reader.offset;
  const value = reader.varint63();
  if (value !== VM_VERSION) throw new ButxoError("unrecognized-vm-version", { offset, value });
  return value;
}
