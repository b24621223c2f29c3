/**
 * Entry ids: `SHA3("entryid:" name ":" SHA3(body))`.
 *
 * @see spec 10-ledger, section 4.1 "Entry id"
 */
import { sha3 } from "@bystack/crypto";
import type { AssetAmount } from "./transaction.ts";
import { Writer } from "./writer.ts";

/** Type names that go into entry ids. */
export type EntryName =
  | "txheader"
  | "blockheader"
  | "mux1"
  | "output1"
  | "intrachainoutput1"
  | "crosschainoutput1"
  | "voteoutput1"
  | "retirement1"
  | "spend1"
  | "vetoInput1"
  | "crosschaininput1"
  | "issuance1"
  | "coinbase1";

/** A buffer that grew beyond this is not kept, bytes. */
const KEPT_CAPACITY = 65_536;

/**
 * One buffer for the thread, made at the first use: a new one for each transaction costs a sixth of all hashing.
 * Nothing outlives a call, so nobody sees what another wrote.
 */
let kept: EntryHasher | undefined;

/** An empty hasher; good until the next call of this function. */
export function entryHasher(): EntryHasher {
  if (kept === undefined || kept.capacity > KEPT_CAPACITY) kept = new EntryHasher(1024);
  return kept.clear();
}

/** Collects an entry's body, gives its id, and starts again. */
export class EntryHasher extends Writer {
  /** A `ValueSource`. */
  source(ref: Uint8Array, value: AssetAmount, position: bigint): this {
    return this.raw(ref).raw(value.assetId).u64(value.amount).u64(position);
  }

  /** A `Program`. */
  program(vmVersion: bigint, code: Uint8Array): this {
    return this.u64(vmVersion).varstr31(code);
  }

  /** The id of an entry with the body that was written since the last id. */
  entryId(name: EntryName): Uint8Array {
    const body = sha3(this.view());
    this.clear().ascii("entryid:").ascii(name).ascii(":").raw(body);
    const id = sha3(this.view());
    this.clear();
    return id;
  }

  ascii(text: string): this {
    for (let i = 0; i < text.length; i++) this.byte(text.charCodeAt(i));
    return this;
  }
}
