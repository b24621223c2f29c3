/** One simulated validator: a core with its log, its application and its share of a processor. */
import { u32, u64 } from "../bytes.ts";
import type { CommitProof } from "../certificate.ts";
import { BbftCore } from "../core/core.ts";
import type { EpochContext } from "../core/epoch-context.ts";
import { type DecidedData, outcomeOf } from "../core/epoch-outcome.ts";
import type { NextEpoch } from "../core/epochs.ts";
import type { Check, Decision, Effect, Event, WalRecord } from "../core/events.ts";
import { encodeLatencyReport, latencyBytes, reportHeight } from "../core/latency-report.ts";
import { runCheck } from "../core/verify.ts";
import type { Parameters } from "../parameters.ts";
import { hash, SIGN_KIND } from "../signing.ts";
import { epochOf, isLastOfEpoch } from "../validator-set.ts";
import type { World } from "./world.ts";

/** What verifying and signing cost, microseconds of one processor. */
export interface CpuCosts {
  readonly signUs: number;
  /** One signature, or one combined one; votes of an aggregatable scheme are checked together. */
  readonly verifyUs: number;
}

export interface SimNodeHost {
  readonly now: number;
  schedule(delayUs: number, action: () => void): void;
  send(node: SimNode, effect: Extract<Effect, { type: "send" }>): void;
  onDecision(node: SimNode, decision: Decision): void;
  onEffect(node: SimNode, effect: Effect): void;
  /** What this validator measured to others, units of 100 microseconds. */
  measure(node: SimNode, target: number): number;
}

/** What happens at the ends of epochs; nothing when left out. */
export interface EpochPlan {
  /** How many of all validators, from the first on, are in the set of an epoch. */
  readonly members?: ((epoch: bigint) => number) | undefined;
  /** Parameters that an epoch changes for the next one. */
  readonly changes?: ReadonlyMap<bigint, Partial<Parameters>> | undefined;
  /** Do validators report what they measure? */
  readonly hasReports?: boolean | undefined;
}

interface LogEntry {
  readonly record: WalRecord;
  readonly isDurable: boolean;
}

export class SimNode {
  readonly index: number;
  readonly isByzantine: boolean;
  isUp = true;
  core: BbftCore;
  /** Height of the last durable commit of the application. */
  appHeight = 0n;
  lastView = 0;
  readonly #world: World;
  readonly #host: SimNodeHost;
  readonly #cpu: CpuCosts;
  readonly #blockBytes: number;
  readonly #plan: EpochPlan;
  /** What the application holds durably, by height. */
  readonly applied: Map<bigint, Decision> = new Map();
  #log: LogEntry[] = [];
  #timers: Map<string, number> = new Map();
  #timerCount = 0;
  #incarnation = 0;
  #cpuFree = 0;
  #queue: Event[] = [];
  #isBusy = false;

  constructor(input: {
    index: number;
    world: World;
    host: SimNodeHost;
    cpu: CpuCosts;
    isByzantine: boolean;
    blockBytes: number;
    plan: EpochPlan;
  }) {
    this.index = input.index;
    this.#world = input.world;
    this.#host = input.host;
    this.#cpu = input.cpu;
    this.isByzantine = input.isByzantine;
    this.#blockBytes = input.blockBytes;
    this.#plan = input.plan;
    this.core = this.#createCore(1n, undefined);
  }

