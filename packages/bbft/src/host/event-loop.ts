/**
 * What happens to a node, one event after the other: nothing is sent before what precedes it in the
 * log is flushed. Slow work (application, verification) runs beside and comes back as an event.
 */
import type { Event } from "../core/events.ts";
import type { Firing } from "./timers.ts";

/** Events that may wait; messages beyond are dropped, as any network may drop them. */
const MAX_QUEUE = 20_000;

export type LoopEvent = Event | Firing;

export class EventLoop {
  readonly #handle: (event: LoopEvent) => Promise<void>;
  readonly #onFail: (error: unknown) => void;
  #queue: LoopEvent[] = [];
  #running: Promise<void> | undefined;
  #isRunning = false;
  #isClosed = false;

  /** @param onFail told why the loop has closed by itself */
  constructor(handle: (event: LoopEvent) => Promise<void>, onFail: (error: unknown) => void) {
    this.#handle = handle;
    this.#onFail = onFail;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  push(event: LoopEvent): void {
    if (this.#isClosed) return;
    if (event.type === "message" && this.#queue.length >= MAX_QUEUE) return;
    this.#queue.push(event);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#running = this.#run();
  }

  /** Lets something slow run; when it fails the node cannot go on. */
  beside<T>(work: Promise<T>, then: (value: T) => void): void {
    work.then(
      (value) => {
        if (!this.#isClosed) then(value);
      },
      (error: unknown) => {
        if (!this.#isClosed) this.#fail(error);
      },
    );
  }

  /** Forgets what waits; resolves when the event in hand is done with. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue = [];
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      for (let at = 0; at < this.#queue.length && !this.#isClosed; at++) {
        const event = this.#queue[at];
        if (event !== undefined) await this.#handle(event);
        // Forget handled events in lumps: a shift for each would cost the length of the queue.
        if (at >= 1024) {
          this.#queue.splice(0, at + 1);
          at = -1;
        }
      }
      this.#queue = [];
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isRunning = false;
    }
  }

  #fail(error: unknown): void {
    this.#isClosed = true;
    this.#onFail(error);
  }
}
