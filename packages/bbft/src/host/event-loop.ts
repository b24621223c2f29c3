/**
 * What happens to a node, one event after the other: nothing is sent before what precedes it in the
 * log is flushed. Slow work (application, verification) runs beside and comes back as an event.
 */
import type { Event } from "../core/events.ts";
import { PeerBudget } from "./peer-budget.ts";
import type { Firing } from "./timers.ts";

export type LoopEvent = Event | Firing;

interface Waiting {
  readonly event: LoopEvent;
  /** Where it came from a peer: whose budget it uses, and how much of it. */
  readonly message: { readonly peer: string; readonly bytes: number } | undefined;
}

export class EventLoop {
  readonly #handle: (event: LoopEvent) => Promise<void>;
  readonly #onFail: (error: unknown) => void;
  readonly #budget: PeerBudget = new PeerBudget();
  #queue: Waiting[] = [];
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
    this.#add({ event, message: undefined });
  }

  /** Are there so few messages of a peer that another one may wait? */
  hasRoom(peer: string): boolean {
    return !this.#isClosed && this.#budget.hasRoom(peer);
  }

  /** A message of `bytes` from a peer, for which there is room. */
  pushMessage(event: Event, peer: string, bytes: number): void {
    this.#budget.take(peer, bytes);
    this.#add({ event, message: { peer, bytes } });
  }

  /** Lets something slow run; when it fails, or its outcome cannot be used, the node cannot go on. */
  beside<T>(work: Promise<T>, then: (value: T) => void): void {
    work
      .then((value) => {
        if (!this.#isClosed) then(value);
      })
      .catch((error: unknown) => this.#fail(error));
  }

  /** Forgets what waits; resolves when the event in hand is done with or given up. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#queue = [];
    await this.#running;
  }

  #add(waiting: Waiting): void {
    if (this.#isClosed) return;
    this.#queue.push(waiting);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      for (let at = 0; at < this.#queue.length && !this.#isClosed; at++) {
        const waiting = this.#queue[at];
        if (waiting !== undefined) await this.#take(waiting);
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

  async #take({ event, message }: Waiting): Promise<void> {
    if (message !== undefined) this.#budget.giveBack(message.peer, message.bytes);
    await this.#handle(event);
  }

  #fail(error: unknown): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#onFail(error);
  }
}
