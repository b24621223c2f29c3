/**
 * Outputs on the wire.
 *
 * A main-chain output is one extensible string with the commitment. A side-chain output is one with a type
 * byte and a body, and the commitment is an extensible string inside the body.
 *
 * @see spec 10-ledger, section 3.2; spec 80-vapor, section 3.2
 */
import { EMPTY } from "./bytes.ts";
import { readOutputCommitment, writeOutputCommitment } from "./commitment.ts";
import type { Dialect } from "./dialect.ts";
import { ButxoError } from "./error.ts";
import type { Reader } from "./reader.ts";
import type { Output, OutputCommitment, OutputType } from "./transaction.ts";
import type { Writer } from "./writer.ts";

const KNOWN = 1n;

/** Reads an output; its witness is dropped. */
export function readOutput(reader: Reader, dialect: Dialect): Output {
  const output = readCommitment(reader, dialect);
  reader.varstr31();
  return output;
}

/** Writes an output. @param suffixTimes how often the inner suffix is written, see `encodeTransaction` */
export function writeOutput(
  writer: Writer,
  output: Output,
  dialect: Dialect,
  suffixTimes: number,
): void {
  writer.varint63(output.assetVersion);
  const start = writer.open();
  if (output.type === "unknown") {
    if (!dialect.keepsUnknownAssetVersions || output.assetVersion === KNOWN) {
      throw new ButxoError("unsupported-asset-version", { value: output.assetVersion });
    }
    writeSuffix(writer, output, suffixTimes);
  } else if (dialect.outputTypes === undefined) {
    if (output.type !== "output" || output.outputSuffix.length > 0) refuseType(-1);
    writeOutputCommitment(writer, output);
    writeSuffix(writer, output, suffixTimes);
  } else {
    const code = dialect.outputTypes.indexOf(output.type);
    if (code < 0) refuseType(code);
    writer.byte(code);
    if (output.type === "vote") writer.varstr31(output.vote);
    const inner = writer.open();
    writeOutputCommitment(writer, output);
    writeSuffix(writer, output, suffixTimes);
    writer.close(inner).raw(output.outputSuffix);
  }
  writer.close(start).varstr31(EMPTY);
}

function readCommitment(reader: Reader, dialect: Dialect): Output {
  const offset = reader.offset;
  const assetVersion = reader.varint63();
  if (assetVersion !== KNOWN) {
    if (dialect.keepsUnknownAssetVersions) {
      const commitmentSuffix = reader.varstr31();
      return { type: "unknown", assetVersion, commitmentSuffix, outputSuffix: EMPTY };
    }
    throw new ButxoError("unsupported-asset-version", { offset, value: assetVersion });
  }
  const outer = reader.open();
  if (dialect.outputTypes === undefined) {
    const commitment = readOutputCommitment(reader);
    return plain(commitment, reader.close(outer), EMPTY);
  }
  const type = readType(reader, dialect.outputTypes);
  const vote = type === "vote" ? reader.varstr31() : EMPTY;
  const inner = reader.open();
  const commitment = readOutputCommitment(reader);
  const commitmentSuffix = reader.close(inner);
  const outputSuffix = reader.close(outer);
  switch (type) {
    case "output":
      return plain(commitment, commitmentSuffix, outputSuffix);
    case "cross-chain-out":
      return { type, assetVersion: KNOWN, ...commitment, commitmentSuffix, outputSuffix };
    case "vote":
      return { type, assetVersion: KNOWN, vote, ...commitment, commitmentSuffix, outputSuffix };
    default:
      return type satisfies never;
  }
}

function plain(
  { assetId, amount, vmVersion, controlProgram }: OutputCommitment,
  commitmentSuffix: Uint8Array,
  outputSuffix: Uint8Array,
): Output {
  return {
    type: "output",
    assetVersion: KNOWN,
    assetId,
    amount,
    vmVersion,
    controlProgram,
    commitmentSuffix,
    outputSuffix,
  };
}

function readType(reader: Reader, types: readonly OutputType[]): OutputType {
  const offset = reader.offset;
  const value = reader.byte();
  const type = types[value];
  if (type === undefined) throw new ButxoError("unsupported-output-type", { offset, value });
  return type;
}

function writeSuffix(writer: Writer, output: Output, times: number): void {
  for (let i = 0; i < times; i++) writer.raw(output.commitmentSuffix);
}

function refuseType(value: number): never {
  throw new ButxoError("unsupported-output-type", { value });
}
