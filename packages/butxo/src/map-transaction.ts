/**
 * A transaction as its graph of entries.
 *
 * @see spec 10-ledger, section 4.2 "Mapping a transaction"; spec 80-vapor, section 3.3
 */
import { isBtm } from "./asset.ts";
import { equalBytes } from "./bytes.ts";
import type {
  Entry,
  InputEntry,
  MappedTransaction,
  ResultEntry,
  ValueDestination,
  ValueSource,
} from "./entry.ts";
import { idKey } from "./id-key.ts";
import { amountOf, mapInput, mapOutput } from "./map-entry.ts";
import { OwnTransaction } from "./own-transaction.ts";
import type { AssetAmount, Input, Transaction } from "./transaction.ts";
import { coinbaseValue, inputValue, MUX_PROGRAM, outputValue } from "./transaction-ids.ts";

const HASH_LENGTH = 32;
/** So few inputs are compared one by one: a map with text keys costs more. */
const FEW = 8;

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
  // Copies: the caller may do with them what it likes, the kept ids stay as they are.
  const ids = OwnTransaction.idsOf(transaction);
  const id = ids.id();
  const muxId = ids.muxId();
  const resultIds = ids.resultIds();
  const entryIds = inputs.map(({ type }, i) => (type === "unknown" ? undefined : ids.entryId(i)));
  const nothing = new Nothing();

  const coinbase = coinbaseValue(transaction, nothing);
  const sources = inputs.map((input, i) => sourceOf(input, coinbase, entryIds[i]));
  const owners = ownersOf(entryIds);
  const inputEntries: (InputEntry | undefined)[] = inputs.map(() => undefined);
  for (let i = inputs.length - 1; i >= 0; i--) {
    const input = inputs[i];
    const owner = owners[i];
    const entryId = entryIds[i];
    if (entryId === undefined || owner === undefined) continue;
    if (input === undefined || input.type === "unknown") continue;
    // The last input with an entry owns it, so it has been mapped before the others.
    inputEntries[i] =
      owner === i
        ? mapInput(input, {
            id: entryId,
            ref: input.type === "coinbase" ? entryId : ids.ref(i),
            ordinal: ordinalOf(input, i),
            destination: destinationOf(input, i, muxId, sources),
            outputEntryName: dialect.outputEntryName,
          })
        : inputEntries[owner];
  }
  const resultEntries = outputs.map((output, j) =>
    mapOutput(
      output,
      resultIds[j] ?? id,
      { ref: muxId, value: amountOf(outputValue(output, nothing)), position: BigInt(j) },
      dialect.outputEntryName,
    ),
  );
  const distinct = distinctEntries(inputEntries, owners);
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
  const add = (entry: Entry): void => void entries.set(idKey(entry.id), entry);
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

/** No units of no asset, in bytes that are one transaction's own; made when they are needed. */
class Nothing implements AssetAmount {
  readonly amount = 0n;
  #assetId: Uint8Array | undefined;

  get assetId(): Uint8Array {
    this.#assetId ??= new Uint8Array(HASH_LENGTH);
    return this.#assetId;
  }
}

function sourceOf(
  input: Input,
  coinbase: AssetAmount,
  ref: Uint8Array | undefined,
): ValueSource | undefined {
  if (ref === undefined || input.type === "unknown") return undefined;
  return { ref, value: amountOf(inputValue(input, coinbase)), position: 0n };
}

/** For each input, the last input that gives the same entry; itself when it has none. */
function ownersOf(entryIds: readonly (Uint8Array | undefined)[]): number[] {
  if (entryIds.length === 1) return [0];
  if (entryIds.length <= FEW) return entryIds.map((_, i) => lastEqual(entryIds, i));
  const last = new Map<string, number>();
  const keys = entryIds.map((entryId, i) => {
    if (entryId === undefined) return undefined;
    const key = idKey(entryId);
    last.set(key, i);
    return key;
  });
  return keys.map((key, i) => (key === undefined ? i : (last.get(key) ?? i)));
}

function lastEqual(entryIds: readonly (Uint8Array | undefined)[], index: number): number {
  const entryId = entryIds[index];
  for (let i = entryIds.length - 1; i > index; i--) {
    const other = entryIds[i];
    if (entryId !== undefined && other !== undefined && equalBytes(entryId, other)) return i;
  }
  return index;
}

/** Each entry once, where its first input stands. */
function distinctEntries(
  entries: readonly (InputEntry | undefined)[],
  owners: readonly number[],
): InputEntry[] {
  const [only] = entries;
  if (entries.length === 1) return only === undefined ? [] : [only];
  const isListed = new Uint8Array(entries.length);
  const distinct: InputEntry[] = [];
  entries.forEach((entry, i) => {
    const owner = owners[i] ?? i;
    if (entry === undefined || isListed[owner] === 1) return;
    isListed[owner] = 1;
    distinct.push(entry);
  });
  return distinct;
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
  let zero: Uint8Array | undefined;
  return inputIds.map((id) => {
    if (id !== undefined) return id;
    zero ??= new Uint8Array(HASH_LENGTH);
    return zero;
  });
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
  return [...new Map(ids.map((id) => [idKey(id), id])).values()];
}
