/**
 * The envelope around each message between two nodes.
 *
 * `"BBF1" || u16 sender || u16 receiver || u64 seq || u8 type || u32 length || payload ||
 * signature(64)`; the signature is 64 zero bytes where the link authenticates its peer.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import { ascii, concat, Reader, sameBytes, u16, u32, u64 } from "./bytes.ts";
import { MESSAGE_TYPE } from "./core/message.ts";
import { BbftError } from "./error.ts";
import { MAX_BLOCK_PAYLOAD } from "./proposal.ts";

/** Any receiver. */
export const ANY_RECEIVER = 0xffff;

export interface Envelope {
  readonly sender: number;
  readonly receiver: number;
  readonly seq: bigint;
  /** Type byte and payload, as `encodeMessage` gives them. */
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const MAGIC = "BBF1";

export function encodeEnvelope(envelope: Envelope): Uint8Array {
  const { sender, receiver, seq, message, signature } = envelope;
  return concat(
    ascii(MAGIC),
    u16(sender),
    u16(receiver),
    u64(seq),
    message.subarray(0, 1),
    u32(message.length - 1),
    message.subarray(1),
    signature,
  );
}

/** @throws {@link BbftError} `kind` | `length` | `limit` */
export function decodeEnvelope(bytes: Uint8Array): Envelope {
  const reader = new Reader(bytes);
  if (!sameBytes(reader.take(4), ascii(MAGIC))) throw new BbftError("kind");
  const [sender, receiver, seq] = [reader.u16(), reader.u16(), reader.u64()];
  const type = reader.take(1);
  const payload = reader.blob(MAX_BLOCK_PAYLOAD);
  const signature = reader.take(64);
  reader.finish();
  return { sender, receiver, seq, message: concat(type, payload), signature };
}

/** Types whose envelope is signed on every link, because it may have to serve as evidence. */
export function needsSignature(type: number): boolean {
  return (
    type === MESSAGE_TYPE.aggregate ||
    type === MESSAGE_TYPE.attach ||
    type === MESSAGE_TYPE["latency-report"]
  );
}
