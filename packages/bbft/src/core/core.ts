/**
 * The consensus core of one validator: events in, effects out.
 *
 * Pure, synchronous and deterministic: the same events give the same effects. It knows no clock,
 * no network and no disk; the host carries the effects out in order and brings the outcomes back.
 * Here heights follow each other; what goes on within one is in `height/`.
 *
 * @see spec 90-bbft, sections 6 to 10, 12, 13 and 15
 */
import { sameBytes } from "../bytes.ts";
import { decodeParameters, encodeParameters } from "../parameters.ts";
import { isLastOfEpoch, type ValidatorSet } from "../validator-set.ts";
import { BlockData } from "./block-data.ts";
import { CatchUp } from "./catch-up.ts";
import { ComplaintPool } from "./complaint-pool.ts";
import type { ChainTip, CoreHost } from "./core-host.ts";
import type { CoreOptions } from "./core-options.ts";
import { addCounts, countSent, createCounts, type MessageCounts } from "./counters.ts";
import { dispatch, isCall, isLateExchange } from "./dispatch.ts";
import { decodeEngineData, ENGINE_ITEM, findItem } from "./engine-data.ts";
import type { EpochContext } from "./epoch-context.ts";
import { concludeEpoch } from "./epoch-outcome.ts";
import { Epochs, followingSet } from "./epochs.ts";
import type { Decision, Effect, Event, SignState, Stage, WalRecord } from "./events.ts";
import { EvidencePool } from "./evidence-pool.ts";
import { HeightInstance } from "./height/height.ts";
import type { HeightHost } from "./height/host.ts";
import type { Value } from "./height/value-book.ts";
import { restoreHeight } from "./log-recovery.ts";
import { heightOf, type Message } from "./message.ts";
import { OpenRequests } from "./open-requests.ts";
import { KEPT_HEIGHTS, PastHeights } from "./past-heights.ts";
import { ReportPool } from "./report-pool.ts";
import { LostLogSilence } from "./silence.ts";
import { VOTING_RULES, type VotingRules } from "./voting-rules.ts";

export class BbftCore {
  readonly #options: CoreOptions;
  readonly #epochs: Epochs;
  readonly #silence: LostLogSilence;
  readonly #rules: VotingRules;
  readonly #requests: OpenRequests;
  readonly #past: PastHeights;
  readonly #catchUp: CatchUp;
  readonly #evidence: EvidencePool;
  readonly #reports: ReportPool;
  readonly #complaints: ComplaintPool;
  readonly #blockData: BlockData;
  readonly #counts: Map<bigint, MessageCounts> = new Map();
  #banned: Set<number> = new Set();
  #effects: Effect[] = [];
  #current: HeightInstance;
  #previous: HeightInstance | undefined;
  #tip: ChainTip;
  /** As the application computed it for the decided block. */
  #nextValidators: ValidatorSet | undefined;
  #isIntervalOver = true;
  #isCommitting = false;
  #isStopped = false;

  constructor(options: CoreOptions) {
    this.#options = options;
    const { context, height = 1n, lastAppBlockId, lastProof, decided = [] } = options;
    this.#tip = { appBlockId: lastAppBlockId, proof: lastProof };
    const host = this.#createHost();
    const epochs = new Epochs(context, options.previousContext);
    const evidence = new EvidencePool(host);
    const reports = new ReportPool(host);
    const complaints = new ComplaintPool(host);
    this.#epochs = epochs;
    this.#evidence = evidence;
    this.#reports = reports;
    this.#complaints = complaints;
    this.#silence = new LostLogSilence(options.hasLostLog === true, context.epoch);
    const { rules = VOTING_RULES } = options;
    this.#rules = rules;
    this.#requests = new OpenRequests((effect) => this.#emit(effect), rules);
    this.#past = new PastHeights(host);
    this.#catchUp = new CatchUp(host);
    this.#blockData = new BlockData(host, { epochs, evidence, reports, complaints });
    this.#current = this.#createHeight(height);
    for (const block of decided) this.#blockData.onDecided(block, context.epoch);
  }

