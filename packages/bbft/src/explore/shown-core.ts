/**
 * One real core, driven by what it is shown.
 *
 * @see spec 90-bbft, sections 6.3 "Rules" and 15 "Durability"
 */
import { BbftCore } from "../core/core.ts";
import type { Effect, Event, WalRecord } from "../core/events.ts";
import { runCheck } from "../core/verify.ts";
import type { VotingRules } from "../core/voting-rules.ts";
import { BbftError } from "../error.ts";
import { hash, PREPARE, SIGN_KIND } from "../signing.ts";
import type { Exhibit } from "./exhibits.ts";
import type { Gallery } from "./gallery.ts";
import { type NodeState, VALIDATORS } from "./model.ts";

/** What a core did and where it stands. */
export class ShownCore {
  readonly #gallery: Gallery;
  readonly #index: number;
  readonly #views: number;
  readonly #rules: VotingRules;
  #core: BbftCore;
  #queue: Event[] = [];
  #log: WalRecord[] = [];
  /** Written but not flushed. */
  #unflushed: WalRecord[] = [];
  /** Timeouts of others that were taken in, by view and signer. */
  #heard: Map<number, number> = new Map();
  #prepares = 0;
  #commits = 0;
  #timeouts = 0;
  #hasRestarted = false;
  #hasStopped = false;

  constructor(gallery: Gallery, index: number, views: number, rules: VotingRules) {
    this.#gallery = gallery;
    this.#index = index;
    this.#views = views;
    this.#rules = rules;
    this.#core = this.#createCore();
    this.#run({ type: "start" });
  }

  #createCore(): BbftCore {
    const { chainId, idKeys, context, genesisId } = this.#gallery.world;
    return new BbftCore({
      chainId,
      idKey: idKeys[this.#index] ?? new Uint8Array(),
      context,
      createContext: () => context,
      identify: hash,
      lastAppBlockId: genesisId,
      rules: this.#rules,
    });
  }

  /** Lets the core see, or suffer, one exhibit. */
  show(number: number): void {
    if (this.#hasStopped) return;
    const exhibit = this.#gallery.exhibits[number];
    if (exhibit === undefined) throw new RangeError(`no exhibit ${number}`);
    if (exhibit.type === "timer") this.#run({ type: "timer", key: "view" });
    else if (exhibit.type === "restart" || exhibit.type === "amnesia") {
      if (exhibit.type === "amnesia") this.#log = [];
      this.#restart();
    } else {
      if (exhibit.type === "timeout") this.#noteHeard(exhibit);
      const message = this.#gallery.message(number);
      // The sender is of no account: every message proves itself.
      if (message !== undefined) this.#run({ type: "message", from: this.#other(), message });
    }
  }

  #noteHeard({ signer, view, by }: Extract<Exhibit, { type: "timeout" }>): void {
    const key = view * VALIDATORS + signer;
    if (view >= this.#core.view && !this.#heard.has(key))
      this.#heard.set(key, 2 * by.claim + by.value);
  }

  #other(): number {
    return this.#index === 0 ? 1 : 0;
  }

  #restart(): void {
    this.#hasRestarted = true;
    this.#unflushed = [];
    this.#heard = new Map();
    this.#core = this.#createCore();
    for (const effect of this.#core.restore(this.#log)) this.#carryOut(effect);
    this.#run({ type: "start" });
  }

