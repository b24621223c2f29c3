import { type Context, checkOutputAmong, type Destination } from "@bystack/bvm";
import { bytes, type Fields, integer, list, object, text, UnreadableCase } from "../check.ts";

/** The context that a file writes field by field; null is an absent field. */
export function readContext(fields: Fields, txVersion: unknown): Context {
  const { outputs, tx_sig_hash: signatureHash } = fields;
  return {
    vmVersion: optional(fields["vm_version"], integer, "vm_version") ?? 1n,
    entryId: optional(fields["entry_id"], bytes, "entry_id") ?? new Uint8Array(0),
    txVersion: optional(txVersion, integer, "txv"),
    blockHeight: optional(fields["block_height"], integer, "block_height"),
    assetId: optional(fields["asset_id"], bytes, "asset_id"),
    amount: optional(fields["amount"], integer, "amount"),
    destinationPosition: optional(fields["dest_pos"], integer, "dest_pos"),
    spentOutputId: optional(fields["spent_output_id"], bytes, "spent_output_id"),
    signatureHash: optional(signatureHash, readHash, "tx_sig_hash"),
    checkOutput: optional(outputs, readOutputs, "outputs"),
  };
}

function optional<T>(
  value: unknown,
  read: (value: unknown, what: string) => T,
  what: string,
): T | undefined {
  return value === null || value === undefined ? undefined : read(value, what);
}

function readHash(value: unknown, what: string): () => Uint8Array {
  const hash = bytes(value, what);
  return () => hash;
}

function readOutputs(value: unknown, what: string): Context["checkOutput"] {
  return checkOutputAmong(list(value, what).map((item) => readDestination(object(item, what))));
}

function readDestination(fields: Fields): Destination {
  const type = text(fields["kind"], "kind");
  if (type === "other" || type === "missing") return { type };
  const assetId = bytes(fields["asset"], "asset");
  const amount = integer(fields["amount"], "amount");
  if (type === "retirement") return { type, assetId, amount };
  if (type !== "output") throw new UnreadableCase(`kind ${type}`);
  const vmVersion = integer(fields["vm_version"], "vm_version");
  return { type, assetId, amount, vmVersion, program: bytes(fields["program"], "program") };
}
