/**
 * Envelopes that arrive: from whom, for whom, sound, and not seen before.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import { keyOf } from "../bytes.ts";
import type { Event } from "../core/events.ts";
import { decodeMessage } from "../core/message-codec.ts";
import { decodeEnvelope, type Envelope, needsSignature } from "../envelope.ts";
import { BbftError } from "../error.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { envelopeBytes } from "../signing.ts";
import { indexIn, type Peers } from "./peers.ts";

export interface InboxOptions {
  readonly chainId: Uint8Array;
  readonly identity: Pick<SignatureScheme, "verify">;
  /** Does the transport protect what it carries? */
  readonly isAuthenticated: boolean;
}

export class Inbox {
  readonly #options: InboxOptions;
  readonly #peers: Peers;
  readonly #lastSeq: Map<string, bigint> = new Map();

  constructor(options: InboxOptions, peers: Peers) {
    this.#options = options;
    this.#peers = peers;
  }

  /**
   * Opens an envelope.
   *
   * @param from identity key of the peer that brought it
   * @returns undefined when it is for somebody else; "ahead" when its indexes are of an epoch that
   *   is not reached yet
   * @throws {@link BbftError} when the envelope or the message is not one of ours
   */
  open(from: Uint8Array, bytes: Uint8Array): Event | "ahead" | undefined {
    const envelope = decodeEnvelope(bytes);
    const { sender, receiver, message } = envelope;
    const context = this.#peers.contextOf(message);
    const index = indexIn(context, from);
    if (index < 0) return undefined;
    const isForUs = receiver === this.#peers.ownIndexIn(context) && index === sender;
    if (!isForUs && !this.#peers.isAhead(message)) return undefined;
    this.#authenticate(from, index, envelope);
    if (!isForUs) return "ahead";
    const decoded = decodeMessage(message, context);
    return {
      ...{ type: "message", from: index, message: decoded },
      envelope: decoded.type === "aggregate" ? bytes : undefined,
    };
  }

  /**
   * A peer is connected anew, over a link that nobody else can write to: it may count from wherever
   * it likes, as its clock may have been set back since.
   */
  onConnected(peer: Uint8Array): void {
    if (this.#options.isAuthenticated) this.#lastSeq.delete(keyOf(peer));
  }

  #authenticate(from: Uint8Array, validator: number, envelope: Envelope): void {
    const { sender, receiver, seq, message, signature } = envelope;
    const [type = 0] = message;
    const { chainId, identity, isAuthenticated } = this.#options;
    if (!isAuthenticated || needsSignature(type)) {
      const payload = message.subarray(1);
      const signed = envelopeBytes(chainId, { sender, receiver, seq, type, payload });
      if (!identity.verify(from, signed, signature))
        throw new BbftError("signature", { validator });
    }
    const peer = keyOf(from);
    if (seq <= (this.#lastSeq.get(peer) ?? 0n)) throw new BbftError("stale", { validator });
    this.#lastSeq.set(peer, seq);
  }
}
