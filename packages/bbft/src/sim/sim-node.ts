/** One simulated validator: a core with its log, its application and its share of a processor. */
import type { CommitProof } from "../certificate.ts";
import { BbftCore } from "../core/core.ts";
import type { Effect, Event } from "../core/events.ts";
import { runCheck } from "../core/verify.ts";
import { SIGN_KIND } from "../signing.ts";
import { ownReport } from "./own-report.ts";
import { type CpuCosts, Processor } from "./processor.ts";
import { type EpochPlan, identifyBlock, makeBlock, SimApplication } from "./sim-application.ts";
import { SimLog } from "./sim-log.ts";
import type { World } from "./world.ts";

export interface SimNodeHost {
  readonly now: number;
  schedule(delayUs: number, action: () => void): void;
  send(node: SimNode, effect: Extract<Effect, { type: "send" }>): void;
  onDecision(node: SimNode, committed: Extract<Effect, { type: "commit" }>): void;
  onEffect(node: SimNode, effect: Effect): void;
  /** What this validator measured to others, units of 100 microseconds. */
  measure(node: SimNode, target: number): number;
}

export class SimNode {
  readonly index: number;
  readonly isByzantine: boolean;
  /** Bytes that the block of a proposal has beyond what the simulation moves around. */
  readonly blockBytes: number;
  isUp = true;
  core: BbftCore;
  readonly application: SimApplication;
  readonly #world: World;
  readonly #host: SimNodeHost;
  readonly #processor: Processor;
  readonly #hasReports: boolean;
  readonly #log: SimLog = new SimLog();
  readonly #timers: Map<string, number> = new Map();
  #timerCount = 0;
  #incarnation = 0;
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
    this.isByzantine = input.isByzantine;
    this.blockBytes = input.blockBytes;
    this.application = new SimApplication(input.world, input.plan);
    this.#world = input.world;
    this.#host = input.host;
    this.#processor = new Processor(input.cpu, input.world.context.scheme.aggregatable);
    this.#hasReports = input.plan.hasReports === true;
    this.core = this.#createCore(1n, undefined);
  }

  #createCore(height: bigint, lastProof: CommitProof | undefined): BbftCore {
    const { chainId, idKeys, genesisId, createContext } = this.#world;
    return new BbftCore({
      chainId,
      idKey: idKeys[this.index] ?? new Uint8Array(32),
      ...this.application.contextsFor(height),
      createContext,
      remembersOffenses: true,
      identify: identifyBlock,
      height,
      lastAppBlockId: lastProof?.appBlockId ?? genesisId,
      lastProof,
    });
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
        this.#log.append(effect.record, effect.sync);
        return;
      case "sign": {
        const { kind, bytes } = effect.request;
        const { identity, context, idSecrets, voteSecrets } = this.#world;
        const isProposal = kind === SIGN_KIND.PROPOSAL;
        const secret = (isProposal ? idSecrets : voteSecrets)[this.index] ?? new Uint8Array(32);
        const signature = (isProposal ? identity : context.scheme).sign(secret, bytes);
        const delayUs = this.#processor.sign(this.#host.now);
        this.#after(delayUs, { type: "signed", id: effect.id, signature });
        return;
      }
      case "sign-identity": {
        const { identity, idSecrets } = this.#world;
        const signature = identity.sign(idSecrets[this.index] ?? new Uint8Array(32), effect.bytes);
        const delayUs = this.#processor.sign(this.#host.now);
        this.#after(delayUs, { type: "signed", id: effect.id, signature });
        return;
      }
      case "verify": {
        const invalid = runCheck(effect.check, this.#world.verifyContext);
        const delayUs = this.#processor.verify(this.#host.now, effect.check);
        this.#after(delayUs, { type: "verified", id: effect.id, invalid });
        return;
      }
      case "set-timer":
        this.#setTimer(effect.key, effect.ms);
        return;
      case "clear-timer":
        this.#timers.delete(effect.key);
        return;
      case "prepare": {
        const { height, view } = effect;
        const appBlock = makeBlock(height, view, this.index);
        const appBlockId = identifyBlock(appBlock);
        const next = this.application.nextEpoch(height, this.core.context);
        this.#queue.push({ type: "prepared", height, view, appBlockId, appBlock, ...next });
        return;
      }
      case "validate": {
        const { height, valueId } = effect;
        const next = this.application.nextEpoch(height, this.core.context);
        this.#queue.push({ type: "validated", height, valueId, isAccepted: true, ...next });
        return;
      }
      case "commit":
        this.#commit(effect);
        return;
      case "recall-epoch": {
        const { id, epoch } = effect;
        const context = this.#world.verifyContext.electorateOf(epoch);
        if (context !== undefined) this.#queue.push({ type: "epoch-recalled", id, ...context });
        return;
      }
      case "recall-offense": {
        const isKnown = this.application.hasOffense(effect.offense);
        this.#queue.push({ type: "offense-recalled", id: effect.id, isKnown });
        return;
      }
      case "load": {
        const { to, height, what } = effect;
        const decision = this.application.decisionAt(height);
        if (decision !== undefined) this.#queue.push({ type: "loaded", to, what, decision });
        return;
      }
      default:
        this.#host.onEffect(this, effect);
    }
  }

  #commit(committed: Extract<Effect, { type: "commit" }>): void {
    const { height } = committed.decision;
    this.application.commit(committed.decision, committed.offenses);
    this.#host.onDecision(this, committed);
    const { nextValidators } = this.application.nextEpoch(height, this.core.context);
    this.#queue.push({ type: "committed", height, nextValidators });
    if (!this.#hasReports) return;
    const measure = (target: number): number => this.#host.measure(this, target);
    const report = ownReport(this.#world, this.index, height + 1n, measure);
    if (report !== undefined) this.#queue.push({ type: "latency", report });
  }

  #setTimer(key: string, ms: number): void {
    const id = ++this.#timerCount;
    this.#timers.set(key, id);
    const incarnation = this.#incarnation;
    this.#host.schedule(ms * 1000, () => {
      if (incarnation !== this.#incarnation || this.#timers.get(key) !== id) return;
      this.#timers.delete(key);
      this.step({ type: "timer", key });
    });
  }

  #after(delayUs: number, event: Event): void {
    if (delayUs === 0) {
      this.#queue.push(event);
      return;
    }
    const incarnation = this.#incarnation;
    this.#host.schedule(delayUs, () => {
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
    this.#log.loseUnflushed();
  }

  /** Comes back with what the log holds. */
  restart(): void {
    const { lastEnded, records } = this.#log;
    this.core = this.#createCore(lastEnded + 1n, this.application.decisionAt(lastEnded)?.proof);
    this.isUp = true;
    for (const effect of this.core.restore(records)) this.#carryOut(effect);
    this.step({ type: "start" });
  }
}
