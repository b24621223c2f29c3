/**
 * A whole network in virtual time. One queue, ordered by time and then by order of arrival; no
 * wall clock and no other random source than the seed: the same options give the same report.
 *
 * @see spec 90-bbft, section 16.1 "Simulation harness"
 */
import { keyOf } from "../bytes.ts";
import { BbftCore } from "../core/core.ts";
import { decisionTotal, type MessageCounts } from "../core/counters.ts";
import { decodeEngineData, ENGINE_ITEM } from "../core/engine-data.ts";
import type { Decision, Effect, Stage } from "../core/events.ts";
import { decodeEvidence, offenseKey } from "../core/evidence.ts";
import { encodeMessage, heightOf, type Message, messageSize } from "../core/message.ts";
import { encodeEnvelope } from "../envelope.ts";
import { DEFAULT_PARAMETERS, encodeParameters, type Parameters } from "../parameters.ts";
import { createFakeScheme } from "../scheme/fake.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { envelopeBytes } from "../signing.ts";
import { type Distances, distanceOf } from "../topology/latency.ts";
import type { Topology } from "../topology/topology.ts";
import { epochOf } from "../validator-set.ts";
import {
  type AdversaryFunction,
  type Outgoing,
  type StrategyName,
  signedStatement,
  strategyOf,
} from "./adversary.ts";
import { type LatencyMatrix, measuredDistances, worldLatency } from "./latency.ts";
import { Network, type Partition } from "./network.ts";
import { TimedQueue } from "./queue.ts";
import { Random } from "./random.ts";
import { type CpuCosts, type EpochPlan, SimNode } from "./sim-node.ts";
import { createWorld } from "./world.ts";

export interface Crash {
  readonly node: number;
  readonly atUs: number;
  readonly forUs: number;
}

export interface SimulationOptions {
  readonly n: number;
  /** Top-level gateways; 0 (default) chooses by predicted time. */
  readonly m?: number | undefined;
  /** Members of a gateway before a level is put between; 0 (default) keeps a single level. */
  readonly fanout?: number | undefined;
  /** A given forest instead. */
  readonly topology?: Topology | undefined;
  readonly seed?: number | undefined;
  /** Heights to decide; 1 when left out. */
  readonly heights?: number | undefined;
  /** The simulation scheme when left out. */
  readonly scheme?: SignatureScheme | undefined;
  /** One-way delays; the world's regions when left out. */
  readonly latency?: LatencyMatrix | undefined;
  /** Largest additional delay, as a part of the latency. */
  readonly jitter?: number | undefined;
  /** Probability that a message is lost. */
  readonly loss?: number | undefined;
  /** Do links keep the order of messages? True when left out, as on TCP. */
  readonly isFifo?: boolean | undefined;
  /** Uplink of each validator, bits a second; 0 (default) is unlimited. */
  readonly bandwidth?: number | undefined;
  readonly cpu?: CpuCosts | undefined;
  readonly partitions?: readonly Partition[] | undefined;
  /** Before this time, microseconds, messages take up to `asyncDelayUs` longer. */
  readonly gstUs?: number | undefined;
  readonly asyncDelayUs?: number | undefined;
  /** Byzantine validators and what each of them does. */
  readonly byzantine?: ReadonlyMap<number, StrategyName | AdversaryFunction> | undefined;
  readonly crashes?: readonly Crash[] | undefined;
  readonly parameters?: Partial<Parameters> | undefined;
  readonly powers?: readonly bigint[] | undefined;
  /** Size of a block on the wire, bytes. */
  readonly blockBytes?: number | undefined;
  /** Virtual time after which the run ends, microseconds; ten minutes when left out. */
  readonly maxTimeUs?: number | undefined;
  /** What happens at the ends of epochs. */
  readonly epochs?: EpochPlan | undefined;
  /** Sign the envelopes of all contributions, not only those of Byzantine validators. */
  readonly hasEnvelopes?: boolean | undefined;
  /** Keep every message with its times. */
  readonly hasTrace?: boolean | undefined;
}

export interface NodeDecision {
  readonly node: number;
  readonly height: bigint;
  readonly view: number;
  readonly valueId: string;
  readonly timeUs: number;
}

export interface TracedMessage {
  readonly sentUs: number;
  readonly arrivesUs: number;
  readonly from: number;
  readonly to: number;
  readonly type: Message["type"];
  readonly stage: Stage;
  /** 1 PREPARE, 2 COMMIT; 0 for messages that are no votes or certificates. */
  readonly kind: number;
  readonly height: bigint;
}

