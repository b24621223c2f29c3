/** The simulated network: who hears what, and when. Times are microseconds. */
import type { LatencyMatrix } from "./latency.ts";
import type { Random } from "./random.ts";

/** For a while, two groups do not hear each other. */
export interface Partition {
  readonly fromUs: number;
  readonly toUs: number;
  readonly groupA: readonly number[];
  readonly groupB: readonly number[];
}

export interface NetworkOptions {
  readonly latency: LatencyMatrix;
  /** Largest additional delay, as a part of the latency. */
  readonly jitter: number;
  /** Probability that a message is lost. */
  readonly loss: number;
  /** Do messages of one link keep their order, as on TCP? */
  readonly isFifo: boolean;
  /** Uplink of each validator in bits a second; 0 is unlimited. */
  readonly bandwidth: number;
  readonly partitions: readonly Partition[];
  /** Before this time messages are delayed arbitrarily, up to `asyncDelayUs`. */
  readonly gstUs: number;
  readonly asyncDelayUs: number;
}

/** Longest message of the fast lane, bytes. */
const CONTROL_BYTES = 16_384;

export class Network {
  readonly #options: NetworkOptions;
  readonly #random: Random;
  readonly #uplinkFree: Float64Array;
  readonly #lastArrival: Map<number, number> = new Map();
  bytes = 0;

  constructor(options: NetworkOptions, random: Random) {
    this.#options = options;
    this.#random = random;
    this.#uplinkFree = new Float64Array(options.latency.n);
  }

  /** When a message arrives that is sent now; undefined when it is lost. */
  arrival(now: number, from: number, to: number, bytes: number): number | undefined {
    const { latency, jitter, loss, isFifo, bandwidth, gstUs, asyncDelayUs } = this.#options;
    this.bytes += bytes;
    let departure = now;
    if (bandwidth > 0) {
      const transmission = (bytes * 8e6) / bandwidth;
      // Votes and certificates do not wait behind blocks: they have a lane of their own.
      const isBulk = bytes > CONTROL_BYTES;
      departure = (isBulk ? Math.max(now, this.#uplinkFree[from] ?? 0) : now) + transmission;
      if (isBulk) this.#uplinkFree[from] = departure;
    }
    if (loss > 0 && this.#random.chance(loss)) return undefined;
    if (this.#isCut(now, from, to)) return undefined;
    let delay = latency.us[from * latency.n + to] ?? 0;
    if (jitter > 0) delay += delay * jitter * this.#random.fraction();
    if (now < gstUs) delay += asyncDelayUs * this.#random.fraction();
    let arrival = Math.round(departure + delay);
    if (isFifo) {
      const link = from * latency.n + to;
      arrival = Math.max(arrival, this.#lastArrival.get(link) ?? 0);
      this.#lastArrival.set(link, arrival);
    }
    return arrival;
  }

  #isCut(now: number, from: number, to: number): boolean {
    return this.#options.partitions.some(
      ({ fromUs, toUs, groupA, groupB }) =>
        fromUs <= now &&
        now < toUs &&
        ((groupA.includes(from) && groupB.includes(to)) ||
          (groupA.includes(to) && groupB.includes(from))),
    );
  }
}
