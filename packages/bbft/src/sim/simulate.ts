/**
 * A whole network in virtual time. One queue, ordered by time and then by order of arrival; no
 * wall clock and no other random source than the seed: the same options give the same report.
 *
 * @see spec 90-bbft, section 16.1 "Simulation harness"
 */
import { BbftCore } from "../core/core.ts";
import { decisionTotal, type MessageCounts } from "../core/counters.ts";
import type { Effect } from "../core/events.ts";
import { heightOf, type Message } from "../core/message.ts";
import { messageSize } from "../core/message-size.ts";
import { DEFAULT_PARAMETERS, type Parameters } from "../parameters.ts";
import { createFakeScheme } from "../scheme/fake.ts";
import { type Distances, distanceOf } from "../topology/latency.ts";
import { type AdversaryFunction, type Outgoing, strategyOf } from "./adversary.ts";
import { ChainSync } from "./chain-sync.ts";
import { checkSimulationOptions } from "./check-options.ts";
import { Envelopes } from "./envelopes.ts";
import { measuredDistances, worldLatency } from "./latency.ts";
import { Network } from "./network.ts";
import { TimedQueue } from "./queue.ts";
import { Random } from "./random.ts";
import { type Committed, Referee } from "./referee.ts";
import { SimNode, type SimNodeHost } from "./sim-node.ts";
import type { SimulationOptions } from "./simulation-options.ts";
import type { SimulationReport, TracedMessage } from "./simulation-report.ts";
import { createWorld, type World } from "./world.ts";

const TEN_MINUTES_US = 600_000_000;

/**
 * Runs a network until every honest validator has decided, or the time is over.
 *
 * @throws RangeError for options that cannot be
 */
