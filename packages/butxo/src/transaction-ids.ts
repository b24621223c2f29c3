/**
 * The ids of a transaction and of everything in it.
 *
 * @see spec 10-ledger, section 4.1 "Entry id" and 4.2 "Mapping a transaction"; spec 80-vapor, section 3.3
 */
import { sha3 } from "@bystack/crypto";
import { btmAssetId } from "./asset.ts";
import { EMPTY } from "./bytes.ts";
import { type EntryHasher, type EntryName, entryHasher } from "./entry-hasher.ts";
import { isUnspendable } from "./program.ts";
import type { AssetAmount, Input, Output, SpendCommitment, Transaction } from "./transaction.ts";

/** Hashes that validation and the virtual machine need, each computed once. All are 32 bytes. */
export interface TransactionIds {
  readonly id: Uint8Array;
  readonly muxId: Uint8Array;
  /** Entry id of each input; missing for an unknown asset version. Not yet collapsed, see `mapTransaction`. */
  readonly entryIds: readonly (Uint8Array | undefined)[];
  /** What each input's entry hashes first: the output entry that it refers to, or the hash of an issuance's nonce. */
  readonly refs: readonly (Uint8Array | undefined)[];
  readonly resultIds: readonly Uint8Array[];
}

const HASH_LENGTH = 32;

/** What the mux runs: TRUE. */
export const MUX_PROGRAM = { vmVersion: 1n, opcode: 0x51 } as const;

/** Computes all ids of a transaction. */
export function computeTransactionIds(transaction: Transaction): TransactionIds {
  const { dialect, inputs, outputs } = transaction;
  const hasher = entryHasher();
  const entryIds: (Uint8Array | undefined)[] = [];
  const refs: (Uint8Array | undefined)[] = [];
  for (const input of inputs) {
    const ref = inputRef(hasher, input, dialect.outputEntryName);
    refs.push(ref);
    entryIds.push(ref === undefined ? undefined : inputEntryId(hasher, input, ref));
  }
  const muxId = hashMux(hasher, transaction, entryIds);
  const resultIds: Uint8Array[] = [];
  for (const output of outputs) {
    resultIds.push(resultId(hasher, output, muxId, resultIds.length, dialect.outputEntryName));
  }
  hasher.u64(transaction.version).u64(transaction.timeRange).varint31(resultIds.length);
  for (const id of resultIds) hasher.raw(id);
  const id = hasher.entryId("txheader");
  return { id, muxId, entryIds, refs, resultIds };
}

/** What an input brings to the mux; missing for an unknown asset version. @param coinbase see {@link coinbaseValue} */
export function inputValue(input: Input, coinbase: AssetAmount): AssetAmount | undefined {
  if (input.type === "unknown") return undefined;
  return input.type === "coinbase" ? coinbase : input;
}

/** What each coinbase input of a transaction brings. Walks all outputs: ask once, not once an input. */
export function coinbaseValue({ dialect, outputs }: Transaction): AssetAmount {
  if (dialect.coinbaseValue === "first-output") return outputValue(outputs[0]);
  let amount = 0n;
  for (const output of outputs) amount += outputValue(output).amount;
  return { assetId: btmAssetId(), amount: BigInt.asUintN(64, amount) };
}

/** What an output takes from the mux: nothing at all when its asset version is unknown. */
export function outputValue(output: Output | undefined): AssetAmount {
  if (output !== undefined && output.type !== "unknown") return output;
  return { assetId: new Uint8Array(HASH_LENGTH), amount: 0n };
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

/** Empty for a coinbase, which has nothing of the kind; missing for an unknown asset version. */
function inputRef(hasher: EntryHasher, input: Input, plainName: EntryName): Uint8Array | undefined {
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
      return sha3(input.nonce);
    case "coinbase":
      return EMPTY;
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

function inputEntryId(hasher: EntryHasher, input: Input, ref: Uint8Array): Uint8Array | undefined {
  hasher.raw(ref);
  switch (input.type) {
    case "issuance":
      hasher.raw(input.assetId).u64(input.amount);
      return hasher.entryId("issuance1");
    case "spend":
      return hasher.entryId("spend1");
    case "veto":
      return hasher.entryId("vetoInput1");
    case "cross-chain-in":
      hasher.program(input.issuanceVmVersion, input.issuanceProgram);
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
  const coinbase = coinbaseValue(transaction);
  hasher.varint31(transaction.inputs.length);
  transaction.inputs.forEach((input, i) => {
    const ref = entryIds[i];
    const value = inputValue(input, coinbase);
    if (ref !== undefined && value !== undefined) hasher.source(ref, value, 0n);
  });
  hasher.u64(MUX_PROGRAM.vmVersion).varint31(1).byte(MUX_PROGRAM.opcode);
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
