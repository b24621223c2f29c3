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
import type { ValidatorSet } from "../validator-set.ts";
import { CatchUp } from "./catch-up.ts";
import type { ChainTip, CoreHost } from "./core-host.ts";
import type { CoreOptions } from "./core-options.ts";
import {
  addCounts,
  countSent,
  createCounts,
  HeightCounts,
  type MessageCounts,
} from "./counters.ts";
import { EngineState } from "./engine-state.ts";
import type { EpochContext } from "./epoch-context.ts";
import type { Decision, Effect, Event, SignState, Stage, WalRecord } from "./events.ts";
import { HeightInstance } from "./height/height.ts";
import type { HeightHost } from "./height/host.ts";
import type { Value } from "./height/value-book.ts";
import { restoreHeight } from "./log-recovery.ts";
import type { Message } from "./message.ts";
import type { DecodeContext } from "./message-codec.ts";
import { MessageRouter } from "./message-router.ts";
import type { Offense } from "./offense.ts";
import { OpenRequests } from "./open-requests.ts";
import { PastHeights } from "./past-heights.ts";
import { LostLogSilence } from "./silence.ts";
import { VOTING_RULES, type VotingRules } from "./voting-rules.ts";

export class BbftCore {
  readonly #options: CoreOptions;
  readonly #engine: EngineState;
  readonly #silence: LostLogSilence;
  readonly #rules: VotingRules;
  readonly #requests: OpenRequests;
  readonly #past: PastHeights;
  readonly #catchUp: CatchUp;
  readonly #router: MessageRouter;
  readonly #counts: HeightCounts = new HeightCounts();
  #banned: Set<number> = new Set();
  #effects: Effect[] = [];
  #current: HeightInstance;
  #previous: HeightInstance | undefined;
  #tip: ChainTip;
  /** As the application computed it for the decided block. */
  #nextValidators: ValidatorSet | undefined;
  /** What the evidence of the decided block proves. */
  #offenses: readonly Offense[] = [];
  #isIntervalOver = true;
  #isCommitting = false;
  #isStopped = false;

  constructor(options: CoreOptions) {
    this.#options = options;
    const { context, height = 1n, lastAppBlockId, lastProof, decided = [] } = options;
    this.#tip = { appBlockId: lastAppBlockId, proof: lastProof };
    const host = this.#createHost();
    const engine = new EngineState(host, options);
    this.#engine = engine;
    this.#silence = new LostLogSilence(options.hasLostLog === true, context.epoch);
    const { rules = VOTING_RULES } = options;
    this.#rules = rules;
    this.#requests = new OpenRequests((effect) => this.#emit(effect), rules);
    const past = new PastHeights(host);
    this.#past = past;
    const catchUp = new CatchUp(host);
    this.#catchUp = catchUp;
    this.#router = new MessageRouter(host, { engine, past, catchUp });
    this.#current = this.#createHeight(height);
    for (const block of decided) engine.blockData.onDecided(block, context.epoch);
  }

  #createHost(): CoreHost {
    const self = this;
    return {
      chainId: this.#options.chainId,
      get current(): HeightInstance {
        return self.#current;
      },
      get previous(): HeightInstance | undefined {
        return self.#previous;
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
      contextOf: (epoch) => this.contextOf(epoch),
      remembersOffenses: this.#options.remembersOffenses === true,
      recallEpoch: (epoch, then) => this.#requests.recallEpoch(epoch, then),
      recallOffense: (offense, then) => this.#requests.recallOffense(offense, then),
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
    return this.#counts.find(height);
  }

  /** Own index in the set of an epoch; -1 for an observer. */
  indexIn(context: EpochContext): number {
    const { validators } = context.electorate.set;
    return validators.findIndex(({ idKey }) => sameBytes(idKey, this.#options.idKey));
  }

  /** Context of the current epoch or the one before. */
  contextOf(epoch: bigint): EpochContext | undefined {
    return this.#engine.epochs.find(epoch);
  }

  /** Who voted in an epoch: one of the last two, or one whose evidence is looked at just now. */
  electorateOf(epoch: bigint): DecodeContext | undefined {
    return this.#engine.evidence.contextOf(epoch);
  }

  /** Context of the height being decided. */
  get context(): EpochContext {
    return this.#engine.epochs.at(this.#current.height);
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
        this.#router.onMessage(event.from, event.message, event.envelope);
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
      case "epoch-recalled":
        this.#requests.onEpochRecalled(event.id, event);
        return;
      case "offense-recalled":
        this.#requests.onOffenseRecalled(event.id, event.isKnown);
        return;
      case "latency":
        this.#engine.reports.onOwn(event.report);
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

  #send(to: readonly number[], message: Message, stage: Stage, height: bigint): void {
    if (to.length === 0) return;
    countSent(this.#counts.open(height), stage, message, to.length);
    this.#emit({ type: "send", to, message, stage });
  }

  // Heights

  #createHeight(height: bigint): HeightInstance {
    const { epochs, blockData, evidence, complaints } = this.#engine;
    const context = epochs.at(height);
    const index = this.indexIn(context);
    const requests = this.#requests;
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
        this.#counts.open(height).loopback[copy]++;
      },
      verify: (check, then) => requests.verify(check, then),
      sign: (request, then) => requests.sign(request, then),
      persist: (record, sync) => this.#emit({ type: "persist", record, sync }),
      identify: (appBlock) => this.#options.identify(appBlock),
      makeEngineData: (next) => blockData.make(height, context, next),
      checkEngineData: (bytes, then) => blockData.check(height, context, bytes, then),
      isNextEpochRight: (bytes, next) => blockData.isNextEpochRight(height, context, bytes, next),
      report: (found) => evidence.report(found),
      complain: (gateway) => complaints.complain(gateway),
      recordAttach: (gateway, member) => complaints.recordAttach(gateway, member, height),
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
    const data = { height, engineData: decision.body.engineData };
    this.#engine.blockData.offensesIn(data, (offenses) => {
      this.#offenses = offenses;
      this.#emit({ type: "commit", decision, offenses });
    });
  }

  #onCommitted(nextValidators: ValidatorSet | undefined): void {
    const { height } = this.#current;
    const decision = this.#past.find(height);
    if (decision === undefined || !this.#isCommitting) return;
    const { proof } = decision;
    this.#emit({ type: "persist", record: { type: "end-height", height, proof }, sync: false });
    this.#isCommitting = false;
    this.#tip = { appBlockId: proof.appBlockId, proof };
    const wanted = nextValidators ?? this.#nextValidators;
    if (this.#engine.onCommitted(decision, wanted, this.#offenses)) this.#banned = new Set();
    this.#previous = this.#current;
    this.#current = this.#createHeight(height + 1n);
    this.#past.startHeight();
    this.#engine.complaints.startHeight();
    this.#catchUp.startHeight((from, message) => this.#router.onMessage(from, message));
    if (this.#isIntervalOver) this.#current.start();
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