  #createCore(height: bigint, lastProof: CommitProof | undefined): BbftCore {
    const { chainId, idKeys, genesisId, createContext } = this.#world;
    return new BbftCore({
      chainId,
      idKey: idKeys[this.index] ?? new Uint8Array(32),
      ...this.#contextsFor(height),
      createContext,
      identify,
      height,
      lastAppBlockId: lastProof?.appBlockId ?? genesisId,
      lastProof,
    });
  }

  /** The contexts for a height, worked out from the blocks that the application holds. */
  #contextsFor(height: bigint): {
    context: EpochContext;
    previousContext: EpochContext | undefined;
    decided: DecidedData[];
  } {
    let { context } = this.#world;
    const { epochLength } = context.parameters;
    const epoch = epochOf(height, epochLength);
    const blocksOf = (one: bigint): DecidedData[] =>
      [...this.applied.values()]
        .filter((decision) => decision.height < height)
        .filter((decision) => epochOf(decision.height, epochLength) === one)
        .map((decision) => ({ height: decision.height, engineData: decision.body.engineData }));
    let previousContext: EpochContext | undefined;
    let decided: DecidedData[] = [];
    while (context.epoch < epoch) {
      previousContext = context;
      decided = blocksOf(context.epoch);
      const set = this.#world.setOf(context.epoch + 1n);
      context = this.#world.createContext(set, context, outcomeOf(context, decided));
    }
    return { context, previousContext, decided: [...decided, ...blocksOf(epoch)] };
  }

  /** The same on every node: what the application wants of the next epoch. */
  #nextEpoch(height: bigint): NextEpoch {
    const { parameters, epoch } = this.core.context;
    if (!isLastOfEpoch(height, parameters.epochLength)) return {};
    const change = this.#plan.changes?.get(epoch);
    return {
      nextValidators: this.#plan.members === undefined ? undefined : this.#world.setOf(epoch + 1n),
      nextParameters: change === undefined ? undefined : { ...parameters, ...change },
    };
  }

  /** The own latency report, at the height drawn for it. */
  #report(height: bigint): void {
    const { chainId, idKeys, idSecrets, identity, context } = this.#world;
    const { epochLength } = context.parameters;
    const epoch = epochOf(height, epochLength);
    const members = this.#world.setOf(epoch).validators;
    const isDue =
      this.#plan.hasReports === true &&
      this.index < members.length &&
      height === reportHeight(chainId, epoch, this.index, epochLength);
    if (!isDue) return;
    const entries = members
      .map(({ idKey }, target) => ({ idKey, value: this.#host.measure(this, target), target }))
      .filter(({ target }) => target !== this.index)
      .map(({ idKey, value }) => ({ idKey, value }));
    const report = { epoch, idKey: idKeys[this.index] ?? new Uint8Array(32), entries };
    const secret = idSecrets[this.index] ?? new Uint8Array(32);
    const signature = identity.sign(secret, latencyBytes(chainId, report));
    this.#queue.push({ type: "latency", report: encodeLatencyReport({ ...report, signature }) });
  }

  get isAggregatable(): boolean {
    return this.#world.context.scheme.aggregatable;
  }

  start(): void {
    this.step({ type: "start" });
  }

  step(event: Event): void {
    if (!this.isUp) return;
    this.#queue.push(event);
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
      for (const effect of this.core.step(next)) this.#carryOut(effect);
    this.#isBusy = false;
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case "send":
        this.#host.send(this, effect);
        return;
      case "persist":
        this.#log.push({ record: effect.record, isDurable: false });
        if (effect.sync) this.#flush();
        return;
      case "sign": {
        const { kind, bytes } = effect.request;
        const { identity, context, idSecrets, voteSecrets } = this.#world;
        const isProposal = kind === SIGN_KIND.PROPOSAL;
        const secret = (isProposal ? idSecrets : voteSecrets)[this.index] ?? new Uint8Array(32);
        const signature = (isProposal ? identity : context.scheme).sign(secret, bytes);
        this.#after(this.#cpu.signUs, { type: "signed", id: effect.id, signature });
        return;
      }
      case "sign-identity": {
        const { identity, idSecrets } = this.#world;
        const signature = identity.sign(idSecrets[this.index] ?? new Uint8Array(32), effect.bytes);
        this.#after(this.#cpu.signUs, { type: "signed", id: effect.id, signature });
        return;
      }
      case "verify": {
        const invalid = runCheck(effect.check, this.#world.verifyContext);
        const { isAggregatable } = this;
        const cost =
          this.#cpu.verifyUs === 0
            ? 0
            : this.#cpu.verifyUs * checkWeight(effect.check, isAggregatable);
        this.#after(cost, { type: "verified", id: effect.id, invalid });
        return;
      }
      case "set-timer": {
        const id = ++this.#timerCount;
        this.#timers.set(effect.key, id);
        const incarnation = this.#incarnation;
        this.#host.schedule(effect.ms * 1000, () => {
          if (incarnation !== this.#incarnation || this.#timers.get(effect.key) !== id) return;
          this.#timers.delete(effect.key);
          this.step({ type: "timer", key: effect.key });
        });
        return;
      }
      case "clear-timer":
        this.#timers.delete(effect.key);
        return;
      case "prepare": {
        const { height, view } = effect;
        const appBlock = makeBlock(height, view, this.index);
        this.#queue.push({
          type: "prepared",
          height,
          view,
          appBlockId: identify(appBlock),
          appBlock,
          ...this.#nextEpoch(height),
        });
        return;
      }
      case "validate": {
        const { height, valueId } = effect;
        const next = this.#nextEpoch(height);
        this.#queue.push({ type: "validated", height, valueId, isAccepted: true, ...next });
        return;
      }
      case "commit": {
        const { decision } = effect;
        // The application is idempotent by height: a repeated commit changes nothing.
        if (decision.height > this.appHeight) {
          this.appHeight = decision.height;
          this.applied.set(decision.height, decision);
        }
        this.#host.onDecision(this, decision);
        const { nextValidators } = this.#nextEpoch(decision.height);
        this.#queue.push({ type: "committed", height: decision.height, nextValidators });
        this.#report(decision.height + 1n);
        return;
      }
      case "load": {
        const { to, height, what } = effect;
        const decision = this.applied.get(height);
        if (decision !== undefined) this.#queue.push({ type: "loaded", to, what, decision });
        return;
      }
      case "view":
        this.lastView = effect.view;
        this.#host.onEffect(this, effect);
        return;
      default:
        this.#host.onEffect(this, effect);
    }
  }

  /** Makes the log durable and drops what is before the last height that ended. */
  #flush(): void {
    const end = this.#log.findLastIndex(({ record }) => record.type === "end-height");
    this.#log = this.#log
      .slice(Math.max(0, end))
      .map(({ record }) => ({ record, isDurable: true }));
  }

  #after(costUs: number, event: Event): void {
    if (costUs === 0) {
      this.#queue.push(event);
      return;
    }
    this.#cpuFree = Math.max(this.#cpuFree, this.#host.now) + costUs;
    const incarnation = this.#incarnation;
    this.#host.schedule(this.#cpuFree - this.#host.now, () => {
      if (incarnation === this.#incarnation) this.step(event);
    });
  }

  /** Loses everything that was not flushed. */
  crash(): void {
    this.isUp = false;
    this.#incarnation++;
    this.#timers.clear();
    this.#queue = [];
    this.#isBusy = false;
    this.#log = this.#log.filter(({ isDurable }) => isDurable);
  }

  /** Comes back with what the log holds. */
  restart(): void {
    const ended = this.#log.reduce(
      (last, { record }) =>
        record.type === "end-height" && record.height > last ? record.height : last,
      0n,
    );
    this.core = this.#createCore(ended + 1n, this.applied.get(ended)?.proof);
    this.isUp = true;
    const effects = this.core.restore(this.#log.map(({ record }) => record));
    for (const effect of effects) this.#carryOut(effect);
    this.step({ type: "start" });
  }

  /** Bytes that the block of a proposal has beyond what the simulation moves around. */
  get blockBytes(): number {
    return this.#blockBytes;
  }
}

const identities: WeakMap<Uint8Array, Uint8Array> = new WeakMap();

/** The id of a simulated block: its hash, computed once for all validators. */
function identify(appBlock: Uint8Array): Uint8Array {
  const known = identities.get(appBlock);
  if (known !== undefined) return known;
  const id = hash(appBlock);
  identities.set(appBlock, id);
  return id;
}

function makeBlock(height: bigint, view: number, proposer: number): Uint8Array {
  return Uint8Array.from([...u64(height), ...u32(view), ...u32(proposer)]);
}

/** How many single verifications a check is worth. */
function checkWeight(check: Check, isAggregatable: boolean): number {
  switch (check.type) {
    case "parts":
      return isAggregatable ? 1 : check.parts.reduce((sum, { signers }) => sum + signers.length, 0);
    case "timeout-certificate":
      return check.certificate.groups.length + (check.certificate.highQc === undefined ? 0 : 1);
    case "all":
      return check.checks.reduce((sum, one) => sum + checkWeight(one, isAggregatable), 0);
    default:
      return 1;
  }
}