export function simulate(options: SimulationOptions): SimulationReport {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #queue: TimedQueue<() => void> = new TimedQueue();
  readonly #network: Network;
  readonly #nodes: SimNode[];
  readonly #world: World;
  readonly #envelopes: Envelopes;
  readonly #chainSync: ChainSync;
  readonly #strategies: Map<number, AdversaryFunction> = new Map();
  readonly #memory: Map<string, unknown> = new Map();
  readonly #referee: Referee = new Referee((node) => this.#strategies.has(node));
  readonly #trace: TracedMessage[] = [];
  readonly #heights: bigint;
  readonly #proposedUs: Map<bigint, number> = new Map();
  readonly #counts: Map<bigint, MessageCounts> = new Map();
  readonly #distances: Distances;
  #remaining: number;
  #now = 0;
  #messages = 0;
  #steps = 0;

  constructor(options: SimulationOptions) {
    checkSimulationOptions(options);
    this.#options = options;
    const { n, seed = 1, heights = 1 } = options;
    this.#random = new Random(seed);
    this.#heights = BigInt(heights);
    const latency = options.latency ?? worldLatency(n, seed);
    const scheme = options.scheme ?? createFakeScheme();
    const parameters: Parameters = {
      ...DEFAULT_PARAMETERS,
      m: options.m ?? 0,
      fanout: options.fanout ?? 0,
      ...options.parameters,
      scheme: scheme.id,
    };
    const distances = measuredDistances(latency);
    this.#distances = distances;
    this.#world = createWorld({
      n,
      scheme,
      parameters,
      distances,
      topology: options.topology,
      powers: options.powers,
      blockMs: blockMs(options),
      members: options.epochs?.members,
    });
    this.#envelopes = new Envelopes(this.#world);
    this.#network = new Network(
      {
        latency,
        jitter: options.jitter ?? 0,
        loss: options.loss ?? 0,
        isFifo: options.isFifo ?? true,
        bandwidth: options.bandwidth ?? 0,
        partitions: options.partitions ?? [],
        gstUs: options.gstUs ?? 0,
        asyncDelayUs: options.asyncDelayUs ?? 0,
      },
      this.#random,
    );
    for (const [node, strategy] of options.byzantine ?? [])
      this.#strategies.set(node, typeof strategy === "function" ? strategy : strategyOf(strategy));
    const host = this.#createHost();
    this.#nodes = Array.from(
      { length: n },
      (_, index) =>
        new SimNode({
          index,
          world: this.#world,
          host,
          cpu: options.cpu ?? { signUs: 0, verifyUs: 0 },
          isByzantine: this.#strategies.has(index),
          blockBytes: options.blockBytes ?? 0,
          plan: options.epochs ?? {},
        }),
    );
    this.#chainSync = new ChainSync(this.#nodes, this.#world, host.schedule);
    this.#remaining = this.#honest().length * heights;
  }

  #honest(): SimNode[] {
    return this.#nodes.filter(({ isByzantine }) => !isByzantine);
  }

  #createHost(): SimNodeHost {
    const self = this;
    return {
      get now(): number {
        return self.#now;
      },
      schedule: (delayUs, action) => self.#queue.push(self.#now + delayUs, action),
      send: (node, effect) => self.#send(node, effect),
      onDecision: (node, committed) => self.#onDecision(node, committed),
      onEffect: (node, effect) => self.#onEffect(node, effect),
      measure: (node, target) => distanceOf(self.#distances, node.index, target),
    };
  }

  run(): SimulationReport {
    const { maxTimeUs = TEN_MINUTES_US, crashes = [] } = this.#options;
    for (const node of this.#nodes) this.#queue.push(0, () => node.start());
    for (const { node, atUs, forUs } of crashes) {
      this.#queue.push(atUs, () => this.#nodes[node]?.crash());
      this.#queue.push(atUs + forUs, () => this.#nodes[node]?.restart());
    }
    while (this.#remaining > 0) {
      const next = this.#queue.pop();
      if (next === undefined || next.time > maxTimeUs) break;
      this.#now = next.time;
      this.#steps++;
      next.item();
      if (this.#referee.hasViolation) break;
    }
    const endUs = this.#now;
    if (this.#remaining === 0) this.#drain();
    return this.#report(endUs);
  }

  /** Lets what is still on its way arrive, so that every message of the last height is counted. */
  #drain(): void {
    const until = this.#now + this.#world.context.parameters.blockIntervalMs * 900;
    const isQuiet = this.#options.byzantine === undefined && (this.#options.loss ?? 0) === 0;
    if (!isQuiet) return;
    for (let next = this.#queue.pop(); next !== undefined; next = this.#queue.pop()) {
      if (next.time > until) break;
      this.#now = next.time;
      next.item();
    }
  }

  #send(node: SimNode, effect: Extract<Effect, { type: "send" }>): void {
    const { message, stage } = effect;
    if (message.type === "proposal" && !this.#proposedUs.has(message.proposal.height))
      this.#proposedUs.set(message.proposal.height, this.#now);
    const strategy = this.#strategies.get(node.index);
    if (strategy === undefined) {
      this.#referee.onStatement(node.index, message);
      for (const to of effect.to) this.#deliver(node, { to, message, stage });
      return;
    }
    const view = {
      index: node.index,
      world: this.#world,
      random: this.#random,
      nowUs: this.#now,
      memory: this.#memory,
    };
    for (const to of effect.to)
      for (const outgoing of strategy({ to, message, stage }, view)) this.#deliver(node, outgoing);
  }

  #deliver(node: SimNode, outgoing: Outgoing): void {
    const { to, message, stage } = outgoing;
    const size = messageSize(message) + (carriesBlock(message) ? node.blockBytes : 0);
    this.#messages++;
    const arrival = this.#network.arrival(this.#now, node.index, to, size);
    if (arrival === undefined) return;
    const arrivesUs = arrival + (outgoing.delayUs ?? 0);
    if (this.#options.hasTrace === true)
      this.#trace.push({
        sentUs: this.#now,
        arrivesUs,
        from: node.index,
        to,
        type: message.type,
        stage,
        kind: kindOf(message),
        height: heightOf(message) ?? 0n,
      });
    const receiver = this.#nodes[to];
    const isSigned = node.isByzantine || this.#options.hasEnvelopes === true;
    const envelope = isSigned ? this.#envelopes.seal(node.index, outgoing) : undefined;
    this.#queue.push(arrivesUs, () =>
      receiver?.step({ type: "message", from: node.index, message, envelope }),
    );
  }

  #onDecision(node: SimNode, committed: Committed): void {
    if (node.isByzantine) return;
    const { height } = committed.decision;
    const { isFirst, isNew } = this.#referee.onDecision(node, committed, this.#now);
    const hasObservers = this.#options.epochs?.members !== undefined;
    if (isFirst && hasObservers) this.#chainSync.tellObservers(height);
    if (isNew && height <= this.#heights) this.#remaining--;
  }

  #onEffect(node: SimNode, effect: Effect): void {
    if (effect.type === "behind") this.#chainSync.catchUp(node);
    if (node.isByzantine) return;
    if (effect.type === "evidence") this.#referee.onEvidence(effect.validator, effect.evidence);
    if (effect.type === "fatal") this.#referee.onFatal(effect.error);
  }

  #report(endUs: number): SimulationReport {
    const honest = this.#honest();
    const { topology } = this.#world.context;
    const decisionMessages = new Map<bigint, number>();
    for (let height = 1n; height <= this.#heights; height++) {
      const counts = BbftCore.totalCounts(
        honest.map(({ core }) => core),
        height,
      );
      this.#counts.set(height, counts);
      decisionMessages.set(height, decisionTotal(counts));
    }
    return {
      seed: this.#options.seed ?? 1,
      n: this.#options.n,
      m: topology.gateways.length,
      honest: honest.map(({ index }) => index),
      isComplete: this.#remaining <= 0,
      ...this.#referee.findings,
      counts: this.#counts,
      decisionMessages,
      proposedUs: this.#proposedUs,
      bytes: this.#network.bytes,
      messages: this.#messages,
      endUs,
      steps: this.#steps,
      topology,
      trace: this.#trace,
    };
  }
}

/** What the uplink takes for one copy of a block. */
function blockMs({ blockBytes = 0, bandwidth = 0 }: SimulationOptions): number {
  return bandwidth === 0 ? 0 : (blockBytes * 8000) / bandwidth;
}

function carriesBlock({ type }: Message): boolean {
  return type === "proposal" || type === "block-response";
}

function kindOf(message: Message): number {
  if (message.type === "vote") return message.vote.kind;
  if (message.type === "aggregate") return message.contribution.kind;
  return message.type === "certificate" ? message.certificate.kind : 0;
}
