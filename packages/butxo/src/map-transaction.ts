/**
 * A transaction as its graph of entries.
 *
 * @see spec 10-ledger, section 4.2 "Mapping a transaction"; spec 80-vapor, section 3.3
 */
import { sha3 } from "@bystack/crypto";
import { isBtm } from "./asset.ts";
import { concatBytes, toHex } from "./bytes.ts";
import type {
  Entry,
  InputEntry,
  MappedTransaction,
  OutputEntry,
  Program,
  ResultEntry,
  ValueDestination,
  ValueSource,
  VoteOutputEntry,
} from "./entry.ts";
import { OwnTransaction } from "./own-transaction.ts";
import type { AssetAmount, Input, Output, SpendCommitment, Transaction } from "./transaction.ts";
import { inputValue, outputValue, resultName } from "./transaction-ids.ts";

/** The id of a transaction, 32 bytes. The array is shared: do not write to it. */
export function transactionId(transaction: Transaction): Uint8Array {
  return OwnTransaction.idsOf(transaction).id;
}

/** The ids of a transaction's outputs, 32 bytes each. */
export function outputIds(transaction: Transaction): readonly Uint8Array[] {
  return OwnTransaction.idsOf(transaction).resultIds;
}

/**
 * What the signatures of input `index` sign: SHA3(input id ++ transaction id), 32 bytes.
 *
 * @throws RangeError when there is no such input
 */
export function signatureHash(mapped: MappedTransaction, index: number): Uint8Array {
  const inputId = mapped.inputIds[index];
  if (inputId === undefined) throw new RangeError(`no input ${index}`);
  return sha3(concatBytes(inputId, mapped.id));
}

/** The entry graph of a transaction. */
export function mapTransaction(transaction: Transaction): MappedTransaction {
  const ids = OwnTransaction.idsOf(transaction);
  const { id, muxId, resultIds } = ids;
  const { dialect, inputs, outputs } = transaction;

  const sources = inputs.map((input, i): ValueSource | undefined => {
    const ref = ids.entryIds[i];
    const value = inputValue(input, transaction);
    if (ref === undefined || value === undefined) return undefined;
    return { ref, value: amountOf(value), position: 0n };
  });

  const byId = new Map<string, InputEntry>();
  const keys: (string | undefined)[] = [];
  const entries = new Map<string, Entry>();
  const spentOutputIds = new Map<string, Uint8Array>();
  const mainchainOutputIds = new Map<string, Uint8Array>();
  const gasInputIds = new Map<string, Uint8Array>();
  inputs.forEach((input, i) => {
    const entryId = ids.entryIds[i];
    if (entryId === undefined) {
      keys.push(undefined);
      return;
    }
    const key = toHex(entryId);
    keys.push(key);
    const isCoinbase = input.type === "coinbase";
    const destination: ValueDestination = isCoinbase
      ? { ref: muxId, value: sources[0]?.value, position: 0n }
      : { ref: muxId, value: sources[i]?.value, position: BigInt(i) };
    const entry = mapInput(input, {
      id: entryId,
      ordinal: isCoinbase ? 0 : i,
      destination,
      sourceOutputId: ids.sourceOutputIds[i] ?? id,
      nonceHash: ids.nonceHashes[i] ?? id,
      outputEntryName: dialect.outputEntryName,
    });
    if (entry === undefined) return;
    byId.set(key, entry);
    entries.set(key, entry);
    if (
      isCoinbase ||
      (input.type !== "issuance" && input.type !== "unknown" && isBtm(input.assetId))
    ) {
      gasInputIds.set(key, entryId);
    }
    if (entry.type === "spend1" || entry.type === "vetoInput1") {
      const spentKey = toHex(entry.spentOutputId);
      spentOutputIds.set(spentKey, entry.spentOutputId);
      entries.set(spentKey, entry.spentOutput);
    } else if (entry.type === "crosschaininput1") {
      const mainchainKey = toHex(entry.mainchainOutputId);
      mainchainOutputIds.set(mainchainKey, entry.mainchainOutputId);
      entries.set(mainchainKey, entry.mainchainOutput);
    }
  });

  const inputIds: Uint8Array[] = inputs.map(() => new Uint8Array(32));
  for (const entry of byId.values()) {
    if (entry.type !== "coinbase1") inputIds[entry.ordinal] = entry.id;
  }
  for (const entry of byId.values()) if (entry.type === "coinbase1") inputIds[0] = entry.id;

  const resultEntries = outputs.map((output, j) =>
    mapOutput(output, resultIds[j] ?? id, muxId, BigInt(j), transaction),
  );
  const mux = {
    type: "mux1",
    id: muxId,
    sources,
    program: { vmVersion: 1n, code: Uint8Array.of(0x51) },
    destinations: resultEntries.map(
      (entry): ValueDestination => ({ ref: entry.id, value: entry.source.value, position: 0n }),
    ),
  } as const;
  const header = {
    type: "txheader",
    id,
    version: transaction.version,
    timeRange: transaction.timeRange,
    resultIds,
    serializedSize: transaction.serializedSize,
  } as const;
  entries.set(toHex(muxId), mux);
  for (const entry of resultEntries) entries.set(toHex(entry.id), entry);
  entries.set(toHex(id), header);

  return {
    transaction,
    id,
    header,
    muxId,
    mux,
    inputEntries: keys.map((key) => (key === undefined ? undefined : byId.get(key))),
    inputIds,
    resultEntries,
    resultIds,
    spentOutputIds: [...spentOutputIds.values()],
    mainchainOutputIds: [...mainchainOutputIds.values()],
    gasInputIds: [...gasInputIds.values()],
    entries: [...entries.values()],
  };
}

