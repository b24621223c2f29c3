/** Asks the application; its answers come back as events. */
import type { Effect, Event } from "../core/events.ts";
import { BbftError } from "../error.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import type { EventLoop } from "./event-loop.ts";
import type { Application, Clock } from "./interfaces.ts";
import { recallEpoch } from "./recall.ts";

type EffectOf<T extends Effect["type"]> = Extract<Effect, { readonly type: T }>;

export class ApplicationCalls {
  readonly #application: Application;
  readonly #clock: Pick<Clock, "now">;
  readonly #loop: Pick<EventLoop, "push" | "beside">;
  readonly #schemes: () => readonly SignatureScheme[];

  /** @param schemes the signature schemes that the chain has used */
  constructor(
    application: Application,
    clock: Pick<Clock, "now">,
    loop: Pick<EventLoop, "push" | "beside">,
    schemes: () => readonly SignatureScheme[],
  ) {
    this.#application = application;
    this.#clock = clock;
    this.#loop = loop;
    this.#schemes = schemes;
  }

  prepare({ height, view, lastAppBlockId, maxBytes }: EffectOf<"prepare">): void {
    const nowMs = this.#clock.now();
    const place = { height, view, lastAppBlockId };
    const prepared = this.#application.prepare({ ...place, maxBytes, nowMs });
    this.#loop.beside(prepared, ({ id, bytes, nextValidators, nextParameters }) => {
      // No peer would take it, and the log could not be read again behind it.
      if (bytes.length > maxBytes)
        throw new BbftError("limit", { height, found: bytes.length, expected: maxBytes });
      this.#loop.push({
        ...{ type: "prepared", height, view, nextValidators, nextParameters },
        appBlockId: id,
        appBlock: bytes,
      });
    });
  }

  validate(effect: EffectOf<"validate">): void {
    const { height, view, lastAppBlockId, body, valueId, isReproposed } = effect;
    const block = { id: body.appBlockId, bytes: body.appBlock };
    const place = { height, view, lastAppBlockId };
    const judged = this.#application.validate(place, block, isReproposed);
    this.#loop.beside(judged, (verdict) =>
      this.#loop.push({ type: "validated", height, valueId, ...verdict }),
    );
  }

  /** @param onDurable given the event that tells the core */
  commit({ decision, offenses }: EffectOf<"commit">, onDurable: (committed: Event) => void): void {
    const { height } = decision;
    this.#loop.beside(this.#application.commit(decision, offenses), ({ nextValidators }) =>
      onDurable({ type: "committed", height, nextValidators }),
    );
  }

  recallEpoch({ id, epoch }: EffectOf<"recall-epoch">): void {
    this.#loop.beside(recallEpoch(this.#application, this.#schemes(), epoch), (context) =>
      this.#loop.push({ type: "epoch-recalled", id, ...context }),
    );
  }

  recallOffense({ id, offense }: EffectOf<"recall-offense">): void {
    const asked = this.#application.hasOffense?.(offense) ?? Promise.resolve(false);
    this.#loop.beside(asked, (isKnown) =>
      this.#loop.push({ type: "offense-recalled", id, isKnown }),
    );
  }

  load({ to, height, what }: EffectOf<"load">): void {
    this.#loop.beside(this.#application.load(height), (decision) => {
      if (decision !== undefined) this.#loop.push({ type: "loaded", to, what, decision });
    });
  }
}
