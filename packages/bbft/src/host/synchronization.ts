/**
 * Far behind: takes decided blocks from the application's own synchronization, one after the other.
 *
 * @see spec 90-bbft, section 13.4 "Catch-up"
 */
import type { Decision } from "../core/events.ts";
import type { Application, Clock } from "./interfaces.ts";

/** How long a block may take to be applied, milliseconds. */
const APPLY_MS = 10_000;
const POLL_MS = 1;
/** Shortest time between two runs on the word of a single peer, milliseconds. */
const HINT_MS = 1000;

export interface Synchronized {
  /** Height being decided. */
  readonly height: bigint;
  readonly isClosed: boolean;
  /** Takes in a decided block; its proof is checked by the core. */
  onBlock(decision: Decision): void;
}

export class Synchronization {
  readonly #application: Pick<Application, "synchronize">;
  readonly #clock: Clock;
  #isRunning = false;
  #hintedAt = Number.NEGATIVE_INFINITY;

  constructor(application: Pick<Application, "synchronize">, clock: Clock) {
    this.#application = application;
    this.#clock = clock;
  }

  /**
   * Runs until the application has no further block, cannot get it, or gives one that is not taken:
   * whoever it asks may lie. One run at a time; the next message from far above starts another.
   */
  async run(node: Synchronized): Promise<void> {
    if (this.#application.synchronize === undefined || this.#isRunning) return;
    this.#isRunning = true;
    try {
      for await (const decision of this.#application.synchronize(node.height)) {
        if (node.isClosed) return;
        node.onBlock(decision);
        await this.#untilApplied(node, decision.height);
        if (node.height <= decision.height) return;
      }
    } catch {
      // Whoever the application asked is gone: no reason for a validator to stop.
    } finally {
      this.#isRunning = false;
    }
  }

  /** As `run`, but any one peer can say that there is something: it is believed now and then. */
  async runOnHint(node: Synchronized): Promise<void> {
    const now = this.#clock.now();
    if (now < this.#hintedAt + HINT_MS) return;
    this.#hintedAt = now;
    await this.run(node);
  }

  async #untilApplied(node: Synchronized, height: bigint): Promise<void> {
    const until = this.#clock.now() + APPLY_MS;
    while (node.height <= height && this.#clock.now() < until && !node.isClosed)
      await new Promise<void>((resolve) => this.#clock.setTimer(POLL_MS, resolve));
  }
}