  #createHost(): CoreHost {
    const self = this;
    return {
      chainId: this.#options.chainId,
      get current(): HeightInstance {
        return self.#current;
      },
      get context(): EpochContext {
        return self.context;
      },
      get tip(): ChainTip {
        return self.#tip;
      },
      get isCommitting(): boolean {
        return self.#isCommitting;
      },
      get index(): number {
        return self.indexIn(self.context);
      },
      contextOf: (epoch) => this.#epochs.find(epoch),
      emit: (effect) => this.#emit(effect),
      signIdentity: (bytes, then) => this.#requests.signIdentity(bytes, then),
      send: (to, message, stage, height) => this.#send(to, message, stage, height),
      verify: (check, then) => this.#requests.verify(check, then),
    };
  }

  /** Height being decided. */
  get height(): bigint {
    return this.#current.height;
  }
  /** View of the height being decided. */
  get view(): number {
    return this.#current.state.view;
  }
  /** @internal the height being decided, for simulation and tests */
  get current(): HeightInstance {
    return this.#current;
  }
  /** The last signature given. */
  get lastSigned(): SignState | undefined {
    return this.#requests.lastSigned;
  }

  /** The decision of one of the last 16 heights. */
  decision(height: bigint): Decision | undefined {
    return this.#past.find(height);
  }

  /** Messages that this validator sent for one of the last 16 heights. */
  counts(height: bigint): MessageCounts {
    return this.#counts.get(height) ?? createCounts();
  }

  /** Own index in the set of an epoch; -1 for an observer. */
  indexIn(context: EpochContext): number {
    const { validators } = context.electorate.set;
    return validators.findIndex(({ idKey }) => sameBytes(idKey, this.#options.idKey));
  }

  contextOf(epoch: bigint): EpochContext | undefined {
    return this.#epochs.find(epoch);
  }

  /** Context of the height being decided. */
  get context(): EpochContext {
    return this.#epochs.at(this.#current.height);
  }

  /**
   * Takes one event in.
   *
   * @returns what the host must do now, in this order
   */
  step(event: Event): Effect[] {
    if (this.#isStopped) return [];
    this.#effects = [];
    this.#handle(event);
    return this.#takeEffects();
  }

  #takeEffects(): Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  #emit(effect: Effect): void {
    if (this.#isStopped) return;
    this.#effects.push(effect);
    if (effect.type === "fatal") this.#isStopped = true;
  }

  #handle(event: Event): void {
    switch (event.type) {
      case "start":
        this.#onStart();
        return;
      case "message":
        this.#onMessage(event.from, event.message, event.envelope);
        return;
      case "timer":
        this.#onTimer(event.key);
        return;
      case "connected":
        this.#current.onConnected(event.peer);
        return;
      case "verified":
        this.#requests.onVerified(event.id, event.invalid);
        return;
      case "signed":
        this.#requests.onSigned(event.id, event.signature, (height) => this.#isLive(height));
        return;
      case "prepared":
        if (event.height === this.#current.height)
          this.#current.onPrepared(event.view, event, event);
        return;
      case "validated":
        if (event.height === this.#current.height)
          this.#current.onValidated(event.valueId, event.isAccepted, event);
        return;
      case "committed":
        if (event.height === this.#current.height) this.#onCommitted(event.nextValidators);
        return;
      case "synchronized":
        if (event.proof.certificate.height === this.#current.height)
          this.#current.onCommitProof(-1, event.proof, event.body);
        return;
      case "loaded":
        this.#past.answer(event.to, event.what, event.decision);
        return;
      case "latency":
        this.#reports.onOwn(event.report);
        return;
      case "ready":
        this.#onIntervalOver();
        return;
      default:
        event satisfies never;
    }
  }

  #onStart(): void {
    if (this.#current.decided !== undefined || this.#isCommitting) return;
    const hasSigned = this.lastSigned?.height === this.#current.height;
    if (this.#current.state.view > 0 || hasSigned) this.#current.resume();
    else this.#current.start();
  }

  #isLive(height: bigint): boolean {
    return height === this.#current.height || height === this.#previous?.height;
  }

  #onTimer(key: string): void {
    if (key === "interval") this.#onIntervalOver();
    else if (key === "catch-up") this.#catchUp.askForProof();
    else {
      const [, height] = key.split("/");
      if (height !== undefined && this.#previous?.height === BigInt(height))
        this.#previous.onTimer(key);
      else this.#current.onTimer(key);
    }
  }

  #onIntervalOver(): void {
    this.#isIntervalOver = true;
    if (!this.#isCommitting && this.#current.decided === undefined) this.#current.start();
  }

  // Messages

  #onMessage(from: number, message: Message, envelope?: Uint8Array): void {
    if (message.type === "evidence") {
      this.#evidence.onMessage(message.evidence);
      return;
    }
    if (message.type === "latency-report") {
      this.#reports.onMessage(message.report);
      return;
    }
    if (message.type === "complaint") {
      this.#complaints.onMessage(message.complaint);
      return;
    }
    const height = heightOf(message);
    if (height === undefined) return;
    if (message.type === "proof-request") {
      this.#past.give(from, height, "proof");
      return;
    }
    if (message.type === "block-request" && height < this.#current.height) {
      this.#past.give(from, height, "body");
      return;
    }
    if (height > this.#current.height) this.#catchUp.onFuture(from, height, message);
    else if (height === this.#current.height)
      this.#dispatch(this.#current, from, message, envelope);
    else if (height === this.#previous?.height && isLateExchange(message))
      this.#dispatch(this.#previous, from, message, envelope);
    else if (isCall(message)) this.#onLateCall(from, height, message);
  }

  /** Somebody is still at a height that is over here. */
  #onLateCall(from: number, height: bigint, message: Message): void {
    if (message.type === "attach" && this.#past.find(height)?.view === message.view)
      this.#complaints.recordLateAttach(from, height, message.view);
    if (message.type === "attach" && height === this.#previous?.height)
      this.#previous.giveProposal(from);
    this.#past.give(from, height, "proof");
  }

  #dispatch(
    instance: HeightInstance,
    from: number,
    message: Message,
    envelope: Uint8Array | undefined,
  ): void {
    dispatch(instance, from, message, this.context.parameters.epochLength, envelope);
  }

  #send(to: readonly number[], message: Message, stage: Stage, height: bigint): void {
    if (to.length === 0) return;
    countSent(this.#countsFor(height), stage, message, to.length);
    this.#emit({ type: "send", to, message, stage });
  }

  #countsFor(height: bigint): MessageCounts {
    const known = this.#counts.get(height);
    if (known !== undefined) return known;
    const counts = createCounts();
    this.#counts.set(height, counts);
    this.#counts.delete(height - KEPT_HEIGHTS);
    return counts;
  }

  // Heights

  #createHeight(height: bigint): HeightInstance {
    const context = this.#epochs.at(height);
    const index = this.indexIn(context);
    const requests = this.#requests;
    const blockData = this.#blockData;
    const host: HeightHost = {
      chainId: this.#options.chainId,
      index,
      context,
      height,
      lastAppBlockId: this.#tip.appBlockId,
      banned: this.#banned,
      rules: this.#rules,
      isSilent: () => index < 0 || this.#silence.isSilent(context.epoch),
      emit: (effect) => this.#emit(effect),
      send: (to, message, stage) => this.#send(to, message, stage, height),
      countLoopback: (copy) => {
        this.#countsFor(height).loopback[copy]++;
      },
      verify: (check, then) => requests.verify(check, then),
      sign: (request, then) => requests.sign(request, then),
      persist: (record, sync) => this.#emit({ type: "persist", record, sync }),
      identify: (appBlock) => this.#options.identify(appBlock),
      makeEngineData: (next) => blockData.make(height, context, next),
      checkEngineData: (bytes, then) => blockData.check(height, context, bytes, then),
      isNextEpochRight: (bytes, next) => blockData.isNextEpochRight(height, context, bytes, next),
      report: (evidence) => this.#evidence.report(evidence),
      complain: (gateway) => this.#complaints.complain(gateway),
      recordAttach: (gateway, member) => this.#complaints.recordAttach(gateway, member, height),
      onDecided: (proof, value, body) =>
        this.#onDecided({ height, proof, body, view: proof.certificate.view }, value),
    };
    return new HeightInstance(host);
  }

  #onDecided(decision: Decision, value: Value): void {
    const { height, proof } = decision;
    const ms = this.context.parameters.blockIntervalMs;
    this.#isCommitting = true;
    this.#silence.onDecided();
    this.#isIntervalOver = false;
    this.#past.add(decision);
    this.#emit({ type: "clear-timer", key: "catch-up" });
    this.#emit({ type: "set-timer", key: "interval", ms });
    // Not flushed: who loses it gets the proof again, and the application's commit is durable.
    this.#emit({ type: "persist", record: { type: "decided", height, proof }, sync: false });
    this.#nextValidators = value.next.nextValidators;
    this.#emit({ type: "commit", decision });
  }

  #onCommitted(nextValidators: ValidatorSet | undefined): void {
    const { height } = this.#current;
    const decision = this.#past.find(height);
    if (decision === undefined || !this.#isCommitting) return;
    const { proof } = decision;
    this.#emit({ type: "persist", record: { type: "end-height", height, proof }, sync: false });
    this.#isCommitting = false;
    this.#tip = { appBlockId: proof.appBlockId, proof };
    this.#applyData(decision, nextValidators ?? this.#nextValidators);
    this.#previous = this.#current;
    this.#current = this.#createHeight(height + 1n);
    this.#past.startHeight();
    this.#complaints.startHeight();
    this.#catchUp.startHeight((from, message) => this.#onMessage(from, message));
    if (this.#isIntervalOver) this.#current.start();
  }

  /** Takes in the engine data of a decided block; after the last of an epoch the next begins. */
  #applyData({ height, body }: Decision, nextValidators: ValidatorSet | undefined): void {
    const { context } = this;
    const { engineData } = body;
    this.#blockData.onDecided({ height, engineData }, context.epoch);
    const { epochLength } = context.parameters;
    if (!isLastOfEpoch(height, epochLength)) return;
    const encoded = findItem(decodeEngineData(engineData, height, epochLength), ENGINE_ITEM.PARAMS);
    const parameters = encoded === undefined ? context.parameters : decodeParameters(encoded);
    const outcome = concludeEpoch(context, {
      latencyReports: this.#reports.decided,
      complaints: this.#complaints.decided,
      parameters,
    });
    const set = followingSet(context, nextValidators);
    const next = this.#options.createContext(set, context, outcome);
    if (encoded !== undefined && !sameBytes(encodeParameters(next.parameters), encoded))
      throw new RangeError("createContext must take over the parameters that were decided");
    this.#epochs.enter(next);
    this.#reports.startEpoch();
    this.#complaints.startEpoch();
    this.#evidence.startEpoch(next.epoch);
    this.#banned = new Set();
  }

  // Restart

  /**
   * Takes in the records of the write-ahead log, in their order, before the first event. Nothing
   * is sent. A height that was decided but not ended is applied again after `start`.
   *
   * @throws {@link BbftError} `wal` when the records do not continue the chain this core was given
   */
  restore(records: Iterable<WalRecord>): Effect[] {
    const decided = restoreHeight(this.#current, records, (state) => this.#requests.restore(state));
    this.#effects = [];
    if (decided !== undefined) this.#current.onCommitProof(-1, decided);
    return this.#takeEffects();
  }

  /** Sums the counters of several validators for a height. */
  static totalCounts(cores: Iterable<BbftCore>, height: bigint): MessageCounts {
    const total = createCounts();
    for (const core of cores) addCounts(total, core.counts(height));
    return total;
  }
}
