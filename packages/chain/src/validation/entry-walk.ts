import type {
  CoinbaseEntry,
  GasRules,
  InputEntry,
  IssuanceEntry,
  MappedTransaction,
  MuxEntry,
  ResultEntry,
  SpendEntry,
  ValueSource,
} from "@bystack/butxo";
import { assetId, btmAssetId, equalBytes, idKey, isBtm } from "@bystack/butxo";
import { ChainError } from "../error.ts";
import type { GasMeter } from "./gas.ts";
import type { ProgramRunner } from "./program.ts";

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const BTM_KEY = /* @__PURE__ */ idKey(/* @__PURE__ */ btmAssetId());

/** What the walk needs to know of the block, and how programs are run. */
export interface WalkContext {
  /** Is this the transaction at index 0 of the block under validation? */
  readonly isFirstInBlock: boolean;
  readonly blockHeight: bigint;
  readonly params: GasRules;
  readonly runProgram: ProgramRunner;
}

/**
 * Judges a transaction's entries depth first from its header. Each entry is judged once; the order
 * decides both the gas figures and which of several errors is seen.
 *
 * Links between entries hold by construction, except where inputs are duplicated or a coinbase
 * stands in the wrong place; only those are checked here.
 *
 * @see spec 10-ledger, sections 7.2 to 7.4
 */
export class EntryWalk {
  private readonly mapped: MappedTransaction;
  private readonly gas: GasMeter;
  private readonly context: WalkContext;
  /** The verdict of each input entry already judged: undefined = good. */
  private readonly judged = new Map<InputEntry, ChainError | undefined>();

  constructor(mapped: MappedTransaction, gas: GasMeter, context: WalkContext) {
    this.mapped = mapped;
    this.gas = gas;
    this.context = context;
  }

  /** @throws {@link ChainError} the first error of the walk */
  checkTransaction(): void {
    const { mapped } = this;
    // Every result leads to the one mux, which is judged once: with the first result.
    if (mapped.resultEntries.length > 0) this.checkMux(mapped.mux);
    else if (mapped.transaction.version === 1n) throw new ChainError("empty-results");
  }

  private checkMux(mux: MuxEntry): void {
    const remainders = this.balance(mux);
    for (const [asset, remainder] of remainders) {
      if (asset === BTM_KEY) this.gas.setGas(remainder, this.mapped.transaction.serializedSize);
      else if (remainder !== 0n) throw new ChainError("unbalanced");
    }
    for (const entry of this.mapped.inputEntries)
      if (entry !== undefined && paysGas(entry)) this.checkInput(entry);
    for (const [position, result] of this.mapped.resultEntries.entries())
      this.checkResultLink(mux, result, position);
    this.gas.setGasValid();
    for (const [position, source] of mux.sources.entries()) this.checkSource(mux, source, position);
  }

  /** What the inputs of each asset leave over the outputs. */
  private balance(mux: MuxEntry): Map<string, bigint> {
    const sums = new Map<string, bigint>();
    for (const source of mux.sources) {
      if (source === undefined) throw new ChainError("missing-entry");
      const { assetId: asset, amount } = source.value;
      const key = assetKey(asset);
      const sum = (sums.get(key) ?? 0n) + amount;
      if (amount > MAX_INT64 || sum > MAX_INT64) throw new ChainError("overflow");
      sums.set(key, sum);
    }
    for (const { value } of mux.destinations) {
      if (value === undefined) throw new ChainError("missing-entry");
      const key = assetKey(value.assetId);
      const sum = sums.get(key);
      if (sum === undefined) throw new ChainError("no-source");
      if (value.amount > MAX_INT64 || sum - value.amount < MIN_INT64)
        throw new ChainError("overflow");
      sums.set(key, sum - value.amount);
    }
    return sums;
  }

  /** A mux source must name a good entry whose destination points back at it. */
  private checkSource(mux: MuxEntry, source: ValueSource | undefined, position: number): void {
    const entry = this.mapped.inputEntries[position];
    if (source === undefined || entry === undefined) throw new ChainError("missing-entry");
    this.checkInput(entry);
    if (source.position !== 0n) throw new ChainError("position", { inputIndex: position });
    const { destination } = entry;
    if (!equalBytes(destination.ref, mux.id))
      throw new ChainError("mismatched-reference", { inputIndex: position });
    if (destination.position !== BigInt(position))
      throw new ChainError("mismatched-position", { inputIndex: position });
    if (destination.value === undefined || !equalValues(destination.value, source.value))
      throw new ChainError("mismatched-value", { inputIndex: position });
  }

