/**
 * Gives a message to whom it is for: the height being decided, the one before, those to come.
 *
 * @see spec 90-bbft, sections 13.1 "Envelope and types", 13.2 "Height change" and 13.4 "Catch-up"
 */
import type { CatchUp } from "./catch-up.ts";
import type { CoreHost } from "./core-host.ts";
import { dispatch, isCall, isLateExchange } from "./dispatch.ts";
import type { EngineState } from "./engine-state.ts";
import type { HeightInstance } from "./height/height.ts";
import { heightOf, type Message } from "./message.ts";
import type { PastHeights } from "./past-heights.ts";

export class MessageRouter {
  readonly #host: CoreHost;
  readonly #engine: EngineState;
  readonly #past: PastHeights;
  readonly #catchUp: CatchUp;

  constructor(
    host: CoreHost,
    parts: {
      readonly engine: EngineState;
      readonly past: PastHeights;
      readonly catchUp: CatchUp;
    },
  ) {
    this.#host = host;
    this.#engine = parts.engine;
    this.#past = parts.past;
    this.#catchUp = parts.catchUp;
  }

  /** @param envelope the signed envelope of a contribution */
  onMessage(from: number, message: Message, envelope?: Uint8Array): void {
    if (this.#engine.onMessage(from, message)) return;
    const height = heightOf(message);
    if (height === undefined) return;
    const { current, previous } = this.#host;
    if (message.type === "proof-request" && height === current.height)
      current.giveHighestCertificate(from);
    if (message.type === "proof-request") this.#past.give(from, height, "proof");
    else if (message.type === "block-request" && height < current.height)
      this.#past.give(from, height, "body");
    else if (height > current.height) this.#catchUp.onFuture(from, height, message);
    else if (height === current.height) this.#dispatch(current, from, message, envelope);
    else if (previous?.height === height && isLateExchange(message))
      this.#dispatch(previous, from, message, envelope);
    else if (message.type === "commit-proof") this.#past.onProof(from, message.proof);
    else if (isCall(message)) this.#onLateCall(from, height, message);
  }

  /** Somebody is still at a height that is over here. */
  #onLateCall(from: number, height: bigint, message: Message): void {
    if (message.type === "attach") {
      const { previous } = this.#host;
      if (this.#past.find(height)?.view === message.view)
        this.#engine.complaints.recordLateAttach(from, height, message.view);
      if (previous?.height === height) previous.giveProposal(from);
    }
    this.#past.give(from, height, "proof");
  }

  #dispatch(
    instance: HeightInstance,
    from: number,
    message: Message,
    envelope: Uint8Array | undefined,
  ): void {
    const { epochLength } = this.#host.context.parameters;
    dispatch(instance, from, message, epochLength, envelope);
  }
}
