/**
 * The bytes that are signed. Chain and kind are inside every message, so nothing can be replayed
 * across chains, phases, or between a vote and a timeout. A vote does not name its signer: all
 * signers of a phase sign the same message, which is what makes their signatures one.
 *
 * @see spec 90-bbft, section 4 "Identifiers, hashing and signing bytes"
 */
import { sha3_256 } from "@noble/hashes/sha3.js";
import { ascii, concat, u8, u16, u32, u64 } from "./bytes.ts";
import { TAG } from "./validator-set.ts";

/** What a signature is for. */
export const SIGN_KIND = {
  PREPARE: 1,
  COMMIT: 2,
  TIMEOUT: 3,
  PROPOSAL: 4,
  ENVELOPE: 5,
  LATENCY: 6,
  HELLO: 7,
  COMPLAINT: 8,
} as const;

export type SignKind = (typeof SIGN_KIND)[keyof typeof SIGN_KIND];

/** The two voting phases. */
export type VoteKind = typeof SIGN_KIND.PREPARE | typeof SIGN_KIND.COMMIT;

export const PREPARE: typeof SIGN_KIND.PREPARE = SIGN_KIND.PREPARE;
export const COMMIT: typeof SIGN_KIND.COMMIT = SIGN_KIND.COMMIT;

/** SHA3-256, the only hash of the protocol. */
export function hash(bytes: Uint8Array): Uint8Array {
  return sha3_256(bytes);
}

/** What is voted on: the application's block together with the engine's own data. 32 bytes. */
export function valueIdOf(appBlockId: Uint8Array, engineHash: Uint8Array): Uint8Array {
  return sha3_256(concat(ascii(`${TAG}/value`), appBlockId, engineHash));
}

/** `TAG || u8 kind || chainId || body`. */
export function signBytes(kind: SignKind, chainId: Uint8Array, body: Uint8Array): Uint8Array {
  return concat(ascii(TAG), u8(kind), chainId, body);
}

/** Where in the protocol a vote stands. */
export interface Position {
  readonly epoch: bigint;
  readonly height: bigint;
  readonly view: number;
}

/** Bytes of a PREPARE or COMMIT vote, 116 in all. */
export function voteBytes(
  kind: VoteKind,
  chainId: Uint8Array,
  { epoch, height, view }: Position,
  valueId: Uint8Array,
): Uint8Array {
  return signBytes(kind, chainId, concat(u64(epoch), u64(height), u32(view), valueId));
}

/**
 * Bytes of a TIMEOUT.
 *
 * @param qcViewPlus1 view of the highest prepare certificate of this height plus 1; 0 for none
 */
export function timeoutBytes(
  chainId: Uint8Array,
  { epoch, height, view }: Position,
  qcViewPlus1: number,
): Uint8Array {
  const body = concat(u64(epoch), u64(height), u32(view), u32(qcViewPlus1));
  return signBytes(SIGN_KIND.TIMEOUT, chainId, body);
}

/**
 * Bytes that a leader signs with its identity key.
 *
 * @param timeoutCertificate the encoded certificate that justifies the view; empty in view 0
 */
export function proposalBytes(
  chainId: Uint8Array,
  { epoch, height, view }: Position,
  valueId: Uint8Array,
  timeoutCertificate: Uint8Array,
): Uint8Array {
  const body = concat(u64(epoch), u64(height), u32(view), valueId, hash(timeoutCertificate));
  return signBytes(SIGN_KIND.PROPOSAL, chainId, body);
}

/**
 * Bytes of a signed envelope.
 *
 * @param payloadHash where the same payload goes to many: its hash, computed once
 */
export function envelopeBytes(
  chainId: Uint8Array,
  envelope: {
    readonly sender: number;
    readonly receiver: number;
    readonly seq: bigint;
    readonly type: number;
    readonly payload: Uint8Array;
  },
  payloadHash: Uint8Array = hash(envelope.payload),
): Uint8Array {
  const { sender, receiver, seq, type } = envelope;
  const body = concat(u16(sender), u16(receiver), u64(seq), u8(type), payloadHash);
  return signBytes(SIGN_KIND.ENVELOPE, chainId, body);
}