interface InputLinks {
  readonly id: Uint8Array;
  readonly ordinal: number;
  readonly destination: ValueDestination;
  readonly sourceOutputId: Uint8Array;
  readonly nonceHash: Uint8Array;
  readonly outputEntryName: "output1" | "intrachainoutput1";
}

function mapInput(input: Input, links: InputLinks): InputEntry | undefined {
  const { id, ordinal, destination, sourceOutputId, nonceHash, outputEntryName } = links;
  const base = { id, ordinal, destination };
  switch (input.type) {
    case "spend":
      return {
        ...base,
        type: "spend1",
        spentOutputId: sourceOutputId,
        spentOutput: spentOutput(input, sourceOutputId, outputEntryName),
        arguments: input.arguments,
      };
    case "veto": {
      const plain = spentOutput(input, sourceOutputId, outputEntryName);
      const vote: VoteOutputEntry = { ...plain, type: "voteoutput1", vote: input.vote };
      return {
        ...base,
        type: "vetoInput1",
        spentOutputId: sourceOutputId,
        spentOutput: vote,
        arguments: input.arguments,
      };
    }
    case "cross-chain-in":
      return {
        ...base,
        type: "crosschaininput1",
        mainchainOutputId: sourceOutputId,
        mainchainOutput: spentOutput(input, sourceOutputId, outputEntryName),
        issuanceProgram: { vmVersion: input.issuanceVmVersion, code: input.issuanceProgram },
        assetDefinition: input.assetDefinition,
        arguments: input.arguments,
      };
    case "issuance":
      return {
        ...base,
        type: "issuance1",
        nonceHash,
        value: amountOf(input),
        issuanceProgram: { vmVersion: input.vmVersion, code: input.issuanceProgram },
        assetDefinition: input.assetDefinition,
        arguments: input.arguments,
      };
    case "coinbase":
      return { ...base, type: "coinbase1", arbitrary: input.arbitrary };
    case "unknown":
      return undefined;
    default:
      return input satisfies never;
  }
}

function spentOutput(
  spent: SpendCommitment,
  id: Uint8Array,
  type: "output1" | "intrachainoutput1",
): OutputEntry {
  return {
    type,
    id,
    source: { ref: spent.sourceId, value: amountOf(spent), position: spent.sourcePosition },
    program: { vmVersion: spent.vmVersion, code: spent.controlProgram },
  };
}

function mapOutput(
  output: Output,
  id: Uint8Array,
  muxId: Uint8Array,
  position: bigint,
  { dialect }: Transaction,
): ResultEntry {
  const type = resultName(output, dialect.outputEntryName);
  const source: ValueSource = { ref: muxId, value: amountOf(outputValue(output)), position };
  if (type === "retirement1") return { type, id, source };
  const program: Program =
    output.type === "unknown"
      ? { vmVersion: 0n, code: new Uint8Array(0) }
      : { vmVersion: output.vmVersion, code: output.controlProgram };
  if (type === "voteoutput1") {
    return { type, id, source, program, vote: output.type === "vote" ? output.vote : program.code };
  }
  return { type, id, source, program };
}

function amountOf({ assetId, amount }: AssetAmount): AssetAmount {
  return { assetId, amount };
}