  #run(event: Event): void {
    this.#queue.push(event);
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift())
        for (const effect of this.#core.step(next)) this.#carryOut(effect);
    } catch (error) {
      // The guard of the signing keys refuses: a host stops here.
      if (!(error instanceof BbftError) || error.code !== "double-sign") throw error;
      this.#hasStopped = true;
      this.#queue = [];
    }
  }

  #carryOut(effect: Effect): void {
    const { context, identity, idSecrets, voteSecrets, verifyContext } = this.#gallery.world;
    switch (effect.type) {
      case "sign": {
        const { kind, bytes } = effect.request;
        const isProposal = kind === SIGN_KIND.PROPOSAL;
        const secret = (isProposal ? idSecrets : voteSecrets)[this.#index] ?? new Uint8Array();
        const signature = (isProposal ? identity : context.scheme).sign(secret, bytes);
        this.#queue.push({ type: "signed", id: effect.id, signature });
        return;
      }
      case "verify":
        this.#queue.push({
          type: "verified",
          id: effect.id,
          invalid: runCheck(effect.check, verifyContext),
        });
        return;
      case "validate": {
        const { height, valueId } = effect;
        this.#queue.push({ type: "validated", height, valueId, isAccepted: true });
        return;
      }
      case "persist":
        this.#unflushed.push(effect.record);
        if (!effect.sync) return;
        this.#log.push(...this.#unflushed);
        this.#unflushed = [];
        this.#noteSigned(effect.record);
        return;
      case "fatal":
        throw effect.error;
      default:
        return;
    }
  }

  /** What is flushed is as good as sent. */
  #noteSigned(record: WalRecord): void {
    if (record.type !== "sign-state") return;
    const { message } = record;
    if (message.type === "vote") {
      const { kind, view, valueId } = message.vote;
      const bit = 1 << (2 * view + this.#gallery.valueOf(valueId));
      if (kind === PREPARE) this.#prepares |= bit;
      else this.#commits |= bit;
    } else if (message.type === "timeout") {
      const { view, qcViewPlus1 } = message.timeout;
      this.#timeouts |= 1 << (4 * view + qcViewPlus1);
    }
  }

  /** The value decided, whether or not its body is here. */
  get decided(): number | undefined {
    const { decided } = this.#core.current;
    return decided === undefined ? undefined : this.#gallery.valueOf(decided.valueId);
  }

  /** As the model sees it. */
  project(): NodeState {
    const { state, highQc } = this.#core.current;
    return {
      ...state,
      highValue: highQc === undefined ? 0 : this.#gallery.valueOf(highQc.valueId),
      prepares: this.#prepares,
      commits: this.#commits,
      timeouts: this.#timeouts,
      hasRestarted: this.#hasRestarted,
    };
  }

  /**
   * Everything that can make a difference to later votes, as a key.
   *
   * What is left out: proposals of the current view (one that could be voted for has been; a second
   * one has the effect of the view timer), certificates of past views (only the highest counts) and
   * of the current one (what it allows has been signed), and all that decides only who is sent what.
   *
   * @param isLeader may this validator propose in a view to come? Then it matters which bodies it has
   * @param hasRestart does it matter what its log holds?
   */
  key(isLeader: boolean, hasRestart: boolean): string {
    if (this.#hasStopped) return `stopped/${this.#signed}`;
    const { current } = this.#core;
    const name = (id: Uint8Array): number => this.#gallery.valueOf(id);
    // Nothing is signed any more after a decision, and what is decided is final.
    if (current.decided !== undefined && !hasRestart)
      return `decided/${name(current.decided.valueId)}/${this.#signed}`;
    const { values, state, highQc, decided } = current;
    const ahead: string[] = [];
    for (let view = state.view + 1; view < this.#views; view++) {
      const found = current.certificate(PREPARE, view);
      ahead.push(found === undefined ? "" : `${name(found.valueId)}`);
    }
    const canPropose = isLeader && state.view < this.#views - 1;
    const bodies = [0, 1].map((value) => {
      const body = values.find(this.#gallery.valueId(value))?.body;
      return canPropose && body !== undefined ? 1 : 0;
    });
    const heard: string[] = [];
    for (let key = state.view * VALIDATORS; key < this.#views * VALIDATORS; key++)
      heard.push(`${this.#heard.get(key) ?? ""}`);
    return [
      Object.values(state).join(),
      highQc === undefined ? "" : name(highQc.valueId),
      this.#signed,
      ahead.join(),
      bodies.join(),
      heard.join(),
      ...(hasRestart ? this.#restartKeys(isLeader) : []),
      decided === undefined ? "" : name(decided.valueId),
    ].join("/");
  }

  get #signed(): string {
    return `${this.#prepares},${this.#commits},${this.#timeouts},${Number(this.#hasRestarted)}`;
  }

  /** What would come back from the log as it is, and as it will be when it is flushed. */
  #restartKeys(isLeader: boolean): string[] {
    return [this.#log, [...this.#log, ...this.#unflushed]].map((log) => {
      const again = new ShownCore(this.#gallery, this.#index, this.#views, this.#rules);
      again.#log = [...log];
      again.#restart();
      return again.key(isLeader, false);
    });
  }
}
