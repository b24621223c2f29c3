/**
 * A validator: the core, and everything it is connected to.
 *
 * @see spec 90-bbft, section 16 "Library interfaces" and 15 "Durability"
 */
import { keyOf } from "../bytes.ts";
import { BbftCore } from "../core/core.ts";
import { BbftError } from "../error.ts";
import { ApplicationCalls } from "./application-calls.ts";
import { Effects } from "./effects.ts";
import { EventLoop, type LoopEvent } from "./event-loop.ts";
import { Inbox } from "./inbox.ts";
import type { ApplicationState, Signer } from "./interfaces.ts";
import { measureLatency } from "./latency-measurement.ts";
import { mustStaySilent, NodeLog, openRecords, readLog } from "./node-log.ts";
import type { NodeEvents, NodeModules, NodeOptions } from "./node-options.ts";
import { Outbox } from "./outbox.ts";
import { Peers } from "./peers.ts";
import { findStartingPoint, type StartingPoint } from "./starting-point.ts";
import { Synchronization } from "./synchronization.ts";
import { NodeTimers } from "./timers.ts";
import { Verification } from "./verification.ts";

/** What exists once the log was read. */
interface Started {
  readonly core: BbftCore;
  readonly effects: Effects;
  readonly peers: Peers;
}

export class BbftNode {
  readonly #options: NodeOptions;
  readonly #modules: NodeModules;
  readonly #events: NodeEvents;
  readonly #loop: EventLoop;
  readonly #timers: NodeTimers;
  readonly #log: NodeLog;
  #started: Started | undefined;

  constructor(options: NodeOptions, modules: NodeModules, events: NodeEvents = {}) {
    this.#options = options;
    this.#modules = modules;
    this.#events = events;
    const { wal, clock } = modules;
    this.#loop = new EventLoop(
      (event) => this.#handle(event),
      (error) => this.#onFail(error),
    );
    this.#timers = new NodeTimers(clock, (firing) => this.#loop.push(firing));
    this.#log = new NodeLog(wal);
  }

  /** Height being decided; 0 before {@link start}. */
  get height(): bigint {
    return this.#started?.core.height ?? 0n;
  }
  get view(): number {
    return this.#started?.core.view ?? 0;
  }
  /** Own index in the current set; -1 for an observer. */
  get index(): number {
    return this.#started?.peers.ownIndex ?? -1;
  }
  /** Does it follow without signing, because its log was lost? */
  get isSilent(): boolean {
    return this.#started?.core.isSilent ?? false;
  }
  /** The leader of the current view. */
  get leader(): number {
    return this.#started?.core.current.roleIn(this.view).leader ?? -1;
  }

  /**
   * Reads application and log, then takes part.
   *
   * @throws {@link BbftError} `wal` when the log is not readable by this validator set, or is empty
   *   and was not begun
   */
  async start(): Promise<void> {
    const { application, transport, wal } = this.#modules;
    const { chainId, identity, epochLength, createContext, hasLostLog } = this.#options;
    const state = await application.state();
    const height = state.height + 1n;
    const contents = await readLog(wal);
    const isSilent = mustStaySilent(contents, hasLostLog);
    const point = await findStartingPoint({
      ...{ height, epochLength, application, createContext },
      records: contents.epochs,
    });
    await this.#log.writeMissingEpochs(contents, point);
    const core = this.#createCore(state, point, isSilent);
    const peers = new Peers(core, epochLength);
    const signer = this.#modules.createSigner(contents.lastSigned);
    const effects = this.#createEffects(core, peers, signer);
    this.#started = { core, effects, peers };
    await effects.carryOutAll(core.restore(openRecords(contents, height, point)));
    this.#loop.push({ type: "start" });
    const { isAuthenticated } = transport;
    const inbox = new Inbox({ chainId, identity, isAuthenticated }, peers);
    transport.onMessage((from, bytes) => this.#onBytes(inbox, from, bytes));
    transport.onConnect?.((key) => {
      inbox.onConnected(key);
      const peer = peers.indexOf(key);
      if (peer >= 0) this.#loop.push({ type: "connected", peer });
    });
  }

  /** Stops; the log keeps what is needed to start again. */
  async stop(): Promise<void> {
    this.#timers.clearAll();
    await this.#loop.close();
  }

  /** Tells the core that the application has transactions: no need to wait for the interval. */
  notifyReady(): void {
    if (this.#started !== undefined) this.#loop.push({ type: "ready" });
  }

  /**
   * Takes in evidence from outside of the network: of a light client that was shown two decisions
   * of one height, say. What does not hold is dropped.
   *
   * @param evidence encoded, see `encodeEvidence`
   */
  submitEvidence(evidence: Uint8Array): void {
    if (this.#started !== undefined) this.#loop.push({ type: "evidence", evidence });
  }

  #createCore(state: ApplicationState, point: StartingPoint, hasLostLog: boolean): BbftCore {
    const { chainId, idKey, createContext } = this.#options;
    return new BbftCore({
      ...{ chainId, idKey, hasLostLog, ...point },
      remembersOffenses: this.#modules.application.hasOffense !== undefined,
      createContext: (set, previous, outcome) => {
        const next = createContext(set, previous, outcome);
        this.#log.enterEpoch(next);
        return next;
      },
      identify: (bytes) => this.#modules.application.identify(bytes),
      height: state.height + 1n,
      lastAppBlockId: state.appBlockId,
      lastProof: state.proof,
    });
  }

  #createEffects(core: BbftCore, peers: Peers, signer: Signer): Effects {
    const { application, transport, clock, verifier } = this.#modules;
    const { chainId, identity, pastSchemes = [] } = this.#options;
    const [loop, log, timers, events] = [this.#loop, this.#log, this.#timers, this.#events];
    const electorateOf = (epoch: bigint) => core.electorateOf(epoch);
    const schemes = () => [core.context.scheme, ...pastSchemes];
    return new Effects({
      ...{ core, loop, peers, log, timers, signer, application, events },
      outbox: new Outbox(chainId, transport, signer, peers, clock.now()),
      verification: new Verification({ chainId, identity, electorateOf }, verifier, loop),
      calls: new ApplicationCalls(application, clock, loop, schemes),
      synchronization: new Synchronization(application, clock),
      measureLatency: (height) =>
        measureLatency(this.#options, core, height, { transport, signer }),
    });
  }

  async #handle(event: LoopEvent): Promise<void> {
    if (this.#started === undefined) return;
    const { core, effects } = this.#started;
    if (event.type === "firing" && !this.#timers.take(event)) return;
    const wanted = core.step(event.type === "firing" ? { ...event, type: "timer" } : event);
    await this.#log.writeEntered();
    await effects.carryOutAll(wanted);
  }

  #onBytes(inbox: Inbox, from: Uint8Array, bytes: Uint8Array): void {
    const peer = keyOf(from);
    if (!this.#loop.hasRoom(peer)) return;
    try {
      const opened = inbox.open(from, bytes);
      if (opened === "ahead") this.#started?.effects.onAhead();
      else if (opened !== undefined) this.#loop.pushMessage(opened, peer, bytes.length);
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
      this.#events.onBlame?.(from, error.code);
    }
  }

  #onFail(error: unknown): void {
    this.#timers.clearAll();
    this.#events.onFatal?.(error);
  }
}
