import type { InputType, OutputType } from "./transaction.ts";

/**
 * What one of the two chains allows on the wire and how it writes it. Everything else is shared:
 * there is one codec, which reads these facts.
 */
export interface Dialect {
  readonly name: "bytom" | "vapor";
  /** Input types; the index is the type byte. */
  readonly inputTypes: readonly InputType[];
  /** Output types; the index is the type byte. Without types, an output is a bare commitment. */
  readonly outputTypes: readonly OutputType[] | undefined;
  /** Are inputs and outputs of an asset version other than 1 kept as opaque bytes, or refused? */
  readonly keepsUnknownAssetVersions: boolean;
  /** What a block header carries as proof that it may stand. */
  readonly seal: "proof-of-work" | "witnesses";
  /** May transactions be encoded without a header (flag 2)? */
  readonly hasBareTransactions: boolean;
  /** Unit of block timestamps. */
  readonly timestampUnit: "seconds" | "milliseconds";
  /** Type name of an ordinary output in its entry id. */
  readonly outputEntryName: "output1" | "intrachainoutput1";
  /** What a coinbase brings in: the value of output 0, or BTM to the sum of all output amounts. */
  readonly coinbaseValue: "first-output" | "output-sum";
}

/**
 * The main chain, proof of work.
 *
 * @see spec 10-ledger, sections 2 and 3
 */
export const bytom: Dialect = /* @__PURE__ */ Object.freeze<Dialect>({
  name: "bytom",
  inputTypes: /* @__PURE__ */ Object.freeze(["issuance", "spend", "coinbase"] as const),
  outputTypes: undefined,
  keepsUnknownAssetVersions: true,
  seal: "proof-of-work",
  hasBareTransactions: false,
  timestampUnit: "seconds",
  outputEntryName: "output1",
  coinbaseValue: "first-output",
});

/**
 * The side chain, delegated proof of stake.
 *
 * @see spec 80-vapor, sections 2 and 3
 */
export const vapor: Dialect = /* @__PURE__ */ Object.freeze<Dialect>({
  name: "vapor",
  inputTypes: /* @__PURE__ */ Object.freeze([
    "cross-chain-in",
    "spend",
    "coinbase",
    "veto",
  ] as const),
  outputTypes: /* @__PURE__ */ Object.freeze(["output", "cross-chain-out", "vote"] as const),
  keepsUnknownAssetVersions: false,
  seal: "witnesses",
  hasBareTransactions: true,
  timestampUnit: "milliseconds",
  outputEntryName: "intrachainoutput1",
  coinbaseValue: "output-sum",
});
