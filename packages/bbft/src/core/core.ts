/**
 * The consensus core of one validator: events in, effects out.
 *
 * Pure, synchronous and deterministic: the same events give the same effects. It knows no clock,
 * no network and no disk; the host carries the effects out in order and brings the outcomes back.
 * Heights follow each other in `height-sequence.ts`; what goes on within one is in `height/`.
 *
 * @see spec 90-bbft, sections 6 to 10, 12, 13 and 15
 */
import { sameBytes } from "../bytes.ts";
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
import type { HeightInstance } from "./height/height.ts";
import { HeightSequence } from "./height-sequence.ts";
import { restoreHeight } from "./log-recovery.ts";
import type { Message } from "./message.ts";
import type { DecodeContext } from "./message-codec.ts";
import { MessageRouter } from "./message-router.ts";
import { OpenRequests } from "./open-requests.ts";
import { PastHeights } from "./past-heights.ts";
import { VOTING_RULES } from "./voting-rules.ts";

export class BbftCore {
  readonly #idKey: Uint8Array;
  readonly #engine: EngineState;
  readonly #requests: OpenRequests;
  readonly #past: PastHeights;
  readonly #catchUp: CatchUp;
  readonly #router: MessageRouter;
  readonly #heights: HeightSequence;
  readonly #counts: HeightCounts = new HeightCounts();
  #effects: Effect[] = [];
  #isStopped = false;

  constructor(options: CoreOptions) {
    this.#idKey = options.idKey;
    const { context, rules = VOTING_RULES, decided = [] } = options;
    const host = this.#createHost(options);
    const engine = new EngineState(host, options);
    const requests = new OpenRequests((effect) => this.#emit(effect), rules);
    const past = new PastHeights(host);
    const catchUp = new CatchUp(host);
    const router = new MessageRouter(host, { engine, past, catchUp });
    const counts = this.#counts;
    this.#engine = engine;
    this.#requests = requests;
    this.#past = past;
    this.#catchUp = catchUp;
    this.#router = router;
    const parts = { engine, requests, past, catchUp, router, counts, rules };
    this.#heights = new HeightSequence(options, host, parts);
    for (const block of decided) engine.blockData.onDecided(block, context.epoch);
  }

  #createHost({ chainId, remembersOffenses = false }: CoreOptions): CoreHost {
    const self = this;
    return {
      chainId,
      remembersOffenses,
      get current(): HeightInstance {
        return self.current;
      },
      get previous(): HeightInstance | undefined {
        return self.#heights.previous;
      },
      get context(): EpochContext {
        return self.context;
      },
      get tip(): ChainTip {
        return self.#heights.tip;
      },
      get isCommitting(): boolean {
        return self.#heights.isCommitting;
      },
      get index(): number {
        return self.indexIn(self.context);
      },
      indexIn: (context) => this.indexIn(context),
      contextOf: (epoch) => this.contextOf(epoch),
      recallEpoch: (epoch, then) => this.#requests.recallEpoch(epoch, then),
      recallOffense: (offense, then) => this.#requests.recallOffense(offense, then),
      emit: (effect) => this.#emit(effect),
      signIdentity: (bytes, then) => this.#requests.signIdentity(bytes, then),
      send: (to, message, stage, height) => this.#send(to, message, stage, height),
      report: (evidence) => this.#engine.evidence.report(evidence),
      verify: (check, then) => this.#requests.verify(check, then),
    };
  }

  /** Height being decided. */
  get height(): bigint {
    return this.current.height;
  }
  /** View of the height being decided. */
  get view(): number {
    return this.current.state.view;
  }
  /** @internal the height being decided, for simulation and tests */
  get current(): HeightInstance {
    return this.#heights.current;
  }
  /** Does it follow without signing, because its log was lost? */
  get isSilent(): boolean {
    return this.#heights.isSilent;
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
    return validators.findIndex(({ idKey }) => sameBytes(idKey, this.#idKey));
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
    return this.#engine.epochs.at(this.height);
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
        this.#heights.start();
        return;
      case "message":
        this.#router.onMessage(event.from, event.message, event.envelope);
        return;
      case "timer":
        this.#onTimer(event.key);
        return;
      case "connected":
        this.current.onConnected(event.peer);
        return;
      case "verified":
        this.#requests.onVerified(event.id, event.invalid);
        return;
      case "signed":
        this.#requests.onSigned(event.id, event.signature, (at) => this.#heights.isLive(at));
        return;
      case "prepared":
        if (event.height === this.height) this.current.onPrepared(event.view, event, event);
        return;
      case "validated":
        if (event.height === this.height)
          this.current.onValidated(event.valueId, event.isAccepted, event);
        return;
      case "committed":
        if (event.height === this.height) this.#heights.onCommitted(event.nextValidators);
        return;
      case "synchronized":
        if (event.proof.certificate.height === this.height)
          this.current.onCommitProof(-1, event.proof, event.body);
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
      case "evidence":
        this.#engine.evidence.onSubmitted(event.evidence);
        return;
      case "latency":
        this.#engine.reports.onOwn(event.report);
        return;
      case "ready":
        this.#heights.onIntervalOver();
        return;
      default:
        event satisfies never;
    }
  }

  #onTimer(key: string): void {
    if (key === "interval") this.#heights.onIntervalOver();
    else if (key === "catch-up") this.#catchUp.askForProof();
    else this.#heights.onTimer(key);
  }

  #send(to: readonly number[], message: Message, stage: Stage, height: bigint): void {
    if (to.length === 0) return;
    countSent(this.#counts.open(height), stage, message, to.length);
    this.#emit({ type: "send", to, message, stage });
  }

  /**
   * Takes in the records of the write-ahead log, in their order, before the first event. Nothing
   * is sent. A height that was decided but not ended is applied again after `start`.
   *
   * @throws {@link BbftError} `wal` when the records do not continue the chain this core was given
   */
  restore(records: Iterable<WalRecord>): Effect[] {
    const decided = restoreHeight(this.current, records, (state) => this.#requests.restore(state));
    this.#effects = [];
    if (decided !== undefined) this.current.onCommitProof(-1, decided);
    return this.#takeEffects();
  }

  /** Sums the counters of several validators for a height. */
  static totalCounts(cores: Iterable<BbftCore>, height: bigint): MessageCounts {
    const total = createCounts();
    for (const core of cores) addCounts(total, core.counts(height));
    return total;
  }
}
