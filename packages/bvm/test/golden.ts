import { expect } from "vitest";
import {
  type Context,
  checkOutputAmong,
  type Destination,
  type InstructionSet,
  Machine,
} from "../src/index.ts";
import { fromHex, toHex } from "../src/text.ts";

/** The shape of the files under vectors/bvm that run programs; see the README there. */
export interface ProgramFile {
  readonly context?: ContextFields;
  readonly vectors: readonly ProgramCase[];
}

export interface ContextFields {
  readonly vm_version: string;
  readonly entry_id: string;
  readonly block_height: string | null;
  readonly asset_id: string | null;
  readonly amount: string | null;
  readonly dest_pos: string | null;
  readonly spent_output_id: string | null;
  readonly tx_sig_hash: string | null;
  readonly outputs: readonly OutputFields[] | null;
}

interface OutputFields {
  readonly kind: string;
  readonly asset: string;
  readonly amount: string;
  readonly vm_version: string;
  readonly program: string;
}

interface ProgramCase {
  readonly prog: string;
  readonly args: readonly string[];
  readonly gas: string;
  readonly txv: number | null;
  readonly ctx?: ContextFields;
  readonly err: string | null;
  readonly left: string;
  readonly data: readonly string[];
  readonly alt: readonly string[];
  readonly value_data?: readonly string[];
}

const NO_CONTEXT: ContextFields = {
  vm_version: "1",
  entry_id: "",
  block_height: null,
  asset_id: null,
  amount: null,
  dest_pos: null,
  spent_output_id: null,
  tx_sig_hash: null,
  outputs: null,
};

/** Runs every program of a file and compares error, gas left and both stacks. */
export function checkPrograms(file: ProgramFile, instructionSet: InstructionSet): void {
  for (const [index, vector] of file.vectors.entries()) {
    const context = contextOf(vector.ctx ?? file.context ?? NO_CONTEXT, vector.txv);
    const machine = new Machine(
      hex(vector.prog),
      vector.args.map(hex),
      context,
      BigInt(vector.gas),
      { instructionSet },
    );
    const { error, gasLeft } = machine.run();
    const got = [index, error, gasLeft, machine.dataStack.map(toHex), machine.altStack.map(toHex)];
    const data = vector.value_data ?? vector.data;
    expect(got).toEqual([index, errorCode(vector.err), BigInt(vector.left), data, vector.alt]);
  }
}

export function contextOf(fields: ContextFields, txVersion: number | null): Context {
  const { block_height, asset_id, amount, dest_pos, spent_output_id, tx_sig_hash } = fields;
  return {
    vmVersion: BigInt(fields.vm_version),
    entryId: hex(fields.entry_id),
    txVersion: txVersion === null ? undefined : BigInt(txVersion),
    blockHeight: block_height === null ? undefined : BigInt(block_height),
    assetId: asset_id === null ? undefined : hex(asset_id),
    amount: amount === null ? undefined : BigInt(amount),
    destinationPosition: dest_pos === null ? undefined : BigInt(dest_pos),
    spentOutputId: spent_output_id === null ? undefined : hex(spent_output_id),
    signatureHash: tx_sig_hash === null ? undefined : () => hex(tx_sig_hash),
    checkOutput:
      fields.outputs === null ? undefined : checkOutputAmong(fields.outputs.map(destination)),
  };
}

function destination(output: OutputFields): Destination {
  const assetId = hex(output.asset);
  const amount = BigInt(output.amount);
  switch (output.kind) {
    case "output": {
      const vmVersion = BigInt(output.vm_version);
      return { type: "output", assetId, amount, vmVersion, program: hex(output.program) };
    }
    case "retirement":
      return { type: "retirement", assetId, amount };
    case "missing":
      return { type: "missing" };
    default:
      return { type: "other" };
  }
}

export function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === undefined) throw new Error(`not hex: ${text}`);
  return bytes;
}

/** The reference's name of an error as our code: `FalseVMResult` is `false-vm-result`. */
export function errorCode(name: string | null): string | undefined {
  return name
    ?.replaceAll(/([a-z0-9])([A-Z])/g, "$1-$2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1-$2")
    .toLowerCase();
}