  private checkInput(entry: InputEntry): void {
    if (!this.judged.has(entry)) this.judged.set(entry, this.judge(entry));
    const error = this.judged.get(entry);
    if (error !== undefined) throw error;
  }

  private judge(entry: InputEntry): ChainError | undefined {
    try {
      if (entry.type === "spend1") this.checkSpend(entry);
      else if (entry.type === "issuance1") this.checkIssuance(entry);
      else if (entry.type === "coinbase1") this.checkCoinbase(entry);
      else throw new ChainError("missing-entry", { detail: `${entry.type} is of the side chain` });
      return undefined;
    } catch (error) {
      if (error instanceof ChainError) return error;
      throw error;
    }
  }

  private checkSpend(entry: SpendEntry): void {
    this.run(entry);
    const { value } = entry.spentOutput.source;
    const { destination } = entry;
    if (destination.value === undefined || !equalValues(value, destination.value))
      throw new ChainError("mismatched-value", { inputIndex: entry.ordinal });
    this.checkDestination(entry);
  }

  private checkIssuance(entry: IssuanceEntry): void {
    const { assetDefinition, issuanceProgram, value } = entry;
    const computed = assetId(issuanceProgram.code, assetDefinition, issuanceProgram.vmVersion);
    if (!equalBytes(computed, value.assetId))
      throw new ChainError("mismatched-asset-id", { inputIndex: entry.ordinal });
    this.run(entry);
    this.checkDestination(entry);
  }

  private checkCoinbase(entry: CoinbaseEntry): void {
    if (!this.context.isFirstInBlock)
      throw new ChainError("wrong-coinbase-transaction", { inputIndex: entry.ordinal });
    const { value } = entry.destination;
    if (value === undefined || !isBtm(value.assetId))
      throw new ChainError("wrong-coinbase-asset", { inputIndex: entry.ordinal });
    if (entry.arbitrary.length > this.context.params.maxCoinbaseArbitrary)
      throw new ChainError("coinbase-arbitrary-oversize", { inputIndex: entry.ordinal });
    this.checkDestination(entry);
    this.gas.waiveStorage();
  }

  private run(entry: SpendEntry | IssuanceEntry): void {
    const { runProgram, blockHeight } = this.context;
    this.gas.updateUsage(runProgram(this.mapped, entry, blockHeight, this.gas.gasLeft));
  }

  /** Where an input's value goes must be a source of the mux that points back at the input. */
  private checkDestination(entry: InputEntry): void {
    const { destination, ordinal } = entry;
    const source = this.mapped.mux.sources[Number(destination.position)];
    if (!equalBytes(destination.ref, this.mapped.mux.id))
      throw new ChainError("missing-entry", { inputIndex: ordinal });
    if (source === undefined) throw new ChainError("position", { inputIndex: ordinal });
    if (!equalBytes(source.ref, entry.id))
      throw new ChainError("mismatched-reference", { inputIndex: ordinal });
    if (source.position !== 0n)
      throw new ChainError("mismatched-position", { inputIndex: ordinal });
    if (destination.value === undefined || !equalValues(source.value, destination.value))
      throw new ChainError("mismatched-value", { inputIndex: ordinal });
  }

  private checkResultLink(mux: MuxEntry, result: ResultEntry, position: number): void {
    const { source } = result;
    if (!equalBytes(source.ref, mux.id)) throw new ChainError("mismatched-reference");
    if (source.position !== BigInt(position)) throw new ChainError("mismatched-position");
    const destination = mux.destinations[position];
    if (destination?.value === undefined || !equalValues(source.value, destination.value))
      throw new ChainError("mismatched-value");
  }
}

/** Nearly every value is BTM, and that is told faster than a key is made. */
function assetKey(asset: Uint8Array): string {
  return isBtm(asset) ? BTM_KEY : idKey(asset);
}

/** BTM inputs and coinbases run before all others: they decide whether gas is paid. */
function paysGas(entry: InputEntry): boolean {
  if (entry.type === "coinbase1") return true;
  return entry.type === "spend1" && isBtm(entry.spentOutput.source.value.assetId);
}

function equalValues(
  a: { assetId: Uint8Array; amount: bigint },
  b: { assetId: Uint8Array; amount: bigint },
): boolean {
  return a.amount === b.amount && equalBytes(a.assetId, b.assetId);
}
