/**
 * A validator: the core, and everything it is connected to.
 *
 * Effects are carried out one after the other, so nothing is sent before what precedes it in the
 * log is flushed. The slow ones (application, verification) run beside and come back as events.
 *
 * @see spec 90-bbft, section 16 "Library interfaces" and 15 "Durability"
 */
import { sameBytes } from "../bytes.ts";
import { BbftCore } from "../core/core.ts";
import type { EpochContext } from "../core/epoch-context.ts";
import type { Decision, Effect, Event, SignState, WalRecord } from "../core/events.ts";
import { runCheck } from "../core/verify.ts";
import { BbftError } from "../error.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { Inbox } from "./inbox.ts";
import type {
  Application,
  Clock,
  Signer,
  Transport,
  Verifier,
  Wal,
  WalEntry,
} from "./interfaces.ts";
import { measureLatency } from "./latency-measurement.ts";
import { LogTruncation } from "./log-truncation.ts";
import { Outbox, type Receiver } from "./outbox.ts";
import { type CreateContext, findStartingPoint } from "./starting-point.ts";
import { Synchronization } from "./synchronization.ts";
import { type Firing, NodeTimers } from "./timers.ts";
import {
  decodeWalRecord,
  encodeEpoch,
  encodeWalRecord,
  endedHeight,
  epochOfEntry,
  signStateOf,
} from "./wal-codec.ts";

/** Events that may wait; messages beyond are dropped, as any network may drop them. */
const MAX_QUEUE = 20_000;

export interface NodeOptions {
  readonly chainId: Uint8Array;
  readonly idKey: Uint8Array;
  readonly epochLength: number;
  /** Verifies envelopes and proposals. */
  readonly identity: Pick<SignatureScheme, "verify">;
  /** Topology, scheme and parameters for a validator set, see `createContextFactory`. */
  readonly createContext: CreateContext;
  /** The log is known to be lost: stay silent until signing is safe again. */
  readonly hasLostLog?: boolean | undefined;
}

export interface NodeModules {
  readonly application: Application;
  readonly transport: Transport;
  /** Made after the log was read, with the last signature in it. */
  createSigner(last: SignState | undefined): Signer;
  readonly clock: Clock;
  readonly wal: Wal;
  readonly verifier?: Verifier | undefined;
}

/** What a node tells its owner. */
export interface NodeEvents {
  onDecision?(decision: Decision): void;
  onView?(height: bigint, view: number): void;
  /** A peer broke a rule; its identity key, and which rule. */
  onBlame?(idKey: Uint8Array, reason: string): void;
  /** The node has stopped by itself. */
  onFatal?(error: unknown): void;
}

export class BbftNode {
  readonly #options: NodeOptions;
  readonly #modules: NodeModules;
  readonly #events: NodeEvents;
  readonly #timers: NodeTimers;
  readonly #inbox: Inbox;
  readonly #truncation: LogTruncation;
  readonly #synchronization: Synchronization;
  #outbox: Outbox | undefined;
  #core: BbftCore | undefined;
  #signer: Signer | undefined;
  #queue: (Event | Firing)[] = [];
  #running: Promise<void> | undefined;
  #isRunning = false;
  /** Records of epochs entered in the current step; the log takes one entry at a time. */
  readonly #enteredEpochs: WalEntry[] = [];
  #isClosed = false;

  constructor(options: NodeOptions, modules: NodeModules, events: NodeEvents = {}) {
    this.#options = options;
    this.#modules = modules;
    this.#events = events;
    const { transport, wal, application, clock } = modules;
    const { chainId, identity } = options;
    const { isAuthenticated } = transport;
    this.#timers = new NodeTimers(clock, (firing) => this.#push(firing));
    this.#inbox = new Inbox({ chainId, identity, isAuthenticated });
    this.#truncation = new LogTruncation(wal);
    this.#synchronization = new Synchronization(application, clock);
  }

  /** Height being decided; 0 before {@link start}. */
  get height(): bigint {
    return this.#core?.height ?? 0n;
  }
  get view(): number {
    return this.#core?.view ?? 0;
  }
  /** Own index in the current set; -1 for an observer. */
  get index(): number {
    return this.#core === undefined ? -1 : this.#core.indexIn(this.#core.context);
  }
  /** The leader of the current view. */
  get leader(): number {
    return this.#core?.current.roleIn(this.view).leader ?? -1;
  }

