/**
 * A transaction as its graph of entries.
 *
 * @see spec 10-ledger, section 4.2 "Mapping a transaction"; spec 80-vapor, section 3.3
 */
import { isBtm } from "./asset.ts";
import { bytesKey } from "./bytes.ts";
import type {
  Entry,
  InputEntry,
  MappedTransaction,
  ResultEntry,
  ValueDestination,
  ValueSource,
} from "./entry.ts";
import { amountOf, mapInput, mapOutput } from "./map-entry.ts";
import { OwnTransaction } from "./own-transaction.ts";
import type { AssetAmount, Input, Transaction } from "./transaction.ts";
import { coinbaseValue, inputValue, MUX_PROGRAM } from "./transaction-ids.ts";

const HASH_LENGTH = 32;

/**
 * The entry graph of a transaction: everything that validation and the virtual machine need, without another hash.
 *
 * @example
 * const mapped = mapTransaction(transaction);
 * mapped.mux.sources; // what comes in
 * mapped.spentOutputIds; // what must be unspent
 */
export function mapTransaction(transaction: Transaction): MappedTransaction {
  const { inputs, outputs, version, timeRange, serializedSize, dialect } = transaction;
  const ids = OwnTransaction.idsOf(transaction);
  // Copies: the caller may do with them what it likes, the kept ids stay as they are.
  const id = ids.id.slice();
  const muxId = ids.muxId.slice();
  const entryIds = ids.entryIds.map((entryId) => entryId?.slice());
  const resultIds = ids.resultIds.map((resultId) => resultId.slice());

  const coinbase = coinbaseValue(transaction);
  const sources = inputs.map((input, i) => sourceOf(inputValue(input, coinbase), entryIds[i]));
  const owners = ownersOf(entryIds);
  const inputEntries: (InputEntry | undefined)[] = inputs.map(() => undefined);
  for (let i = inputs.length - 1; i >= 0; i--) {
    const input = inputs[i];
    const owner = owners[i];
    const entryId = entryIds[i];
    if (input === undefined || entryId === undefined || owner === undefined) continue;
    // The last input with an entry owns it, so it has been mapped before the others.
    inputEntries[i] =
      owner === i
        ? mapInput(input, {
            id: entryId,
            ref: ids.refs[i]?.slice() ?? entryId,
            ordinal: ordinalOf(input, i),
            destination: destinationOf(input, i, muxId, sources),
            outputEntryName: dialect.outputEntryName,
          })
        : inputEntries[owner];
  }
  const resultEntries = outputs.map((output, j) =>
    mapOutput(output, resultIds[j] ?? id, muxId, BigInt(j), dialect.outputEntryName),
  );
  const distinct = [...new Set(inputEntries)].filter((entry) => entry !== undefined);
  return {
    transaction,
    id,
    header: { type: "txheader", id, version, timeRange, resultIds, serializedSize },
    muxId,
    mux: {
      type: "mux1",
      id: muxId,
      sources,
      program: { vmVersion: MUX_PROGRAM.vmVersion, code: Uint8Array.of(MUX_PROGRAM.opcode) },
      destinations: resultEntries.map((entry) => destinationAt(entry)),
    },
    inputEntries,
    inputIds: inputIdsOf(inputs, distinct),
    resultEntries,
    resultIds,
    spentOutputIds: distinct.flatMap((entry) =>
      "spentOutputId" in entry ? [entry.spentOutputId] : [],
    ),
    mainchainOutputIds: uniqueIds(
      distinct.flatMap((entry) => ("mainchainOutputId" in entry ? [entry.mainchainOutputId] : [])),
    ),
    gasInputIds: distinct.filter(mayPayGas).map((entry) => entry.id),
  };
}

/** Every entry of the graph, each once: header, mux, results, inputs, and the outputs that inputs refer to. */
export function listEntries(mapped: MappedTransaction): Entry[] {
  const entries = new Map<string, Entry>();
  const add = (entry: Entry): void => void entries.set(bytesKey(entry.id), entry);
  add(mapped.header);
  add(mapped.mux);
  mapped.resultEntries.forEach(add);
  for (const entry of mapped.inputEntries) {
    if (entry === undefined) continue;
    add(entry);
    if ("spentOutput" in entry) add(entry.spentOutput);
    if ("mainchainOutput" in entry) add(entry.mainchainOutput);
  }
  return [...entries.values()];
}

function sourceOf(
  value: AssetAmount | undefined,
  ref: Uint8Array | undefined,
): ValueSource | undefined {
  if (ref === undefined || value === undefined) return undefined;
  return { ref, value: amountOf(value), position: 0n };
}

/** For each input, the last input that gives the same entry. */
function ownersOf(entryIds: readonly (Uint8Array | undefined)[]): number[] {
  if (entryIds.length === 1) return [0];
  const keys = entryIds.map((entryId, i) =>
    entryId === undefined ? String(i) : bytesKey(entryId),
  );
  const last = new Map<string, number>();
  keys.forEach((key, i) => {
    last.set(key, i);
  });
  return keys.map((key, i) => last.get(key) ?? i);
}

/** A coinbase claims input 0 and mux position 0 wherever it stands. */
function ordinalOf(input: Input, index: number): number {
  return input.type === "coinbase" ? 0 : index;
}

function destinationOf(
  input: Input,
  index: number,
  muxId: Uint8Array,
  sources: readonly (ValueSource | undefined)[],
): ValueDestination {
  const ordinal = ordinalOf(input, index);
  return { ref: muxId, value: sources[ordinal]?.value, position: BigInt(ordinal) };
}

function destinationAt(entry: ResultEntry): ValueDestination {
  return { ref: entry.id, value: entry.source.value, position: 0n };
}

function inputIdsOf(inputs: readonly Input[], entries: readonly InputEntry[]): Uint8Array[] {
  const inputIds: (Uint8Array | undefined)[] = inputs.map(() => undefined);
  for (const { type, ordinal, id } of entries) if (type !== "coinbase1") inputIds[ordinal] = id;
  for (const { type, ordinal, id } of entries) if (type === "coinbase1") inputIds[ordinal] = id;
  return inputIds.map((id) => id ?? new Uint8Array(HASH_LENGTH));
}

function mayPayGas(entry: InputEntry): boolean {
  switch (entry.type) {
    case "spend1":
    case "vetoInput1":
      return isBtm(entry.spentOutput.source.value.assetId);
    case "crosschaininput1":
      return isBtm(entry.mainchainOutput.source.value.assetId);
    case "coinbase1":
      return true;
    case "issuance1":
      return false;
    default:
      return entry satisfies never;
  }
}

function uniqueIds(ids: readonly Uint8Array[]): readonly Uint8Array[] {
  if (ids.length < 2) return ids;
  return [...new Map(ids.map((id) => [bytesKey(id), id])).values()];
}
