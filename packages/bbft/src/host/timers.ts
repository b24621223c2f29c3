/**
 * The timers that the core asked for, one for each key.
 *
 * A timer that went off waits its turn in the node's queue. Until then the core may have replaced
 * or cleared it: a view that ended in the same instant must not take the next one with it.
 */
import type { Clock, TimerId } from "./interfaces.ts";

/** A timer that went off and was not handled yet. */
export interface Firing {
  readonly type: "firing";
  readonly key: string;
}

interface Running {
  readonly timer: TimerId;
  readonly firing: Firing;
}

export class NodeTimers {
  readonly #clock: Clock;
  readonly #onFire: (firing: Firing) => void;
  readonly #running: Map<string, Running> = new Map();

  constructor(clock: Clock, onFire: (firing: Firing) => void) {
    this.#clock = clock;
    this.#onFire = onFire;
  }

  /** Starts a timer; one of the same key is replaced. */
  set(key: string, ms: number): void {
    this.clear(key);
    const firing: Firing = { type: "firing", key };
    const timer = this.#clock.setTimer(ms, () => this.#onFire(firing));
    this.#running.set(key, { timer, firing });
  }

  clear(key: string): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    this.#running.delete(key);
    this.#clock.clear(running.timer);
  }

  clearAll(): void {
    for (const key of [...this.#running.keys()]) this.clear(key);
  }

  /** Is this still the timer of its key? It is none any more after that. */
  take(firing: Firing): boolean {
    if (this.#running.get(firing.key)?.firing !== firing) return false;
    this.#running.delete(firing.key);
    return true;
  }
}
