/** What contributions are signed in, where they could serve as evidence. */
import { encodeMessage } from "../core/message-codec.ts";
import { encodeEnvelope } from "../envelope.ts";
import { envelopeBytes } from "../signing.ts";
import type { Outgoing } from "./adversary.ts";
import type { World } from "./world.ts";

export class Envelopes {
  readonly #world: World;
  #count = 0n;

  constructor(world: World) {
    this.#world = world;
  }

  /** The sender's signed envelope around a contribution; undefined for other messages. */
  seal(sender: number, { to, message }: Outgoing): Uint8Array | undefined {
    if (message.type !== "aggregate") return undefined;
    const { chainId, identity, idSecrets } = this.#world;
    const encoded = encodeMessage(message);
    const [type = 0, payload] = [encoded[0], encoded.subarray(1)];
    const head = { sender, receiver: to, seq: ++this.#count };
    const bytes = envelopeBytes(chainId, { ...head, type, payload });
    const signature = identity.sign(idSecrets[sender] ?? new Uint8Array(32), bytes);
    return encodeEnvelope({ ...head, message: encoded, signature });
  }
}
