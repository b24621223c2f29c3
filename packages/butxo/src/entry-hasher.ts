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

const HASH_LENGTH = 32;
/** A buffer that grew beyond this is not kept, bytes. */
const KEPT_CAPACITY = 65_536;

/**
 * Buffers for the thread, made at the first use: new ones for each transaction cost a sixth of all hashing.
 * Nothing outlives a call, so nobody sees what another wrote.
 */
const kept: { entry?: EntryHasher; mux?: EntryHasher } = {};
const messages = new Map<EntryName, Uint8Array>();

/**
 * An empty hasher; good until the next call of this function for the same use.
 *
 * @param use `mux` for what is collected while other entries are hashed
 */
export function entryHasher(use: "entry" | "mux" = "entry"): EntryHasher {
  const known = kept[use];
  if (known !== undefined && known.capacity <= KEPT_CAPACITY) return known.clear();
  const hasher = new EntryHasher(1024);
  kept[use] = hasher;
  return hasher;
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
    this.clear();
    const message = messageOf(name);
    message.set(body, message.length - body.length);
    return sha3(message);
  }
}

/** `entryid:<name>:` and room for the hash of a body. */
function messageOf(name: EntryName): Uint8Array {
  const known = messages.get(name);
  if (known !== undefined) return known;
  const prefix = `entryid:${name}:`;
  const message = new Uint8Array(prefix.length + HASH_LENGTH);
  for (let i = 0; i < prefix.length; i++) message[i] = prefix.charCodeAt(i);
  messages.set(name, message);
  return message;
}
