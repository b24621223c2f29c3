/**
 * The ids of a transaction and of everything in it.
 *
 * @see spec 10-ledger, section 4.1 "Entry id" and 4.2 "Mapping a transaction"; spec 80-vapor, section 3.3
 */
import { sha3 } from "@bystack/crypto";
import { btmAssetId } from "./asset.ts";
import { EntryHasher, type EntryName } from "./entry-hasher.ts";
import { isUnspendable } from "./program.ts";
import type {
  AssetAmount,
  Input,
  Output,
  OutputCommitment,
  SpendCommitment,
  Transaction,
} from "./transaction.ts";

/** Hashes that validation and the virtual machine need, each computed once. All are 32 bytes. */
export interface TransactionIds {
  readonly id: Uint8Array;
  readonly muxId: Uint8Array;
  /** Entry id of each input; missing for an unknown asset version. Not yet collapsed, see `mapTransaction`. */
  readonly entryIds: readonly (Uint8Array | undefined)[];
  /** The output entry that each input refers to; missing for issuances, coinbases and unknown asset versions. */
  readonly sourceOutputIds: readonly (Uint8Array | undefined)[];
  /** SHA3 of each issuance's nonce; missing for other inputs. */
  readonly nonceHashes: readonly (Uint8Array | undefined)[];
  readonly resultIds: readonly Uint8Array[];
}

const U64_MASK = 2n ** 64n - 1n;
const MUX_PROGRAM: OutputCommitment["vmVersion"] = 1n;
const OP_TRUE = 0x51;
const NOTHING: AssetAmount = /* @__PURE__ */ Object.freeze({
  assetId: new Uint8Array(32),
  amount: 0n,
});

/** Computes all ids of a transaction. */
export function computeTransactionIds(transaction: Transaction): TransactionIds {
  const { dialect, inputs, outputs } = transaction;
  const hasher = new EntryHasher();
  const entryIds: (Uint8Array | undefined)[] = [];
  const sourceOutputIds: (Uint8Array | undefined)[] = [];
  const nonceHashes: (Uint8Array | undefined)[] = [];
  for (const input of inputs) {
    const nonceHash = input.type === "issuance" ? sha3(input.nonce) : undefined;
    const sourceOutputId = sourceOutput(hasher, input, dialect.outputEntryName);
    nonceHashes.push(nonceHash);
    sourceOutputIds.push(sourceOutputId);
    entryIds.push(inputEntryId(hasher, input, nonceHash ?? sourceOutputId ?? NOTHING.assetId));
  }
  const muxId = hashMux(hasher, transaction, entryIds);
  const resultIds: Uint8Array[] = [];
  for (const output of outputs) {
    resultIds.push(resultId(hasher, output, muxId, resultIds.length, dialect.outputEntryName));
  }
  hasher.u64(transaction.version).u64(transaction.timeRange).varint31(resultIds.length);
  for (const id of resultIds) hasher.raw(id);
  const id = hasher.entryId("txheader");
  return { id, muxId, entryIds, sourceOutputIds, nonceHashes, resultIds };
}

/** What an input brings to the mux; missing for an unknown asset version. */
export function inputValue(
  input: Input,
  { dialect, outputs }: Pick<Transaction, "dialect" | "outputs">,
): AssetAmount | undefined {
  if (input.type === "unknown") return undefined;
  if (input.type !== "coinbase") return input;
  if (dialect.coinbaseValue === "first-output") return outputValue(outputs[0]);
  let amount = 0n;
  for (const output of outputs) amount += outputValue(output).amount;
  return { assetId: btmAssetId(), amount: amount & U64_MASK };
}

/** What an output takes from the mux: nothing at all when its asset version is unknown. */
export function outputValue(output: Output | undefined): AssetAmount {
  return output === undefined || output.type === "unknown" ? NOTHING : output;
}

/** Type name of the entry that an output becomes. */
export function resultName(
  output: Output,
  plainName: "output1" | "intrachainoutput1",
): "output1" | "intrachainoutput1" | "crosschainoutput1" | "voteoutput1" | "retirement1" {
  if (output.type === "unknown") return plainName;
  if (isUnspendable(output.controlProgram)) return "retirement1";
  switch (output.type) {
    case "output":
      return plainName;
    case "cross-chain-out":
      return "crosschainoutput1";
    case "vote":
      return "voteoutput1";
    default:
      return output satisfies never;
  }
}

function sourceOutput(
  hasher: EntryHasher,
  input: Input,
  plainName: EntryName,
): Uint8Array | undefined {
  switch (input.type) {
    case "spend":
    case "cross-chain-in":
      hashSpent(hasher, input);
      return hasher.entryId(plainName);
    case "veto":
      hashSpent(hasher, input);
      hasher.varstr31(input.vote);
      return hasher.entryId("voteoutput1");
    case "issuance":
    case "coinbase":
    case "unknown":
      return undefined;
    default:
      return input satisfies never;
  }
}

function hashSpent(hasher: EntryHasher, spent: SpendCommitment): void {
  hasher.source(spent.sourceId, spent, spent.sourcePosition);
  hasher.program(spent.vmVersion, spent.controlProgram);
}

/** @param ref the nonce hash of an issuance, otherwise the id of the output that the input refers to */
function inputEntryId(hasher: EntryHasher, input: Input, ref: Uint8Array): Uint8Array | undefined {
  switch (input.type) {
    case "issuance":
      hasher.raw(ref).raw(input.assetId).u64(input.amount);
      return hasher.entryId("issuance1");
    case "spend":
      hasher.raw(ref);
      return hasher.entryId("spend1");
    case "veto":
      hasher.raw(ref);
      return hasher.entryId("vetoInput1");
    case "cross-chain-in":
      hasher.raw(ref).program(input.issuanceVmVersion, input.issuanceProgram);
      hasher.raw(sha3(input.assetDefinition));
      return hasher.entryId("crosschaininput1");
    case "coinbase":
      hasher.varstr31(input.arbitrary);
      return hasher.entryId("coinbase1");
    case "unknown":
      return undefined;
    default:
      return input satisfies never;
  }
}

function hashMux(
  hasher: EntryHasher,
  transaction: Transaction,
  entryIds: readonly (Uint8Array | undefined)[],
): Uint8Array {
  hasher.varint31(transaction.inputs.length);
  transaction.inputs.forEach((input, i) => {
    const ref = entryIds[i];
    const value = inputValue(input, transaction);
    if (ref !== undefined && value !== undefined) hasher.source(ref, value, 0n);
  });
  hasher.u64(MUX_PROGRAM).varint31(1).byte(OP_TRUE);
  return hasher.entryId("mux1");
}

function resultId(
  hasher: EntryHasher,
  output: Output,
  muxId: Uint8Array,
  position: number,
  plainName: "output1" | "intrachainoutput1",
): Uint8Array {
  const name = resultName(output, plainName);
  hasher.source(muxId, outputValue(output), BigInt(position));
  if (output.type === "unknown") hasher.u64(0n).varint31(0);
  else if (name !== "retirement1") hasher.program(output.vmVersion, output.controlProgram);
  if (output.type === "vote" && name === "voteoutput1") hasher.varstr31(output.vote);
  return hasher.entryId(name);
}
