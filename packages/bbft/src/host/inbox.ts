/**
 * Envelopes that arrive: from whom, for whom, sound, and not seen before.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import { keyOf, sameBytes } from "../bytes.ts";
import type { BbftCore } from "../core/core.ts";
import type { EpochContext } from "../core/epoch-context.ts";
import type { Event } from "../core/events.ts";
import { decodeMessage, epochInMessage } from "../core/message-codec.ts";
import { decodeEnvelope, needsSignature } from "../envelope.ts";
import { BbftError } from "../error.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { envelopeBytes } from "../signing.ts";

export interface InboxOptions {
  readonly chainId: Uint8Array;
  readonly identity: Pick<SignatureScheme, "verify">;
  /** Does the transport protect what it carries? */
  readonly isAuthenticated: boolean;
}

export class Inbox {
  readonly #options: InboxOptions;
  readonly #lastSeq: Map<string, bigint> = new Map();

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /**
   * Opens an envelope.
   *
   * @param from identity key of the peer that brought it
   * @returns undefined when it is for somebody else
   * @throws {@link BbftError} when the envelope or the message is not one of ours
   */
  open(core: BbftCore, from: Uint8Array, bytes: Uint8Array): Event | undefined {
    const { sender, receiver, seq, message, signature } = decodeEnvelope(bytes);
    const context = contextOfMessage(core, message);
    const { validators } = context.electorate.set;
    const index = validators.findIndex(({ idKey }) => sameBytes(idKey, from));
    const isForUs = receiver === core.indexIn(context) && index >= 0 && index === sender;
    if (!isForUs) return undefined;
    const [type = 0] = message;
    const { chainId, identity, isAuthenticated } = this.#options;
    if (!isAuthenticated || needsSignature(type)) {
      const payload = message.subarray(1);
      const signed = envelopeBytes(chainId, { sender, receiver, seq, type, payload });
      if (!identity.verify(from, signed, signature))
        throw new BbftError("signature", { validator: index });
    }
    const peer = keyOf(from);
    if (seq <= (this.#lastSeq.get(peer) ?? 0n)) throw new BbftError("stale", { validator: index });
    this.#lastSeq.set(peer, seq);
    const decoded = decodeMessage(message, context);
    const envelope = decoded.type === "aggregate" ? bytes : undefined;
    return { type: "message", from: index, message: decoded, envelope };
  }
}

/** The context of the epoch that a message is of; that of the current height where it says none. */
function contextOfMessage(core: BbftCore, message: Uint8Array): EpochContext {
  const epoch = epochInMessage(message);
  return (epoch === undefined ? undefined : core.contextOf(epoch)) ?? core.context;
}
