/**
 * What the parts of one height share: the own position, what is held, who is where.
 *
 * It decides nothing: the rules are in the parts, which change it.
 *
 * @see spec 90-bbft, section 6.2 "State of a validator"
 */
import type { Certificate } from "../../certificate.ts";
import type { TimeoutCertificate } from "../../timeout-certificate.ts";
import { roleOf, type ViewRole } from "../epoch-context.ts";
import type { Timeout } from "../message.ts";
import { INITIAL_VOTE_STATE, type VoteState } from "../voting-rules.ts";
import { ANSWERS_PER_PEER, VIEW_WINDOW } from "./bounds.ts";
import { CertificateBook } from "./certificate-book.ts";
import { Contradictions } from "./contradictions.ts";
import { Grievances } from "./grievances.ts";
import type { HeightHost } from "./host.ts";
import { TimeoutBook } from "./timeout-book.ts";
import { ValueBook } from "./value-book.ts";
import { VotePools } from "./vote-pools.ts";

export class HeightState {
  readonly host: HeightHost;
  readonly height: bigint;
  /** The current view and what was signed. */
  votes: VoteState = INITIAL_VOTE_STATE;
  isStarted = false;
  /** The commit certificate, once there is one. */
  decided: Certificate | undefined;
  /** The highest prepare certificate. */
  highQc: Certificate | undefined;
  /** What opened the current view. */
  lastTc: TimeoutCertificate | undefined;
  /** The last own timeout. */
  lastTimeout: Timeout | undefined;
  /** Last view whose own timeout went to everybody although the tree came first. */
  spreadTimeout = -1;
  readonly values: ValueBook = new ValueBook();
  readonly certificates: CertificateBook = new CertificateBook();
  readonly timeouts: TimeoutBook;
  readonly contradictions: Contradictions;
  readonly pools: VotePools;
  readonly grievances: Grievances;
  /** Validators that attached to this one, see section 10.1. */
  readonly attached: Set<number> = new Set();
  /** Validators that this one attached to in this height. */
  readonly backups: Set<number> = new Set();
  /** View of the prepare certificate that each validator last showed to hold. */
  readonly #shownBy: Map<number, number> = new Map();
  readonly #roles: Map<number, ViewRole> = new Map();
  readonly #answers: Map<number, number> = new Map();

  constructor(host: HeightHost) {
    this.host = host;
    this.height = host.height;
    this.timeouts = new TimeoutBook(host.context.electorate);
    this.contradictions = new Contradictions(host, this.timeouts, this.certificates);
    this.grievances = new Grievances(this);
    this.pools = new VotePools(
      host,
      (valueId) =>
        this.values.find(valueId) !== undefined || this.certificates.isCertified(valueId),
    );
  }

  get view(): number {
    return this.votes.view;
  }

  get epoch(): bigint {
    return this.host.context.epoch;
  }

  position(view: number): { epoch: bigint; height: bigint; view: number } {
    return { epoch: this.epoch, height: this.height, view };
  }

  roleIn(view: number): ViewRole {
    const known = this.#roles.get(view);
    if (known !== undefined) return known;
    const role = roleOf(this.host.context, this.host.index, this.height, view);
    if (this.#roles.size >= 2 * VIEW_WINDOW) this.#roles.clear();
    this.#roles.set(view, role);
    return role;
  }

  /** Is this validator the leader of a view? */
  leads(view: number): boolean {
    return this.roleIn(view).leader === this.host.index;
  }

  /** Are votes of this validator passed on by this node? */
  isBelow(from: number, view: number): boolean {
    return this.roleIn(view).children.includes(from) || this.attached.has(from);
  }

  everybodyElse(): number[] {
    const { index, context } = this.host;
    return [...Array(context.electorate.n).keys()].filter((validator) => validator !== index);
  }

  attachedBesides(others: readonly number[]): number[] {
    return [...this.attached].filter((validator) => !others.includes(validator));
  }

  setTimer(key: string, ms: number): void {
    this.host.emit({ type: "set-timer", key, ms: Math.ceil(ms) });
  }

  /** Nobody honest sends this, or passes it on: not listened to for the rest of the epoch. */
  ban(from: number): void {
    this.host.banned.add(from);
    this.host.emit({ type: "blame", validator: from, reason: "signature" });
  }

  /** A validator said something that only the holder of a prepare certificate can or would say. */
  noteHolder(validator: number, view: number): void {
    this.#shownBy.set(validator, view);
  }

  /** Has a validator shown that it holds the prepare certificate of a view? */
  isHolder(validator: number, view: number): boolean {
    return this.#shownBy.get(validator) === view;
  }

  /** May this peer have one more answer in this height? Counts it. */
  mayAnswer(peer: number): boolean {
    const given = this.#answers.get(peer) ?? 0;
    if (given >= ANSWERS_PER_PEER) return false;
    this.#answers.set(peer, given + 1);
    return true;
  }
}
