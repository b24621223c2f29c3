/**
 * One height: proposals, votes, certificates, view changes, until a value is decided.
 *
 * It only reacts. Everything that takes time leaves through the `HeightHost` and comes back
 * as a call; after the decision it stays for a while, because gateways owe each other the votes of
 * their slower members. Here its parts are put together; the rules are in the parts.
 *
 * @see spec 90-bbft, sections 6 to 10
 */
import type { Certificate, CommitProof } from "../../certificate.ts";
import type { Proposal } from "../../proposal.ts";
import type { VoteKind } from "../../signing.ts";
import type { TimeoutCertificate } from "../../timeout-certificate.ts";
import type { ViewRole } from "../epoch-context.ts";
import type { NextEpoch } from "../epochs.ts";
import type { Body, Message, Timeout, Vote } from "../message.ts";
import type { VoteState } from "../voting-rules.ts";
import { Attaching } from "./attaching.ts";
import { BodyRepair } from "./body-repair.ts";
import { Certification } from "./certification.ts";
import { Deciding } from "./deciding.ts";
import type { HeightHost } from "./host.ts";
import { Proposals } from "./proposals.ts";
import { Proposing } from "./proposing.ts";
import { repeatTo, retransmit } from "./retransmission.ts";
import { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";
import { spreadTimeout } from "./timeout-routes.ts";
import { Timeouts } from "./timeouts.ts";
import type { ValueBook } from "./value-book.ts";
import { Verdicts } from "./verdicts.ts";
import { ViewChange } from "./view-change.ts";
import { VoteCollection } from "./vote-collection.ts";
import { answerVotesRequest } from "./vote-requests.ts";
import { Voting } from "./voting.ts";

export class HeightInstance {
  readonly height: bigint;
  readonly #state: HeightState;
  readonly #attaching: Attaching;
  readonly #viewChange: ViewChange;
  readonly #timeouts: Timeouts;
  readonly #proposing: Proposing;
  readonly #proposals: Proposals;
  readonly #verdicts: Verdicts;
  readonly #voting: Voting;
  readonly #collection: VoteCollection;
  readonly #certification: Certification;
  readonly #deciding: Deciding;
  readonly #repair: BodyRepair;

  constructor(host: HeightHost) {
    this.height = host.height;
    const state = new HeightState(host);
    const steps: HeightSteps = {
      start: () => this.#viewChange.start(),
      enterView: (view, tc) => this.#viewChange.enterView(view, tc),
      giveUp: (view) => this.#viewChange.giveUp(view),
      reviewTimeouts: () => this.#timeouts.evaluate(),
      advanceByTimeouts: () => this.#viewChange.advanceByTimeouts(),
      propose: () => this.#proposing.propose(),
      acceptProposal: (proposal, tc) => this.#proposals.accept(proposal, tc),
      judge: (value, source) => this.#verdicts.judge(value, source),
      tryPrepare: (view) => this.#voting.tryPrepare(view),
      tryCommit: (view) => this.#voting.tryCommit(view),
      addOwnVote: (vote) => this.#collection.addOwn(vote),
      compareVotes: (certificate) => this.#collection.compareWith(certificate),
      acceptCertificate: (certificate) => this.#certification.accept(certificate),
      decide: (certificate) => this.#deciding.decide(certificate),
      deliver: (sources) => this.#deciding.deliver(sources),
      wantBody: (valueId, from) => this.#repair.want(valueId, from),
    };
    this.#state = state;
    this.#attaching = new Attaching(state);
    this.#viewChange = new ViewChange(state, this.#attaching, steps);
    this.#timeouts = new Timeouts(state, steps);
    this.#proposing = new Proposing(state, steps);
    this.#proposals = new Proposals(state, steps);
    this.#verdicts = new Verdicts(state, steps);
    this.#voting = new Voting(state, steps);
    this.#collection = new VoteCollection(state, steps);
    this.#certification = new Certification(state, steps);
    this.#deciding = new Deciding(state, steps);
    this.#repair = new BodyRepair(state, steps);
  }

  // Where it stands, for the core and for inspection

  get state(): VoteState {
    return this.#state.votes;
  }
  get highQc(): Certificate | undefined {
    return this.#state.highQc;
  }
  get isStarted(): boolean {
    return this.#state.isStarted;
  }
  get decided(): Certificate | undefined {
    return this.#state.decided;
  }
  get lastTc(): TimeoutCertificate | undefined {
    return this.#state.lastTc;
  }
  get values(): ValueBook {
    return this.#state.values;
  }
  get epoch(): bigint {
    return this.#state.epoch;
  }
  get isDelivered(): boolean {
    return this.#deciding.hasDelivered;
  }

  roleIn(view: number): ViewRole {
    return this.#state.roleIn(view);
  }

  /** Certificates known so far; for inspection. */
  certificate(kind: VoteKind, view: number): Certificate | undefined {
    return this.#state.certificates.find(kind, view);
  }

  // Views

  /** Starts the timers of the current view; its leader proposes. */
  start(): void {
    this.#viewChange.start();
  }

  /** Starts after a restart: what was sent before the crash is sent again. */
  resume(): void {
    this.start();
    this.#proposing.resend();
    retransmit(this.#state);
    this.#viewChange.advanceByTimeouts();
  }

  /** V5: gives up a view, once. */
  giveUp(view: number): void {
    this.#viewChange.giveUp(view);
  }

  onTimer(key: string): void {
    if (key === "view") this.giveUp(this.#state.view);
    else if (key === "attach") this.#attaching.onTimer();
    else if (key === "timeout") spreadTimeout(this.#state);
    else if (key === "retransmit") retransmit(this.#state);
    else if (key === "repair") this.#repair.ask();
    else {
      const pool = this.#state.pools.ofTimer(key);
      if (pool !== undefined) this.#collection.onTimer(pool);
    }
  }

  /** A peer came back: it gets now what else it would get with the next retransmission. */
  onConnected(peer: number): void {
    repeatTo(this.#state, peer);
  }

  // Answers of the application

  /** A block was made for a view in which this validator leads. */
  onPrepared(
    view: number,
    block: { readonly appBlockId: Uint8Array; readonly appBlock: Uint8Array },
    next: NextEpoch,
  ): void {
    this.#proposing.onPrepared(view, block, next);
  }

  onValidated(valueId: Uint8Array, isAccepted: boolean, next: NextEpoch): void {
    this.#verdicts.onValidated(valueId, isAccepted, next);
  }

  // Messages

  onProposal(from: number, proposal: Proposal): void {
    this.#proposals.onProposal(from, proposal);
  }

  onVote(from: number, vote: Vote): void {
    this.#collection.onVote(from, vote);
  }

  onContribution(from: number, contribution: Certificate, envelope?: Uint8Array): void {
    this.#collection.onContribution(from, contribution, envelope);
  }

  onVotesRequest(from: number, request: Extract<Message, { type: "votes-request" }>): void {
    answerVotesRequest(this.#state, from, request);
  }

  onCertificateMessage(from: number, certificate: Certificate): void {
    this.#certification.onCertificate(from, certificate);
  }

  /** A proof from another node; its certificate is checked, the body fetched from the sender. */
  onCommitProof(from: number, proof: CommitProof, body?: Body): void {
    this.#deciding.onCommitProof(from, proof, body);
  }

  onBlockRequest(from: number, valueId: Uint8Array): void {
    this.#repair.onRequest(from, valueId);
  }

  onBlockResponse(body: Body): void {
    this.#repair.onResponse(body);
  }

  onAttach(from: number, view: number): void {
    this.#attaching.onAttach(from, view);
  }

  /** The proof of a height that is not decided: the highest prepare certificate, if any. */
  giveHighestCertificate(to: number): void {
    const { highQc, decided, host } = this.#state;
    if (highQc === undefined || decided !== undefined || !this.#state.mayAnswer(to)) return;
    host.send([to], { type: "certificate", certificate: highQc }, "recovery");
  }

  /** Who attached too late gets the block together with the proof that it is decided. */
  giveProposal(to: number): void {
    this.#attaching.giveDecided(to);
  }

  onTimeout(from: number, timeout: Timeout): void {
    this.#timeouts.onTimeout(from, timeout);
  }

  onTimeoutCertificate(from: number, certificate: TimeoutCertificate): void {
    this.#viewChange.onTimeoutCertificate(from, certificate);
  }

  // Restart

  /** Takes in a message of the write-ahead log; nothing is sent. */
  restore(message: Message): void {
    switch (message.type) {
      case "proposal":
        this.#proposing.restore(message.proposal);
        return;
      case "vote":
        this.#voting.restore(message.vote);
        return;
      case "timeout": {
        const { timeout } = message;
        this.#timeouts.restore(timeout);
        if (timeout.highQc !== undefined) this.#certification.restore(timeout.highQc);
        return;
      }
      case "certificate":
        this.#certification.restore(message.certificate);
        return;
      case "timeout-certificate": {
        const { certificate } = message;
        const isLater = this.#viewChange.restore(certificate);
        if (isLater && certificate.highQc !== undefined)
          this.#certification.restore(certificate.highQc);
        return;
      }
      default:
        return;
    }
  }
}