export interface SimulationReport {
  readonly seed: number;
  readonly n: number;
  readonly m: number;
  readonly honest: readonly number[];
  /** Of honest validators, in order of time. */
  readonly decisions: readonly NodeDecision[];
  /** Did every honest validator decide every height? */
  readonly isComplete: boolean;
  /** Broken promises: empty unless the protocol is broken or too many validators are Byzantine. */
  readonly violations: readonly string[];
  /** Messages that honest validators sent, by height. */
  readonly counts: ReadonlyMap<bigint, MessageCounts>;
  /** Without what is sent because of failures, by height. */
  readonly decisionMessages: ReadonlyMap<bigint, number>;
  /** When the first proposal of each height left its leader. */
  readonly proposedUs: ReadonlyMap<bigint, number>;
  readonly bytes: number;
  readonly messages: number;
  readonly maxView: number;
  /** Validators that somebody has proof against, ascending. */
  readonly provenFaulty: readonly number[];
  readonly evidence: number;
  /** Items of engine data in decided blocks, by type. */
  readonly decidedItems: ReadonlyMap<number, number>;
  /** Forests by epoch, as the parents of each validator. */
  readonly forests: ReadonlyMap<bigint, readonly number[]>;
  /** Types of the evidence found, ascending, without repetition. */
  readonly evidenceTypes: readonly number[];
  readonly endUs: number;
  readonly steps: number;
  readonly topology: Topology;
  readonly trace: readonly TracedMessage[];
}

const TEN_MINUTES_US = 600_000_000;
/** Fetching one block by the chain's own synchronization. */
const SYNC_US = 200_000;

/** Runs a network until every honest validator has decided, or the time is over. */
export function simulate(options: SimulationOptions): SimulationReport {
  return new Simulation(options).run();
}

class Simulation {
  readonly #options: SimulationOptions;
  readonly #random: Random;
  readonly #queue: TimedQueue<() => void> = new TimedQueue();
  readonly #network: Network;
  readonly #nodes: SimNode[];
  readonly #world: ReturnType<typeof createWorld>;
  readonly #strategies: Map<number, AdversaryFunction> = new Map();
  readonly #memory: Map<string, unknown> = new Map();
  readonly #decisions: NodeDecision[] = [];
  readonly #decidedBy: Map<string, string> = new Map();
  readonly #values: Map<bigint, string> = new Map();
  readonly #statements: Map<string, string> = new Map();
  readonly #violations: Set<string> = new Set();
  readonly #proven: Set<number> = new Set();
  readonly #evidence: Set<string> = new Set();
  readonly #evidenceTypes: Set<number> = new Set();
  readonly #trace: TracedMessage[] = [];
  readonly #heights: bigint;
  readonly #proposedUs: Map<bigint, number> = new Map();
  readonly #counts: Map<bigint, MessageCounts> = new Map();
  readonly #distances: Distances;
  readonly #items: Map<number, number> = new Map();
  readonly #offenses: Set<string> = new Set();
  readonly #forests: Map<bigint, readonly number[]> = new Map();
  #envelopes = 0n;
  #remaining: number;
  #now = 0;
  #messages = 0;
  #maxView = 0;
  #steps = 0;

  constructor(options: SimulationOptions) {
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
    this.#remaining = this.#honest().length * heights;
  }

