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

const HASH_LENGTH = 32;

/** What the mux runs: TRUE. */
export const MUX_PROGRAM = { vmVersion: 1n, opcode: 0x51 } as const;

/** No units of no asset. Shared, and therefore not given out. */
const NOTHING: AssetAmount = { assetId: /* @__PURE__ */ new Uint8Array(HASH_LENGTH), amount: 0n };

/**
 * Hashes that validation and the virtual machine need, each computed once. They lie side by side in one piece of
 * memory, because an object for each would take eight times as much; what is given out are copies, 32 bytes each.
 */
export class TransactionIds {
  /** Id, mux id, entry id and ref of each input, id of each output. */
  readonly #packed: Uint8Array;
  readonly #inputs: number;

  /** @param packed 32 bytes each: id, mux id, then for each input its entry id and its ref, then the output ids */
  constructor(packed: Uint8Array, inputs: number) {
    this.#packed = packed;
    this.#inputs = inputs;
  }

  id(): Uint8Array {
    return this.#at(0);
  }

  muxId(): Uint8Array {
    return this.#at(1);
  }

  /** Entry id of an input of known asset version. Not yet collapsed, see `mapTransaction`. */
  entryId(input: number): Uint8Array {
    return this.#at(2 + 2 * input);
  }

  /**
   * What the entry of an input hashes first: the output entry that it refers to, or the hash of an issuance's nonce.
   * All zero for a coinbase, which has nothing of the kind.
   */
  ref(input: number): Uint8Array {
    return this.#at(3 + 2 * input);
  }

  resultIds(): Uint8Array[] {
    const ids: Uint8Array[] = [];
    const end = this.#packed.length / HASH_LENGTH;
    for (let i = 2 + 2 * this.#inputs; i < end; i++) ids.push(this.#at(i));
    return ids;
  }

  #at(index: number): Uint8Array {
    return this.#packed.slice(HASH_LENGTH * index, HASH_LENGTH * (index + 1));
  }
}

/** Computes all ids of a transaction. */
export function computeTransactionIds(transaction: Transaction): TransactionIds {
  const { dialect, inputs, outputs, version, timeRange } = transaction;
  const packed = new Uint8Array(HASH_LENGTH * (2 + 2 * inputs.length + outputs.length));
  const coinbase = coinbaseValue(transaction);
  const hasher = entryHasher();
  const mux = entryHasher("mux").varint31(inputs.length);
  let at = 2 * HASH_LENGTH;
  for (const input of inputs) {
    if (input.type !== "unknown") {
      const ref = inputRef(hasher, input, dialect.outputEntryName);
      const entryId = inputEntryId(hasher, input, ref);
      mux.source(entryId, inputValue(input, coinbase), 0n);
      packed.set(entryId, at);
      packed.set(ref, at + HASH_LENGTH);
    }
    at += 2 * HASH_LENGTH;
  }
  mux.u64(MUX_PROGRAM.vmVersion).varint31(1).byte(MUX_PROGRAM.opcode);
  const muxId = mux.entryId("mux1");
  packed.set(muxId, HASH_LENGTH);
  const results = at;
  for (const [position, output] of outputs.entries()) {
    packed.set(resultId(hasher, output, muxId, position, dialect.outputEntryName), at);
    at += HASH_LENGTH;
  }
  hasher.u64(version).u64(timeRange).varint31(outputs.length).raw(packed.subarray(results));
  packed.set(hasher.entryId("txheader"));
  return new TransactionIds(packed, inputs.length);
}

/** An input that has an entry. */
export type KnownInput = Exclude<Input, { type: "unknown" }>;

/** What an input brings to the mux. @param coinbase see {@link coinbaseValue} */
export function inputValue(input: KnownInput, coinbase: AssetAmount): AssetAmount {
  return input.type === "coinbase" ? coinbase : input;
}

/**
 * What each coinbase input of a transaction brings. Walks all outputs: ask once, not once an input.
 *
 * @param nothing see {@link outputValue}
 */
export function coinbaseValue(
  { dialect, outputs }: Transaction,
  nothing: AssetAmount = NOTHING,
): AssetAmount {
  if (dialect.coinbaseValue === "first-output") return outputValue(outputs[0], nothing);
  let amount = 0n;
  for (const output of outputs) amount += outputValue(output).amount;
  return { assetId: btmAssetId(), amount: BigInt.asUintN(64, amount) };
}

/** What an output takes from the mux. @param nothing what it is when the asset version is unknown */
export function outputValue(
  output: Output | undefined,
  nothing: AssetAmount = NOTHING,
): AssetAmount {
  return output === undefined || output.type === "unknown" ? nothing : output;
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

/** See {@link TransactionIds.ref}. */
function inputRef(hasher: EntryHasher, input: KnownInput, plainName: EntryName): Uint8Array {
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
    default:
      return input satisfies never;
  }
}

function hashSpent(hasher: EntryHasher, spent: SpendCommitment): void {
  hasher.source(spent.sourceId, spent, spent.sourcePosition);
  hasher.program(spent.vmVersion, spent.controlProgram);
}

function inputEntryId(hasher: EntryHasher, input: KnownInput, ref: Uint8Array): Uint8Array {
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
    default:
      return input satisfies never;
  }
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
