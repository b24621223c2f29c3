/**
 * Records of the write-ahead log as bytes.
 *
 * On disk a record is `u32 crc32c || u32 length || u64 time || u8 type || payload`; length counts
 * what follows it, the checksum covers everything after itself.
 *
 * @see spec 90-bbft, section 15 "Durability", item 3
 */
import { blob, concat, empty, Reader, u8, u32, u64 } from "../bytes.ts";
import { decodeCommitProof, encodeCommitProof } from "../certificate.ts";
import type { EpochContext } from "../core/epoch-context.ts";
import type { SignState, SignStep, WalRecord } from "../core/events.ts";
import { SIGN_STEP } from "../core/events.ts";
import { type DecodeContext, decodeMessage, encodeMessage } from "../core/message-codec.ts";
import { BbftError } from "../error.ts";
import { encodeParameters, type Parameters, readParameters } from "../parameters.ts";
import { SIGN_KIND, type SignKind } from "../signing.ts";
import type { WalEntry } from "./interfaces.ts";

/**
 * Type 2 (timer fired) is reserved: restoring works from what was signed, not from a replay. Type 6
 * was a forest without parameters.
 */
export const WAL_TYPE = {
  message: 1,
  "sign-state": 3,
  decided: 4,
  "end-height": 5,
  epoch: 7,
  complete: 8,
} as const;

/** Longest record, bytes: a proposal with its block. */
const MAX_RECORD: number = 9 * 1024 * 1024;

const FRAME = 17;

const TABLE: Uint32Array = /* @__PURE__ */ Uint32Array.from({ length: 256 }, (_, byte) => {
  let word = byte;
  for (let bit = 0; bit < 8; bit++) word = word & 1 ? (word >>> 1) ^ 0x82f63b78 : word >>> 1;
  return word >>> 0;
});

/** CRC-32C (Castagnoli). */
export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** @throws {@link BbftError} `wal` when nobody could read the record again, for its length */
export function encodeFrame({ type, payload }: WalEntry, timeMs: number): Uint8Array {
  if (payload.length + 9 > MAX_RECORD)
    throw new BbftError("wal", { found: payload.length + 9, expected: MAX_RECORD });
  const body = concat(u32(payload.length + 9), u64(BigInt(timeMs)), u8(type), payload);
  return concat(u32(crc32c(body)), body);
}

/**
 * Reads frames until the first that is cut off or damaged.
 *
 * @returns the entries, and how many bytes of the input are sound
 */
export function decodeFrames(bytes: Uint8Array): { entries: WalEntry[]; soundLength: number } {
  const entries: WalEntry[] = [];
  let at = 0;
  for (let length = frameAt(bytes, at); length > 0; length = frameAt(bytes, at)) {
    const type = bytes[at + FRAME - 1] ?? 0;
    entries.push({ type, payload: bytes.slice(at + FRAME, at + length) });
    at += length;
  }
  return { entries, soundLength: at };
}

/** Length of the sound frame at an offset, bytes; 0 when there is none. */
function frameAt(bytes: Uint8Array, at: number): number {
  const end = claimedEnd(bytes, at);
  if (end === 0) return 0;
  const checksum = new Reader(bytes.subarray(at, at + 4)).u32();
  return crc32c(bytes.subarray(at + 4, end)) === checksum ? end - at : 0;
}

/** Where a frame would end by what its length says; 0 when none can be there. */
function claimedEnd(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < FRAME) return 0;
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at + 4, at + 8);
  const length = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  const isPossible = length >= FRAME - 8 && length <= MAX_RECORD && length <= bytes.length - at - 8;
  return isPossible ? at + 8 + length : 0;
}

/** Bytes of claimed frames that are worth a checksum each; with more the answer is the cautious one. */
const MAX_CHECKED = 64 * 1024 * 1024;

/**
 * Is there a sound frame behind the first damaged one? Then the damage is no torn end of the last
 * write, and records that were flushed may be lost.
 *
 * @param soundLength where the damage begins
 */
export function hasFrameBehind(bytes: Uint8Array, soundLength: number): boolean {
  let checked = 0;
  for (let at = soundLength + 1; at + FRAME <= bytes.length; at++) {
    const end = claimedEnd(bytes, at);
    if (end === 0) continue;
    checked += end - at;
    if (checked > MAX_CHECKED || frameAt(bytes, at) > 0) return true;
  }
  return false;
}

