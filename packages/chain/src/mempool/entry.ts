import { isBtm, type MappedTransaction } from "@bystack/butxo";

/** A transaction that waits for a block. */
export interface MempoolEntry {
  readonly mapped: MappedTransaction;
  /** Then only its BTM side takes effect. */
  readonly statusFailed: boolean;
  /** Neu. */
  readonly fee: bigint;
  readonly gasUsed: bigint;
  /** Height of the tip when it was validated. */
  readonly height: bigint;
  /** When it became complete, milliseconds since 1970. */
  readonly arrivedAtMs: number;
}

/** Does `a` pay less for a byte than `b`? Exact: the quotients are never made. */
export function paysLess(a: MempoolEntry, b: MempoolEntry): boolean {
  return a.fee * BigInt(sizeOf(b)) < b.fee * BigInt(sizeOf(a));
}

/** Bytes as received. */
export function sizeOf({ mapped }: Pick<MempoolEntry, "mapped">): number {
  return mapped.transaction.serializedSize;
}

/** Ids of the outputs that the transaction really makes spendable. */
export function createdOutputs({ mapped, statusFailed }: MempoolEntry): Uint8Array[] {
  return mapped.resultEntries
    .filter(
      ({ type, source }) =>
        type !== "retirement1" && (!statusFailed || isBtm(source.value.assetId)),
    )
    .map(({ id }) => id);
}

/** Ids of the outputs that the transaction really spends, each once. */
export function spentOutputs({ mapped, statusFailed }: MempoolEntry): readonly Uint8Array[] {
  if (!statusFailed) return mapped.spentOutputIds;
  const spends = new Set(mapped.inputEntries.filter((entry) => entry?.type === "spend1"));
  return [...spends]
    .filter(({ spentOutput }) => isBtm(spentOutput.source.value.assetId))
    .map(({ spentOutputId }) => spentOutputId);
}