  /**
   * Reads application and log, then takes part.
   *
   * @throws {@link BbftError} `wal` when the log is not readable by this validator set
   */
  async start(): Promise<void> {
    const { application, transport, wal, clock } = this.#modules;
    const state = await application.state();
    const height = state.height + 1n;
    const entries = [];
    for await (const entry of wal.replay()) entries.push(entry);
    const { chainId, idKey, epochLength, createContext, hasLostLog } = this.#options;
    const logged = entries.map(epochOfEntry).filter((record) => record !== undefined);
    const point = await findStartingPoint({
      ...{ height, epochLength, application, createContext },
      records: logged,
    });
    const { context, previousContext, decided } = point;
    const isLogged = (one: bigint) => one === 0n || logged.some(({ epoch }) => epoch === one);
    for (const made of [previousContext, context])
      if (made !== undefined && !isLogged(made.epoch)) await wal.append(encodeEpoch(made), true);
    const ended = entries.findLastIndex((entry) => endedHeight(entry) !== undefined);
    const open = entries.slice(ended + 1).filter((entry) => epochOfEntry(entry) === undefined);
    const last = entries.map(signStateOf).findLast((one) => one !== undefined);
    const signer = this.#modules.createSigner(last);
    this.#signer = signer;
    this.#outbox = new Outbox(chainId, transport, signer, clock.now());
    const core = new BbftCore({
      ...{ chainId, idKey, context, previousContext, decided, hasLostLog },
      createContext: (set, previous, outcome) => {
        const next = createContext(set, previous, outcome);
        this.#enteredEpochs.push(encodeEpoch(next));
        return next;
      },
      identify: (bytes) => application.identify(bytes),
      height,
      lastAppBlockId: state.appBlockId,
      lastProof: state.proof,
    });
    this.#core = core;
    const records = open
      .flatMap((entry) => readRecord(entry, context, previousContext) ?? [])
      .filter((record) => !("height" in record) || record.height >= height);
    await this.#carryOutAll(core.restore(records));
    this.#push({ type: "start" });
    transport.onMessage((from, bytes) => this.#onBytes(from, bytes));
    transport.onConnect?.((peer) => {
      const { validators } = core.context.electorate.set;
      const index = validators.findIndex(({ idKey }) => sameBytes(idKey, peer));
      if (index >= 0) this.#push({ type: "connected", peer: index });
    });
  }

  /** Stops; the log keeps what is needed to start again. */
  async stop(): Promise<void> {
    this.#isClosed = true;
    this.#timers.clearAll();
    this.#queue = [];
    await this.#running;
  }

  /** Tells the core that the application has transactions: no need to wait for the interval. */
  notifyReady(): void {
    this.#push({ type: "ready" });
  }

  #push(event: Event | Firing): void {
    if (this.#isClosed || this.#core === undefined) return;
    if (event.type === "message" && this.#queue.length >= MAX_QUEUE) return;
    this.#queue.push(event);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#running = this.#run();
  }

  async #run(): Promise<void> {
    try {
      for (let at = 0; at < this.#queue.length && !this.#isClosed; at++) {
        const event = this.#queue[at];
        if (event !== undefined) await this.#handle(event);
        // Forget handled events in lumps: a shift for each would cost the length of the queue.
        if (at >= 1024) {
          this.#queue.splice(0, at + 1);
          at = -1;
        }
      }
      this.#queue = [];
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isRunning = false;
    }
  }

  async #handle(event: Event | Firing): Promise<void> {
    const core = this.#core;
    if (core === undefined) return;
    if (event.type === "firing" && !this.#timers.take(event)) return;
    const effects = core.step(event.type === "firing" ? { ...event, type: "timer" } : event);
    for (const entry of this.#enteredEpochs.splice(0)) await this.#modules.wal.append(entry, true);
    await this.#carryOutAll(effects);
  }

  #fail(error: unknown): void {
    this.#isClosed = true;
    this.#timers.clearAll();
    this.#events.onFatal?.(error);
  }

  async #carryOutAll(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) await this.#carryOut(effect);
  }

