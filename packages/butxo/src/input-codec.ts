/**
 * Inputs on the wire.
 *
 * @see spec 10-ledger, section 3.1; spec 80-vapor, section 3.1
 */
import { assetId as computeAssetId } from "./asset.ts";
import { equalBytes } from "./bytes.ts";
import { readSpendCommitment, writeSpendCommitment } from "./commitment.ts";
import type { Dialect } from "./dialect.ts";
import { ButxoError } from "./error.ts";
import type { Reader } from "./reader.ts";
import type { Input, InputType, IssuanceInput } from "./transaction.ts";
import type { Writer } from "./writer.ts";

const KNOWN = 1n;

/** Reads an input; what the commitment says decides how the witness is read. */
export function readInput(reader: Reader, dialect: Dialect): Input {
  const offset = reader.offset;
  const assetVersion = reader.varint63();
  if (assetVersion !== KNOWN) return readUnknown(reader, dialect, assetVersion, offset);
  const outer = reader.open();
  const type = readType(reader, dialect);
  switch (type) {
    case "issuance":
      return readIssuance(reader, outer);
    case "spend": {
      const spent = readSpendCommitment(reader);
      const commitmentSuffix = reader.close(outer);
      return { type, assetVersion: KNOWN, ...spent, ...readArguments(reader), commitmentSuffix };
    }
    case "coinbase": {
      const arbitrary = reader.varstr31();
      const commitmentSuffix = reader.close(outer);
      const witnessSuffix = reader.varstr31();
      return { type, assetVersion: KNOWN, arbitrary, commitmentSuffix, witnessSuffix };
    }
    case "cross-chain-in": {
      const spent = readSpendCommitment(reader);
      const issuanceVmVersion = reader.varint63();
      const assetDefinition = reader.varstr31();
      const issuanceProgram = reader.varstr31();
      const commitmentSuffix = reader.close(outer);
      return {
        type,
        assetVersion: KNOWN,
        ...spent,
        issuanceVmVersion,
        assetDefinition,
        issuanceProgram,
        ...readArguments(reader),
        commitmentSuffix,
      };
    }
    case "veto": {
      const spent = readSpendCommitment(reader);
      const vote = reader.varstr31();
      const commitmentSuffix = reader.close(outer);
      return {
        type,
        assetVersion: KNOWN,
        ...spent,
        vote,
        ...readArguments(reader),
        commitmentSuffix,
      };
    }
    default:
      return type satisfies never;
  }
}

/** Writes an input. @param suffixTimes how often the inner suffix is written, see `encodeTransaction` */
export function writeInput(
  writer: Writer,
  input: Input,
  dialect: Dialect,
  suffixTimes: number,
): void {
  writer.varint63(input.assetVersion);
  const commitment = writer.open();
  if (input.type === "unknown") {
    if (!dialect.keepsUnknownAssetVersions || input.assetVersion === KNOWN) {
      throw new ButxoError("unsupported-asset-version", { value: input.assetVersion });
    }
  } else {
    const code = dialect.inputTypes.indexOf(input.type);
    if (code < 0 || input.assetVersion !== KNOWN) {
      throw new ButxoError("unsupported-input-type", { value: code });
    }
    writer.byte(code);
    writeCommitment(writer, input, suffixTimes);
  }
  writer.raw(input.commitmentSuffix).close(commitment);
  const witness = writer.open();
  writeWitness(writer, input);
  writer.raw(input.witnessSuffix).close(witness);
}

function readUnknown(
  reader: Reader,
  dialect: Dialect,
  assetVersion: bigint,
  offset: number,
): Input {
  if (!dialect.keepsUnknownAssetVersions) {
    throw new ButxoError("unsupported-asset-version", { offset, value: assetVersion });
  }
  const commitmentSuffix = reader.varstr31();
  const witnessSuffix = reader.varstr31();
  return { type: "unknown", assetVersion, commitmentSuffix, witnessSuffix };
}

function readType(reader: Reader, dialect: Dialect): InputType {
  const offset = reader.offset;
  const value = reader.byte();
  const type = dialect.inputTypes[value];
  if (type === undefined) throw new ButxoError("unsupported-input-type", { offset, value });
  return type;
}

function readIssuance(reader: Reader, outer: number): IssuanceInput {
  const nonce = reader.varstr31();
  const assetIdOffset = reader.offset;
  const assetId = reader.hash();
  const amount = reader.varint63();
  const commitmentSuffix = reader.close(outer);
  const witness = reader.open();
  const assetDefinition = reader.varstr31();
  const vmVersion = reader.varint63();
  const issuanceProgram = reader.varstr31();
  if (!equalBytes(assetId, computeAssetId(issuanceProgram, assetDefinition, vmVersion))) {
    throw new ButxoError("asset-id-mismatch", { offset: assetIdOffset });
  }
  return {
    type: "issuance",
    assetVersion: KNOWN,
    nonce,
    assetId,
    amount,
    assetDefinition,
    vmVersion,
    issuanceProgram,
    arguments: reader.varstrList(),
    commitmentSuffix,
    witnessSuffix: reader.close(witness),
  };
}

function readArguments(reader: Reader): {
  arguments: readonly Uint8Array[];
  witnessSuffix: Uint8Array;
} {
  const witness = reader.open();
  return { arguments: reader.varstrList(), witnessSuffix: reader.close(witness) };
}

function writeCommitment(
  writer: Writer,
  input: Exclude<Input, { type: "unknown" }>,
  suffixTimes: number,
): void {
  switch (input.type) {
    case "issuance":
      writer.varstr31(input.nonce).hash(input.assetId).varint63(input.amount);
      return;
    case "spend":
      writeSpendCommitment(writer, input, suffixTimes);
      return;
    case "coinbase":
      writer.varstr31(input.arbitrary);
      return;
    case "cross-chain-in":
      writeSpendCommitment(writer, input, suffixTimes);
      writer.varint63(input.issuanceVmVersion).varstr31(input.assetDefinition);
      writer.varstr31(input.issuanceProgram);
      return;
    case "veto":
      writeSpendCommitment(writer, input, suffixTimes);
      writer.varstr31(input.vote);
      return;
    default:
      input satisfies never;
  }
}

function writeWitness(writer: Writer, input: Input): void {
  switch (input.type) {
    case "issuance":
      writer.varstr31(input.assetDefinition).varint63(input.vmVersion);
      writer.varstr31(input.issuanceProgram).varstrList(input.arguments);
      return;
    case "spend":
    case "cross-chain-in":
    case "veto":
      writer.varstrList(input.arguments);
      return;
    case "coinbase":
    case "unknown":
      return;
    default:
      input satisfies never;
  }
}