  #honest(): SimNode[] {
    return this.#nodes.filter(({ isByzantine }) => !isByzantine);
  }

  #createHost(): ConstructorParameters<typeof SimNode>[0]["host"] {
    const self = this;
    return {
      get now(): number {
        return self.#now;
      },
      schedule: (delayUs, action) => self.#queue.push(self.#now + delayUs, action),
      send: (node, effect) => self.#send(node, effect),
      onDecision: (node, decision) => self.#onDecision(node, decision),
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
      if (this.#violations.size > 0) break;
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
      this.#checkStatement(node.index, message);
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
    const envelope = this.#envelopeOf(node, outgoing);
    this.#queue.push(arrivesUs, () =>
      receiver?.step({ type: "message", from: node.index, message, envelope }),
    );
  }

  /** What a contribution is signed in, where it could serve as evidence. */
  #envelopeOf(node: SimNode, { to, message }: Outgoing): Uint8Array | undefined {
    const isWanted = node.isByzantine || this.#options.hasEnvelopes === true;
    if (message.type !== "aggregate" || !isWanted) return undefined;
    const { chainId, identity, idSecrets } = this.#world;
    const encoded = encodeMessage(message);
    const [type = 0, payload] = [encoded[0], encoded.subarray(1)];
    const head = { sender: node.index, receiver: to, seq: ++this.#envelopes };
    const bytes = envelopeBytes(chainId, { ...head, type, payload });
    const signature = identity.sign(idSecrets[node.index] ?? new Uint8Array(32), bytes);
    return encodeEnvelope({ ...head, message: encoded, signature });
  }

  /** An honest validator never signs two things where one is allowed. */
  #checkStatement(node: number, message: Message): void {
    const statement = signedStatement(message, node);
    if (statement === undefined) return;
    const known = this.#statements.get(statement.key);
    if (known === undefined) this.#statements.set(statement.key, statement.content);
    else if (known !== statement.content) this.#violations.add(`double-sign ${statement.key}`);
  }

  #onDecision(node: SimNode, { height, proof, view, body }: Decision): void {
    if (node.isByzantine) return;
    this.#compareForests(node);
    const valueId = keyOf(proof.certificate.valueId);
    const agreed = this.#values.get(height);
    if (agreed === undefined) {
      this.#values.set(height, valueId);
      this.#countItems(node, height, body.engineData);
      this.#tellObservers(height);
    } else if (agreed !== valueId) this.#violations.add(`disagreement at height ${height}`);
    const key = `${node.index}/${height}`;
    const before = this.#decidedBy.get(key);
    if (before !== undefined) {
      if (before !== valueId) this.#violations.add(`changed decision ${key}`);
      return;
    }
    this.#decidedBy.set(key, valueId);
    this.#decisions.push({ node: node.index, height, view, valueId, timeUs: this.#now });
    if (height <= this.#heights) this.#remaining--;
    this.#maxView = Math.max(this.#maxView, view);
  }

  /** Everybody works out the same forest and has the same parameters. */
  #compareForests({ core: { context } }: SimNode): void {
    const { epoch, topology, parameters } = context;
    const key = `context/${epoch}`;
    const content = `${topology.parent} ${keyOf(encodeParameters(parameters))}`;
    const known = this.#statements.get(key);
    this.#forests.set(epoch, topology.parent);
    if (known === undefined) this.#statements.set(key, content);
    else if (known !== content) this.#violations.add(`contexts of epoch ${epoch} differ`);
  }

  /** Counts what a block decides beside the application's; an offense must be there once only. */
  #countItems({ core }: SimNode, height: bigint, engineData: Uint8Array): void {
    const { epochLength } = core.context.parameters;
    for (const { type, bytes } of decodeEngineData(engineData, height, epochLength)) {
      this.#items.set(type, (this.#items.get(type) ?? 0) + 1);
      if (type !== ENGINE_ITEM.EVIDENCE) continue;
      const contextOf = (epoch: bigint) => core.contextOf(epoch);
      const offense = offenseKey(decodeEvidence(bytes, contextOf), contextOf);
      if (this.#offenses.has(offense)) this.#violations.add(`included twice: ${offense}`);
      this.#offenses.add(offense);
    }
  }

  /** Those outside of the set get decided blocks by the chain's own relay. */
  #tellObservers(height: bigint): void {
    if (this.#options.epochs?.members === undefined) return;
    const { epochLength } = this.#world.context.parameters;
    const { validators } = this.#world.setOf(epochOf(height, epochLength));
    for (const observer of this.#nodes.slice(validators.length))
      this.#queue.push(this.#now + SYNC_US, () => this.#synchronize(observer));
  }

  /** The chain's own synchronization: blocks from whoever has them, a round trip each. */
  #synchronize(node: SimNode): void {
    const { height } = node.core;
    const source = this.#honest().find(({ isUp, applied }) => isUp && applied.has(height));
    const decision = source?.applied.get(height);
    if (source === undefined || decision === undefined || !node.isUp) return;
    const { proof, body } = decision;
    this.#queue.push(this.#now + SYNC_US, () => {
      node.step({ type: "synchronized", proof, body });
      if (node.core.height > height) this.#synchronize(node);
    });
  }

  #onEffect(node: SimNode, effect: Effect): void {
    if (effect.type === "behind") this.#synchronize(node);
    if (node.isByzantine) return;
    if (effect.type === "evidence") {
      const [type = 0] = effect.evidence;
      this.#proven.add(effect.validator);
      this.#evidence.add(keyOf(effect.evidence));
      this.#evidenceTypes.add(type);
      if (!this.#strategies.has(effect.validator))
        this.#violations.add(`evidence against honest validator ${effect.validator}`);
    }
    if (effect.type === "fatal") this.#violations.add(`fatal: ${effect.error.message}`);
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
      decisions: this.#decisions,
      isComplete: this.#remaining <= 0,
      violations: [...this.#violations],
      counts: this.#counts,
      decisionMessages,
      proposedUs: this.#proposedUs,
      bytes: this.#network.bytes,
      messages: this.#messages,
      maxView: this.#maxView,
      provenFaulty: [...this.#proven].sort((a, b) => a - b),
      evidence: this.#evidence.size,
      decidedItems: this.#items,
      forests: this.#forests,
      evidenceTypes: [...this.#evidenceTypes].sort((a, b) => a - b),
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
