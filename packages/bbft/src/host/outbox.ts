/**
 * Messages that leave, each in an envelope of its own for every receiver.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import type { Message } from "../core/message.ts";
import { encodeMessage } from "../core/message-codec.ts";
import { encodeEnvelope, needsSignature } from "../envelope.ts";
import { envelopeBytes, hash } from "../signing.ts";
import type { MessageClass, Signer, Transport } from "./interfaces.ts";
import { keyIn, type Peers } from "./peers.ts";

const NO_SIGNATURE: Uint8Array = /* @__PURE__ */ new Uint8Array(64);

export class Outbox {
  readonly #chainId: Uint8Array;
  readonly #transport: Transport;
  readonly #signer: Pick<Signer, "identitySign">;
  readonly #peers: Peers;
  #seq: bigint;

  /** @param startedMs sequence numbers grow over restarts, for peers that remember the session before */
  constructor(
    chainId: Uint8Array,
    transport: Transport,
    signer: Pick<Signer, "identitySign">,
    peers: Peers,
    startedMs: number,
  ) {
    this.#chainId = chainId;
    this.#transport = transport;
    this.#signer = signer;
    this.#peers = peers;
    this.#seq = BigInt(startedMs) << 20n;
  }

  /** @param to places in the set by which the message is meant */
  async send(to: readonly number[], message: Message): Promise<void> {
    const encoded = encodeMessage(message);
    const context = this.#peers.contextOf(encoded);
    const sender = this.#peers.ownIndexIn(context);
    const [type = 0] = encoded;
    const payload = encoded.subarray(1);
    const isSigned = !this.#transport.isAuthenticated || needsSignature(type);
    const payloadHash = isSigned ? hash(payload) : undefined;
    for (const receiver of to) {
      const idKey = keyIn(context, receiver);
      if (idKey === undefined) continue;
      const seq = ++this.#seq;
      const head = { sender, receiver, seq, type, payload };
      const signature = isSigned
        ? await this.#signer.identitySign(envelopeBytes(this.#chainId, head, payloadHash))
        : NO_SIGNATURE;
      const envelope = encodeEnvelope({ sender, receiver, seq, message: encoded, signature });
      this.#transport.send(idKey, envelope, classOf(message));
    }
  }
}

function classOf({ type }: Message): MessageClass {
  if (type === "proposal") return "proposal";
  if (type === "vote" || type === "aggregate" || type === "timeout") return "vote";
  if (type === "certificate" || type === "timeout-certificate" || type === "commit-proof")
    return "cert";
  return "repair";
}