  async #carryOut(effect: Effect): Promise<void> {
    const { application, clock, wal } = this.#modules;
    switch (effect.type) {
      case "send":
        await this.#outbox?.send(this.index, this.#receivers(effect.to), effect.message);
        return;
      case "persist":
        await wal.append(encodeWalRecord(effect.record), effect.sync);
        if (effect.record.type === "end-height")
          await this.#truncation.onEndHeight(effect.record.height);
        return;
      case "sign": {
        const signature = await this.#signer?.sign(effect.request);
        if (signature !== undefined) this.#push({ type: "signed", id: effect.id, signature });
        return;
      }
      case "sign-identity": {
        const signature = await this.#signer?.identitySign(effect.bytes);
        if (signature !== undefined) this.#push({ type: "signed", id: effect.id, signature });
        return;
      }
      case "verify": {
        const { id, check } = effect;
        const { verifier } = this.#modules;
        if (verifier === undefined) {
          const invalid = runCheck(check, this.#verifyContext());
          this.#push({ type: "verified", id, invalid });
          return;
        }
        this.#beside(verifier.verify(check), (invalid) =>
          this.#push({ type: "verified", id, invalid }),
        );
        return;
      }
      case "set-timer":
        this.#timers.set(effect.key, effect.ms);
        return;
      case "clear-timer":
        this.#timers.clear(effect.key);
        return;
      case "prepare": {
        const { height, view, lastAppBlockId, maxBytes } = effect;
        const prepared = application.prepare({
          height,
          view,
          lastAppBlockId,
          maxBytes,
          nowMs: clock.now(),
        });
        this.#beside(prepared, ({ id, bytes, nextValidators, nextParameters }) =>
          this.#push({
            type: "prepared",
            height,
            view,
            appBlockId: id,
            appBlock: bytes,
            nextValidators,
            nextParameters,
          }),
        );
        return;
      }
      case "validate": {
        const { height, view, lastAppBlockId, body, valueId, isReproposed } = effect;
        const block = { id: body.appBlockId, bytes: body.appBlock };
        const judged = application.validate({ height, view, lastAppBlockId }, block, isReproposed);
        this.#beside(judged, (verdict) =>
          this.#push({ type: "validated", height, valueId, ...verdict }),
        );
        return;
      }
      case "commit": {
        const { decision } = effect;
        this.#beside(application.commit(decision), ({ nextValidators }) => {
          this.#events.onDecision?.(decision);
          this.#push({ type: "committed", height: decision.height, nextValidators });
          this.#reportLatency(decision.height + 1n);
        });
        return;
      }
      case "load": {
        const { to, height, what } = effect;
        this.#beside(application.load(height), (decision) => {
          if (decision !== undefined) this.#push({ type: "loaded", to, what, decision });
        });
        return;
      }
      case "evidence":
        application.onEvidence(effect.evidence, effect.validator);
        return;
      case "blame": {
        const idKey = this.#keyAt(effect.validator);
        if (idKey !== undefined) this.#events.onBlame?.(idKey, effect.reason);
        return;
      }
      case "behind":
        this.#synchronize();
        return;
      case "view":
        this.#events.onView?.(effect.height, effect.view);
        return;
      case "fatal":
        throw effect.error;
      default:
        effect satisfies never;
    }
  }

  /** Lets something slow run; when it fails the node cannot go on. */
  #beside<T>(work: Promise<T>, then: (value: T) => void): void {
    work.then(
      (value) => {
        if (!this.#isClosed) then(value);
      },
      (error: unknown) => {
        if (!this.#isClosed) this.#fail(error);
      },
    );
  }

  #reportLatency(height: bigint): void {
    const { transport } = this.#modules;
    const [core, signer] = [this.#core, this.#signer];
    if (core === undefined || signer === undefined) return;
    const measured = measureLatency(this.#options, core, height, { transport, signer });
    this.#beside(measured, (report) => {
      if (report !== undefined) this.#push({ type: "latency", report });
    });
  }

  #synchronize(): void {
    const self = this;
    const run = this.#synchronization.run({
      get height(): bigint {
        return self.height;
      },
      get isClosed(): boolean {
        return self.#isClosed;
      },
      onBlock: ({ proof, body }) => this.#push({ type: "synchronized", proof, body }),
    });
    this.#beside(run, () => {});
  }

  // Messages

  #verifyContext(): Parameters<typeof runCheck>[1] {
    return {
      chainId: this.#options.chainId,
      identity: this.#options.identity,
      electorateOf: (epoch) => this.#core?.contextOf(epoch),
    };
  }

  #keyAt(index: number): Uint8Array | undefined {
    return this.#core?.context.electorate.set.validators[index]?.idKey;
  }

  #receivers(indexes: readonly number[]): Receiver[] {
    return indexes.flatMap((index) => {
      const idKey = this.#keyAt(index);
      return idKey === undefined ? [] : [{ index, idKey }];
    });
  }

  #onBytes(from: Uint8Array, bytes: Uint8Array): void {
    const core = this.#core;
    if (core === undefined || this.#isClosed) return;
    try {
      const message = this.#inbox.open(core, from, bytes);
      if (message !== undefined) this.#push(message);
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
      this.#events.onBlame?.(from, error.code);
    }
  }
}

/**
 * A record of the log. The application may have committed the last height of an epoch before the
 * log could say that it ended: what is left of that height is read by its own epoch, and is over.
 *
 * @throws {@link BbftError} `wal` when neither epoch can read it
 */
function readRecord(
  entry: WalEntry,
  context: EpochContext,
  previousContext: EpochContext | undefined,
): WalRecord | undefined {
  try {
    return decodeWalRecord(entry, context);
  } catch (error) {
    if (previousContext === undefined) throw error;
    decodeWalRecord(entry, previousContext);
    return undefined;
  }
}