/** A record of the core as an entry. */
export function encodeWalRecord(record: WalRecord): WalEntry {
  const type = WAL_TYPE[record.type];
  switch (record.type) {
    case "message":
      return { type, payload: encodeMessage(record.message) };
    case "sign-state": {
      const { kind, height, view, step, bytes, signature } = record.state;
      const message = encodeMessage(record.message);
      const head = concat(u64(height), u32(view), u8(step), u8(kind));
      return { type, payload: concat(head, blob(bytes), blob(signature), blob(message)) };
    }
    case "decided":
    case "end-height":
      return { type, payload: concat(u64(record.height), encodeCommitProof(record.proof)) };
    case "complete":
      return { type, payload: empty() };
    default:
      return record satisfies never;
  }
}

/** The height that an entry ended; undefined for every other entry. */
export function endedHeight({ type, payload }: WalEntry): bigint | undefined {
  return type === WAL_TYPE["end-height"] ? new Reader(payload).u64() : undefined;
}

/** Does an entry say that the log holds everything signed from there on? */
export function isCompleteMark({ type }: WalEntry): boolean {
  return type === WAL_TYPE.complete;
}

/** What is in force from an epoch on. */
export interface EpochRecord {
  readonly epoch: bigint;
  readonly parameters: Parameters;
  /** The forest. */
  readonly parent: readonly number[];
}

/**
 * An epoch as an entry. An adaptive choice of gateways depends on the one before, and parameters on
 * all epochs before, so a node that returns must not work them out from less.
 */
export function encodeEpoch({
  epoch,
  parameters,
  topology,
}: Pick<EpochContext, "epoch" | "parameters" | "topology">): WalEntry {
  const parents = topology.parent.map((above) => u32(above + 1));
  const payload = concat(u64(epoch), blob(encodeParameters(parameters)), ...parents);
  return { type: WAL_TYPE.epoch, payload };
}

/**
 * The epoch of an epoch entry; undefined for every other entry.
 *
 * @throws {@link BbftError} `wal` when it is not whole
 */
export function epochOfEntry({ type, payload }: WalEntry): EpochRecord | undefined {
  if (type !== WAL_TYPE.epoch) return undefined;
  try {
    const reader = new Reader(payload);
    const epoch = reader.u64();
    const parameters = readParameters(reader.blob(MAX_RECORD));
    const parent: number[] = [];
    while (reader.left > 0) parent.push(reader.u32() - 1);
    return { epoch, parameters, parent };
  } catch (cause) {
    if (cause instanceof BbftError) throw new BbftError("wal", { found: type }, { cause });
    throw cause;
  }
}

/** The signature state of an entry, without needing a validator set; undefined for others. */
export function signStateOf({ type, payload }: WalEntry): SignState | undefined {
  if (type !== WAL_TYPE["sign-state"]) return undefined;
  return readSignState(new Reader(payload));
}

function readSignState(reader: Reader): SignState {
  const [height, view] = [reader.u64(), reader.u32()];
  const [step, kind] = [reader.u8(), reader.u8()];
  const knownStep: SignStep | undefined = Object.values(SIGN_STEP).find((one) => one === step);
  const knownKind: SignKind | undefined = Object.values(SIGN_KIND).find((one) => one === kind);
  if (knownStep === undefined || knownKind === undefined) throw new BbftError("wal", { height });
  const bytes = reader.blob(MAX_RECORD);
  const signature = reader.blob(MAX_RECORD);
  return { kind: knownKind, height, view, step: knownStep, bytes, signature };
}

/**
 * Reads an entry back.
 *
 * @throws {@link BbftError} `wal` when it is no record of ours
 */
export function decodeWalRecord({ type, payload }: WalEntry, context: DecodeContext): WalRecord {
  try {
    const reader = new Reader(payload);
    switch (type) {
      case WAL_TYPE.message:
        return { type: "message", message: decodeMessage(payload, context) };
      case WAL_TYPE["sign-state"]: {
        const state = readSignState(reader);
        const message = decodeMessage(reader.blob(MAX_RECORD), context);
        return { type: "sign-state", state, message };
      }
      case WAL_TYPE.decided:
      case WAL_TYPE["end-height"]: {
        const height = reader.u64();
        const proof = decodeCommitProof(reader.rest(), context.electorate, context.scheme);
        return { type: type === WAL_TYPE.decided ? "decided" : "end-height", height, proof };
      }
      case WAL_TYPE.complete:
        return { type: "complete" };
      default:
        throw new BbftError("kind", { found: type });
    }
  } catch (cause) {
    if (cause instanceof BbftError) throw new BbftError("wal", { found: type }, { cause });
    throw cause;
  }
}
