import { isBtm, type MappedTransaction } from "@bystack/butxo";

/** An output that a transaction spends. */
export interface SpentOutput {
  /** Output id, 32 bytes. */
  readonly id: Uint8Array;
  readonly isBtm: boolean;
}

/** What became of an output of a transaction. */
export interface TransactionResult {
  /** Output id, 32 bytes. */
  readonly id: Uint8Array;
  readonly isBtm: boolean;
  /** A retirement is never spent and therefore not remembered. */
  readonly isRetirement: boolean;
  /** Smallest units of the asset. */
  readonly amount: bigint;
}

/** What a transaction does to the outputs: all that its place among the others decides about. */
export interface OutputChanges {
  /** Transaction id, 32 bytes. */
  readonly id: Uint8Array;
  /** Each output once, in input order. */
  readonly spends: readonly SpentOutput[];
  /** In output order. */
  readonly results: readonly TransactionResult[];
}

export function outputChanges({
  id,
  inputEntries,
  resultEntries,
}: MappedTransaction): OutputChanges {
  const spends = new Set(inputEntries.filter((entry) => entry?.type === "spend1"));
  return {
    id,
    spends: Array.from(spends, ({ spentOutputId, spentOutput }) => ({
      id: spentOutputId,
      isBtm: isBtm(spentOutput.source.value.assetId),
    })),
    results: resultEntries.map((entry) => ({
      id: entry.id,
      isBtm: isBtm(entry.source.value.assetId),
      isRetirement: entry.type === "retirement1",
      amount: entry.source.value.amount,
    })),
  };
}
