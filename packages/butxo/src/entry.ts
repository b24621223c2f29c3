/**
 * The entry graph that a transaction stands for: what validation walks and what programs are run in.
 *
 * @see spec 10-ledger, section 4 "Entry model and identifiers"; spec 80-vapor, section 3.3
 */
import type { AssetAmount, Transaction } from "./transaction.ts";

/** Code for a virtual machine of some version. */
export interface Program {
  readonly vmVersion: bigint;
  readonly code: Uint8Array;
}

/** Where a value comes from: position `position` of entry `ref`. */
export interface ValueSource {
  /** Entry id, 32 bytes. */
  readonly ref: Uint8Array;
  readonly value: AssetAmount;
  readonly position: bigint;
}

/** Where a value goes to: position `position` of entry `ref`. */
export interface ValueDestination {
  /** Entry id, 32 bytes. */
  readonly ref: Uint8Array;
  /** Missing only when a coinbase stands behind an input of unknown asset version. */
  readonly value: AssetAmount | undefined;
  readonly position: bigint;
}

interface EntryBase {
  /** 32 bytes. */
  readonly id: Uint8Array;
}

interface InputEntryBase extends EntryBase {
  /** Index of the transaction input that owns the entry. */
  readonly ordinal: number;
  readonly destination: ValueDestination;
}

/** The root of the graph; its id is the transaction id. */
export interface HeaderEntry extends EntryBase {
  readonly type: "txheader";
  readonly version: bigint;
  readonly timeRange: bigint;
  readonly resultIds: readonly Uint8Array[];
  readonly serializedSize: number;
}

/** Where all inputs flow together and all outputs come from. */
export interface MuxEntry extends EntryBase {
  readonly type: "mux1";
  /** One a transaction input, in order; missing for an input of unknown asset version. */
  readonly sources: readonly (ValueSource | undefined)[];
  readonly program: Program;
  /** One a transaction output, in order. */
  readonly destinations: readonly ValueDestination[];
}

interface ResultEntryBase extends EntryBase {
  /** The mux of the transaction that makes it, and its index among the outputs there. */
  readonly source: ValueSource;
}

/** An unspent output to be; also the previous output of a spend. */
export interface OutputEntry extends ResultEntryBase {
  readonly type: "output1" | "intrachainoutput1";
  readonly program: Program;
}

/** Goes to the main chain. */
export interface CrossChainOutputEntry extends ResultEntryBase {
  readonly type: "crosschainoutput1";
  readonly program: Program;
}

/** An output that votes; also the previous output of a veto. */
export interface VoteOutputEntry extends ResultEntryBase {
  readonly type: "voteoutput1";
  readonly program: Program;
  readonly vote: Uint8Array;
}

/** Takes a value out of circulation. */
export interface RetirementEntry extends ResultEntryBase {
  readonly type: "retirement1";
}

/** What a transaction output becomes. */
export type ResultEntry = OutputEntry | CrossChainOutputEntry | VoteOutputEntry | RetirementEntry;

/** Spends an output. */
export interface SpendEntry extends InputEntryBase {
  readonly type: "spend1";
  readonly spentOutputId: Uint8Array;
  readonly spentOutput: OutputEntry;
  readonly arguments: readonly Uint8Array[];
}

/** Spends a vote output. */
export interface VetoEntry extends InputEntryBase {
  readonly type: "vetoInput1";
  readonly spentOutputId: Uint8Array;
  readonly spentOutput: VoteOutputEntry;
  readonly arguments: readonly Uint8Array[];
}

/** Claims an output of the main chain. */
export interface CrossChainInputEntry extends InputEntryBase {
  readonly type: "crosschaininput1";
  /** Id of an `intrachainoutput1` entry over the commitment: not the id that the output has on the main chain. */
  readonly mainchainOutputId: Uint8Array;
  readonly mainchainOutput: OutputEntry;
  readonly issuanceProgram: Program;
  /** Raw bytes; the id covers their SHA3. */
  readonly assetDefinition: Uint8Array;
  readonly arguments: readonly Uint8Array[];
}

/** Creates units of an asset. */
export interface IssuanceEntry extends InputEntryBase {
  readonly type: "issuance1";
  readonly nonceHash: Uint8Array;
  readonly value: AssetAmount;
  readonly issuanceProgram: Program;
  /** Raw bytes. */
  readonly assetDefinition: Uint8Array;
  readonly arguments: readonly Uint8Array[];
}

/** Brings in a block's reward. */
export interface CoinbaseEntry extends InputEntryBase {
  readonly type: "coinbase1";
  readonly arbitrary: Uint8Array;
}

/** What a transaction input becomes. */
export type InputEntry =
  | SpendEntry
  | VetoEntry
  | CrossChainInputEntry
  | IssuanceEntry
  | CoinbaseEntry;

/** Any entry. */
export type Entry = HeaderEntry | MuxEntry | ResultEntry | InputEntry;

/** A transaction as its graph of entries. */
export interface MappedTransaction {
  readonly transaction: Transaction;
  /** Transaction id, 32 bytes. */
  readonly id: Uint8Array;
  readonly header: HeaderEntry;
  readonly muxId: Uint8Array;
  readonly mux: MuxEntry;
  /**
   * Entry of each transaction input; missing for an unknown asset version. Inputs that give the same entry
   * share one, owned (`ordinal`, `destination`) by the last of them.
   */
  readonly inputEntries: readonly (InputEntry | undefined)[];
  /** Id of the entry that input i owns; all zero when it owns none. */
  readonly inputIds: readonly Uint8Array[];
  /** Entry of each transaction output. */
  readonly resultEntries: readonly ResultEntry[];
  /** Id of each transaction output. */
  readonly resultIds: readonly Uint8Array[];
  /** What spends and vetoes consume, without duplicates, in the order of the inputs. */
  readonly spentOutputIds: readonly Uint8Array[];
  /** Outputs of the main chain that are claimed, without duplicates, in input order (side chain only). */
  readonly mainchainOutputIds: readonly Uint8Array[];
  /** Inputs that may pay gas (BTM) and coinbases, without duplicates, in input order. */
  readonly gasInputIds: readonly Uint8Array[];
}
