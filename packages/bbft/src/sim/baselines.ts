/**
 * PBFT, FBFT's star and a HotStuff-like star over the same simulated network, failure-free: what
 * BBFT is compared with. Only what costs time is modeled: messages, bytes, verification.
 *
 * @see spec 90-bbft, section 18.2
 */
import { faultsTolerated } from "../validator-set.ts";
import type { LatencyMatrix } from "./latency.ts";
import { Network } from "./network.ts";
import { TimedQueue } from "./queue.ts";
import { Random } from "./random.ts";

export type BaselineProtocol = "pbft" | "fbft" | "hotstuff";

export interface BaselineOptions {
  readonly protocol: BaselineProtocol;
  readonly latency: LatencyMatrix;
  readonly seed?: number | undefined;
  readonly leader?: number | undefined;
  /** Uplink of each validator, bits a second; 0 is unlimited. */
  readonly bandwidth?: number | undefined;
  /** Checking one signature, single or combined, microseconds. */
  readonly verifyUs?: number | undefined;
  readonly blockBytes?: number | undefined;
}

export interface BaselineReport {
  /** When n - f validators know the decision. */
  readonly quorumUs: number;
  readonly messages: number;
  readonly bytes: number;
}

const PROPOSAL_BYTES = 200;
const VOTE_BYTES = 150;
const CERTIFICATE_BYTES = 200;

/** Voting rounds of the stars: PBFT's two, HotStuff's three. */
const STAR_ROUNDS: { readonly [protocol: string]: number } = { fbft: 2, hotstuff: 3 };

/** Runs one decision. */
export function simulateBaseline(options: BaselineOptions): BaselineReport {
  return options.protocol === "pbft" ? runMesh(options) : runStar(options);
}

/** Time, network and processors of a run. */
class Stage {
  readonly n: number;
  readonly quorum: number;
  readonly #queue: TimedQueue<() => void> = new TimedQueue();
  readonly #network: Network;
  readonly #cpuFree: Float64Array;
  readonly #verifyUs: number;
  readonly #decidedUs: number[] = [];
  #now = 0;
  #messages = 0;

  constructor({ latency, seed = 1, bandwidth = 0, verifyUs = 0 }: BaselineOptions) {
    this.n = latency.n;
    this.quorum = latency.n - faultsTolerated(latency.n);
    this.#verifyUs = verifyUs;
    this.#cpuFree = new Float64Array(latency.n);
    this.#network = new Network(
      {
        latency,
        jitter: 0,
        loss: 0,
        isFifo: true,
        bandwidth,
        partitions: [],
        gstUs: 0,
        asyncDelayUs: 0,
      },
      new Random(seed),
    );
  }

  send(from: number, to: number, bytes: number, action: () => void): void {
    if (from === to) {
      this.#queue.push(this.#now, action);
      return;
    }
    this.#messages++;
    this.#queue.push(this.#network.arrival(this.#now, from, to, bytes) ?? 0, action);
  }

  /** Sends to everybody, the sender included without the network. */
  broadcast(from: number, bytes: number, action: (to: number) => void): void {
    for (let to = 0; to < this.n; to++) this.send(from, to, bytes, () => action(to));
  }

  /** Occupies the processor of a node for one verification. */
  verify(node: number, action: () => void): void {
    if (this.#verifyUs === 0) {
      action();
      return;
    }
    const done = Math.max(this.#cpuFree[node] ?? 0, this.#now) + this.#verifyUs;
    this.#cpuFree[node] = done;
    this.#queue.push(done, action);
  }

  decide(): void {
    this.#decidedUs.push(this.#now);
  }

  run(): BaselineReport {
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      this.#now = next.time;
      next.item();
    }
    const sorted = this.#decidedUs.sort((a, b) => a - b);
    const quorumUs = sorted[this.quorum - 1] ?? Number.POSITIVE_INFINITY;
    return { quorumUs, messages: this.#messages, bytes: this.#network.bytes };
  }
}

/** Pre-prepare, prepare, commit: everybody to everybody. */
function runMesh(options: BaselineOptions): BaselineReport {
  const stage = new Stage(options);
  const { leader = 0, blockBytes = 0 } = options;
  const votes = [0, 1].map(() => new Uint16Array(stage.n));
  const vote = (from: number, phase: number): void => {
    stage.broadcast(from, VOTE_BYTES, (to) =>
      stage.verify(to, () => {
        const counts = votes[phase];
        if (counts === undefined) return;
        counts[to] = (counts[to] ?? 0) + 1;
        if (counts[to] !== stage.quorum) return;
        if (phase === 0) vote(to, 1);
        else stage.decide();
      }),
    );
  };
  stage.broadcast(leader, PROPOSAL_BYTES + blockBytes, (to) => vote(to, 0));
  return stage.run();
}

/** Rounds of votes to the leader, who answers each with a certificate. */
function runStar(options: BaselineOptions): BaselineReport {
  const stage = new Stage(options);
  const { leader = 0, blockBytes = 0, protocol } = options;
  const rounds = STAR_ROUNDS[protocol] ?? 2;
  const counts = new Uint16Array(rounds);
  const vote = (from: number, round: number): void =>
    stage.send(from, leader, VOTE_BYTES, () => {
      counts[round] = (counts[round] ?? 0) + 1;
      if (counts[round] !== stage.quorum) return;
      // The votes are summed and checked once.
      stage.verify(leader, () =>
        stage.broadcast(leader, CERTIFICATE_BYTES, (to) =>
          stage.verify(to, () => {
            if (round + 1 < rounds) vote(to, round + 1);
            else stage.decide();
          }),
        ),
      );
    });
  stage.broadcast(leader, PROPOSAL_BYTES + blockBytes, (to) => vote(to, 0));
  return stage.run();
}
