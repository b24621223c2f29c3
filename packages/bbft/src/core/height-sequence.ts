/**
 * Heights, one after the other: a height ends when its block is durable, and then the next begins.
 *
 * @see spec 90-bbft, section 13.2 "Height change"
 */
import type { ValidatorSet } from "../validator-set.ts";
import type { CatchUp } from "./catch-up.ts";
import type { ChainTip, CoreHost } from "./core-host.ts";
import type { CoreOptions } from "./core-options.ts";
import type { HeightCounts } from "./counters.ts";
import type { EngineState } from "./engine-state.ts";
import type { Decision } from "./events.ts";
import { HeightInstance } from "./height/height.ts";
import type { HeightHost } from "./height/host.ts";
import type { Value } from "./height/value-book.ts";
import type { MessageRouter } from "./message-router.ts";
import type { Offense } from "./offense.ts";
import type { OpenRequests } from "./open-requests.ts";
import type { PastHeights } from "./past-heights.ts";
import { LostLogSilence } from "./silence.ts";
import type { VotingRules } from "./voting-rules.ts";

interface SequenceParts {
  readonly engine: EngineState;
  readonly requests: OpenRequests;
  readonly past: PastHeights;
  readonly catchUp: CatchUp;
  readonly router: MessageRouter;
  readonly counts: HeightCounts;
  readonly rules: VotingRules;
}

export class HeightSequence {
  readonly #host: CoreHost;
  readonly #parts: SequenceParts;
  readonly #identify: CoreOptions["identify"];
  readonly #silence: LostLogSilence;
  #banned: Set<number> = new Set();
  #current: HeightInstance;
  #previous: HeightInstance | undefined;
  #tip: ChainTip;
  /** As the application computed it for the decided block. */
  #nextValidators: ValidatorSet | undefined;
  /** What the evidence of the decided block proves. */
  #offenses: readonly Offense[] = [];
  #isIntervalOver = true;
  #isCommitting = false;

  constructor(options: CoreOptions, host: CoreHost, parts: SequenceParts) {
    const { height = 1n, lastAppBlockId, lastProof, hasLostLog = false } = options;
    this.#host = host;
    this.#parts = parts;
    this.#identify = (appBlock) => options.identify(appBlock);
    this.#silence = new LostLogSilence(hasLostLog);
    this.#tip = { appBlockId: lastAppBlockId, proof: lastProof };
    this.#current = this.#createHeight(height);
  }

  /** The height being decided. */
  get current(): HeightInstance {
    return this.#current;
  }
  /** The height before it, whose last votes are still exchanged. */
  get previous(): HeightInstance | undefined {
    return this.#previous;
  }
  get tip(): ChainTip {
    return this.#tip;
  }
  get isSilent(): boolean {
    return this.#silence.isSilent;
  }
  /** Does the application apply a decided block just now? */
  get isCommitting(): boolean {
    return this.#isCommitting;
  }

  /** Is a height still worked on? */
  isLive(height: bigint): boolean {
    return height === this.#current.height || height === this.#previous?.height;
  }

  start(): void {
    if (this.#current.decided !== undefined || this.#isCommitting) return;
    const hasSigned = this.#parts.requests.lastSigned?.height === this.#current.height;
    if (this.#current.state.view > 0 || hasSigned) this.#current.resume();
    else this.#current.start();
  }

  onTimer(key: string): void {
    const [, height] = key.split("/");
    if (height !== undefined && this.#previous?.height === BigInt(height))
      this.#previous.onTimer(key);
    else this.#current.onTimer(key);
  }

  /** The next block need not be waited for any longer. */
  onIntervalOver(): void {
    this.#isIntervalOver = true;
    if (!this.#isCommitting && this.#current.decided === undefined) this.#current.start();
  }

  #createHeight(height: bigint): HeightInstance {
    const { requests, counts, rules, engine } = this.#parts;
    const { epochs, blockData, evidence, complaints } = engine;
    const core = this.#host;
    const context = epochs.at(height);
    const index = core.indexIn(context);
    const host: HeightHost = {
      chainId: core.chainId,
      index,
      context,
      height,
      lastAppBlockId: this.#tip.appBlockId,
      banned: this.#banned,
      rules,
      isSilent: () => index < 0 || this.#silence.isSilent,
      emit: (effect) => core.emit(effect),
      send: (to, message, stage) => core.send(to, message, stage, height),
      countLoopback: (copy) => {
        counts.open(height).loopback[copy]++;
      },
      verify: (check, then) => requests.verify(check, then),
      sign: (request, then) => requests.sign(request, then),
      persist: (record, sync) => core.emit({ type: "persist", record, sync }),
      identify: this.#identify,
      makeEngineData: (next) => blockData.make(height, context, next),
      checkEngineData: (bytes, then) => blockData.check(height, context, bytes, then),
      isNextEpochRight: (bytes, next) => blockData.isNextEpochRight(height, context, bytes, next),
      report: (found) => evidence.report(found),
      complain: (gateway) => complaints.complain(gateway),
      recordAttach: (gateway, member) => complaints.recordAttach(gateway, member, height),
      onDecided: (proof, value, body, isLive) => {
        this.#silence.onDecided(context.epoch, isLive);
        this.#onDecided({ height, proof, body, view: proof.certificate.view }, value);
      },
    };
    return new HeightInstance(host);
  }

  #onDecided(decision: Decision, value: Value): void {
    const { height, proof } = decision;
    const { emit, context } = this.#host;
    const ms = context.parameters.blockIntervalMs;
    this.#isCommitting = true;
    this.#isIntervalOver = false;
    this.#parts.past.add(decision);
    emit({ type: "clear-timer", key: "catch-up" });
    emit({ type: "set-timer", key: "interval", ms });
    // Not flushed: who loses it gets the proof again, and the application's commit is durable.
    emit({ type: "persist", record: { type: "decided", height, proof }, sync: false });
    this.#nextValidators = value.next.nextValidators;
    const data = { height, engineData: decision.body.engineData };
    this.#parts.engine.blockData.offensesIn(data, (offenses) => {
      this.#offenses = offenses;
      emit({ type: "commit", decision, offenses });
    });
  }

  /** The decided block is durable. */
  onCommitted(nextValidators: ValidatorSet | undefined): void {
    const { engine, past, catchUp, router } = this.#parts;
    const { height } = this.#current;
    const decision = past.find(height);
    if (decision === undefined || !this.#isCommitting) return;
    const { proof } = decision;
    const record = { type: "end-height", height, proof } as const;
    this.#host.emit({ type: "persist", record, sync: false });
    this.#isCommitting = false;
    this.#tip = { appBlockId: proof.appBlockId, proof };
    const wanted = nextValidators ?? this.#nextValidators;
    if (engine.onCommitted(decision, wanted, this.#offenses)) this.#banned = new Set();
    this.#previous = this.#current;
    this.#current = this.#createHeight(height + 1n);
    if (this.#silence.endsWith(this.#current.epoch))
      this.#host.emit({ type: "persist", record: { type: "complete" }, sync: true });
    past.startHeight();
    engine.complaints.startHeight();
    catchUp.startHeight((from, message) => router.onMessage(from, message));
    if (this.#isIntervalOver) this.#current.start();
  }
}
