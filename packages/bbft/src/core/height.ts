/**
 * One height: proposals, votes, certificates, view changes, until a value is decided.
 *
 * It only reacts. Everything that takes time leaves through the `HeightHost` and comes back
 * as a call; after the decision it stays for a while, because gateways owe each other the votes of
 * their slower members.
 *
 * @see spec 90-bbft, sections 6 to 10
 */
import { keyOf, sameBytes } from "../bytes.ts";
import type { Certificate, CommitProof } from "../certificate.ts";
import { BbftError } from "../error.ts";
import { viewTimeout } from "../parameters.ts";
import { hasMatchingEngineData, type Proposal } from "../proposal.ts";
import { isEmptySet, isSubset, signerSet, signersOf } from "../signer-set.ts";
import {
  COMMIT,
  hash,
  PREPARE,
  proposalBytes,
  SIGN_KIND,
  timeoutBytes,
  type VoteKind,
  valueIdOf,
  voteBytes,
} from "../signing.ts";
import {
  decodeTimeoutCertificate,
  encodeTimeoutCertificate,
  forcedValue,
  type TimeoutCertificate,
} from "../timeout-certificate.ts";
import { powerOf, type ValidatorSet } from "../validator-set.ts";
import { roleOf, type ViewRole } from "./epoch-context.ts";
import { type Check, SIGN_STEP, type SignRequest, type Stage } from "./events.ts";
import { EVIDENCE_TYPE, signatureCheck } from "./evidence.ts";
import type { HeightHost } from "./height-host.ts";
import {
  certificateKey,
  contentKey,
  readTimeoutCertificate,
  tcMessage,
  timeoutMessage,
  voterKey,
} from "./height-keys.ts";
import { type Body, type Message, type Timeout, type Vote, wantedSigners } from "./message.ts";
import { TimeoutBook } from "./timeout-book.ts";
import { PROPOSALS_PER_VIEW, type Value, ValueBook } from "./value-book.ts";
import { type PendingPart, VotePool } from "./vote-pool.ts";
import {
  INITIAL_VOTE_STATE,
  isJustified,
  mayCommit,
  mayEnter,
  mayPrepare,
  mayTimeout,
  timeoutClaim,
  type VoteState,
} from "./voting-rules.ts";

/** Repeats of an aggregate that has grown since it was sent. */
const MAX_REPEATS = 4;
const REPEAT_MS = 50;
const RETRANSMIT_MS = 1000;
/** Answers that one peer can cause in one height: enough for an honest one in trouble. */
const ANSWERS_PER_PEER = 128;
/** How far above the own view votes are kept. */
const VIEW_WINDOW = 64;
/** Values of one view and phase that a peer can bring up; an honest leader causes one. */
const VALUES_PER_PEER = 4;
/** How often a missing body is asked for, as a part of the timeout of view 0. */
const REPAIR_PART = 8;

export class HeightInstance {
  readonly height: bigint;
  state: VoteState = INITIAL_VOTE_STATE;
  highQc: Certificate | undefined;
  isStarted = false;
  decided: Certificate | undefined;
  lastTc: TimeoutCertificate | undefined;
  readonly values: ValueBook = new ValueBook();
  readonly #host: HeightHost;
  readonly #timeouts: TimeoutBook;
  readonly #pools: Map<string, VotePool> = new Map();
  readonly #certificates: Map<string, Certificate> = new Map();
  readonly #attached: Set<number> = new Set();
  readonly #roles: Map<number, ViewRole> = new Map();
  readonly #answers: Map<number, number> = new Map();
  /** First single vote seen of each signer, by kind and view. */
  readonly #firstVotes: Map<string, Vote> = new Map();
  readonly #checkedCertificates: Set<string> = new Set();
  /** Unknown values that each peer brought up, by kind and view. */
  readonly #broughtUp: Map<string, number> = new Map();
  #proposedIn = -1;
  #hasDelivered = false;
  #attachCursor = 0;
  #lastTimeout: Timeout | undefined;
  #lastPool: VotePool | undefined;
  #wantedBody: { readonly valueId: Uint8Array; readonly from: readonly number[] } | undefined;
  #repairCursor = 0;

  constructor(host: HeightHost) {
    this.#host = host;
    this.height = host.height;
    this.#timeouts = new TimeoutBook(host.context.electorate);
  }

  get epoch(): bigint {
    return this.#host.context.epoch;
  }

  get isDelivered(): boolean {
    return this.#hasDelivered;
  }

  roleIn(view: number): ViewRole {
    const known = this.#roles.get(view);
    if (known !== undefined) return known;
    const role = roleOf(this.#host.context, this.#host.index, this.height, view);
    if (this.#roles.size >= 2 * VIEW_WINDOW) this.#roles.clear();
    this.#roles.set(view, role);
    return role;
  }

  // Views

  /** Starts the timers of the current view; its leader proposes. */
  start(): void {
    if (this.isStarted) return;
    this.isStarted = true;
    this.#startView();
  }

  #startView(): void {
    if (this.decided !== undefined) return;
    const { view } = this.state;
    const timeout = viewTimeout(this.#host.context.parameters, view);
    this.#host.emit({ type: "view", height: this.height, view });
    this.#setTimer("view", timeout);
    this.#setTimer("attach", timeout / 4);
    this.#setTimer("retransmit", RETRANSMIT_MS);
    this.#attachCursor = 0;
    if (this.roleIn(view).leader === this.#host.index) this.#propose();
    this.#tryPrepare(view);
    this.#tryCommit(view);
  }

  /** Starts after a restart: what was sent before the crash is sent again. */
  resume(): void {
    this.start();
    const { view } = this.state;
    const role = this.roleIn(view);
    const [proposal] = this.values.proposals(view);
    if (role.leader === this.#host.index && proposal?.leader === this.#host.index) {
      const to = [...role.peers, ...role.children];
      this.#host.send(to, { type: "proposal", proposal }, "recovery");
    }
    this.#onRetransmitTimer();
    this.#advanceByTimeouts();
  }

  #enterView(view: number, tc: TimeoutCertificate): void {
    if (!mayEnter(this.state, view)) return;
    this.state = { ...this.state, view };
    this.lastTc = tc;
    this.#host.persist({ type: "message", message: tcMessage(tc) }, false);
    if (tc.highQc !== undefined) this.#onCertificate(tc.highQc);
    this.isStarted = true;
    this.#startView();
    this.#advanceByTimeouts();
  }

  #setTimer(key: string, ms: number): void {
    this.#host.emit({ type: "set-timer", key, ms: Math.ceil(ms) });
  }

  onTimer(key: string): void {
    if (key === "view") this.giveUp(this.state.view);
    else if (key === "attach") this.#onAttachTimer();
    else if (key === "retransmit") this.#onRetransmitTimer();
    else if (key === "repair") this.#askForBody();
    else {
      const pool = this.#pools.get(key);
      if (pool !== undefined) this.#onAggregateTimer(pool);
    }
  }

  // Proposing

  #propose(): void {
    const { view } = this.state;
    const canSign = this.#proposedIn < view && this.state.timedOut < view && !this.#host.isSilent();
    if (!canSign || this.decided !== undefined) return;
    if (view > 0 && this.lastTc?.view !== view - 1) return;
    const forced = view > 0 && this.lastTc !== undefined ? forcedValue(this.lastTc) : undefined;
    if (forced === undefined) {
      this.#host.emit({
        type: "prepare",
        height: this.height,
        view,
        lastAppBlockId: this.#host.lastAppBlockId,
        maxBytes: this.#host.context.parameters.maxBlockBytes,
      });
      return;
    }
    const body = this.values.find(forced)?.body;
    if (body !== undefined) this.#signProposal(body);
    else this.#wantBody(forced, signersOf(this.lastTc?.highQc?.signers ?? new Uint8Array()));
  }

  /** A block was made for a view in which this validator leads. */
  onPrepared(
    view: number,
    block: { readonly appBlockId: Uint8Array; readonly appBlock: Uint8Array },
    nextValidators: ValidatorSet | undefined,
  ): void {
    if (view !== this.state.view || this.roleIn(view).leader !== this.#host.index) return;
    const engineData = this.#host.makeEngineData(nextValidators);
    const body = { ...block, engineData };
    const value = this.values.addBody(body, this.#host.identify);
    if (value === undefined)
      throw new RangeError("the application's block does not have the id that it gave");
    value.verdict = "accepted";
    value.nextValidators = nextValidators;
    this.#signProposal(body);
  }

  #signProposal(body: Body): void {
    const { view } = this.state;
    const canSign = this.#proposedIn < view && this.state.timedOut < view && !this.#host.isSilent();
    if (!canSign || this.decided !== undefined) return;
    this.#proposedIn = view;
    const engineHash = hash(body.engineData);
    const valueId = valueIdOf(body.appBlockId, engineHash);
    const tc = view > 0 ? this.lastTc : undefined;
    const timeoutCertificate = tc === undefined ? new Uint8Array(0) : encodeTimeoutCertificate(tc);
    const position = { epoch: this.epoch, height: this.height, view };
    const request: SignRequest = {
      kind: SIGN_KIND.PROPOSAL,
      height: this.height,
      view,
      step: SIGN_STEP.PROPOSE,
      bytes: proposalBytes(this.#host.chainId, position, valueId, timeoutCertificate),
    };
    this.#host.sign(request, (signature) => {
      const proposal: Proposal = {
        ...position,
        leader: this.#host.index,
        engineHash,
        timeoutCertificate,
        signature,
        valueId,
        ...body,
      };
      const message: Message = { type: "proposal", proposal };
      this.#host.persist({ type: "sign-state", state: { ...request, signature }, message }, true);
      this.#host.send(this.roleIn(view).peers, message, "distribute");
      this.#host.countLoopback(0);
      this.#acceptProposal(proposal, tc);
    });
  }

  onProposal(from: number, proposal: Proposal): void {
    const { view } = proposal;
    if (this.decided !== undefined || view < this.state.view) return;
    if (this.roleIn(view).leader !== proposal.leader) {
      this.#host.emit({ type: "blame", validator: from, reason: "not-leader" });
      return;
    }
    const known = this.values.proposals(view);
    const isKnown = known.some(({ valueId }) => sameBytes(valueId, proposal.valueId));
    if (isKnown || known.length >= PROPOSALS_PER_VIEW) return;
    if (!hasMatchingEngineData(proposal)) return;
    if ((view === 0) !== (proposal.timeoutCertificate.length === 0)) return;
    const { electorate, scheme } = this.#host.context;
    const tc = readTimeoutCertificate(proposal, () =>
      decodeTimeoutCertificate(proposal.timeoutCertificate, electorate, scheme),
    );
    if (tc === "unreadable") return;
    const checks: Check[] = [
      signatureCheck({ type: "proposal", proposal }, this.#host.chainId),
      ...(tc === undefined ? [] : [{ type: "timeout-certificate" as const, certificate: tc }]),
    ];
    this.#host.verify({ type: "all", checks }, (invalid) => {
      if (invalid.length === 0) this.#acceptProposal(proposal, tc);
    });
  }

  /** A proposal whose signature and timeout certificate are valid. */
  #acceptProposal(proposal: Proposal, tc: TimeoutCertificate | undefined): void {
    const { view, valueId } = proposal;
    if (this.decided !== undefined || view < this.state.view) return;
    const known = this.values.proposals(view);
    if (known.some((other) => sameBytes(other.valueId, valueId))) return;
    if (known.length >= PROPOSALS_PER_VIEW) return;
    const [first] = known;
    this.values.addProposal(proposal);
    if (first !== undefined) {
      this.#host.report({
        type: EVIDENCE_TYPE.DUP_PROPOSAL,
        validator: proposal.leader,
        first: { type: "proposal", proposal: first },
        second: { type: "proposal", proposal },
      });
      if (view === this.state.view) this.giveUp(view);
      return;
    }
    const value = this.values.value(valueId);
    value.appBlockId = proposal.appBlockId;
    value.engineHash = proposal.engineHash;
    this.values.addBody(proposal, this.#host.identify);
    if (tc !== undefined) this.#enterView(view, tc);
    if (view !== this.state.view) return;
    this.start();
    const forced = tc === undefined ? undefined : forcedValue(tc);
    if (!isJustified(view === 0 && tc === undefined, forced, valueId, sameBytes)) {
      this.giveUp(view);
      return;
    }
    const message: Message = { type: "proposal", proposal };
    // The body must outlive a crash of everybody who votes for it; the vote's flush covers it.
    if (proposal.leader !== this.#host.index)
      this.#host.persist({ type: "message", message }, false);
    const { children } = this.roleIn(view);
    this.#host.send(children, message, "distribute");
    this.#host.send(this.#attachedBesides(children), message, "recovery");
    this.#judge(value, proposal.leader);
  }

  /** Has the application look at a value, or votes if it did. */
  #judge(value: Value, source: number): void {
    if (value.verdict === "accepted") {
      this.#tryPrepare(this.state.view);
      return;
    }
    if (value.verdict !== "unknown") return;
    if (value.body === undefined) {
      this.#wantBody(value.valueId, [source]);
      return;
    }
    const { body } = value;
    value.verdict = "pending";
    const isReproposed = this.#isCertified(value.valueId);
    this.#host.checkEngineData(body.engineData, (isValid) => {
      if (!isValid) {
        this.#onVerdict(value, false);
        return;
      }
      this.#host.emit({
        type: "validate",
        height: this.height,
        view: this.state.view,
        valueId: value.valueId,
        lastAppBlockId: this.#host.lastAppBlockId,
        body,
        isReproposed,
      });
    });
  }

  /** Does a prepare certificate for this value exist, as far as this node knows? */
  #isCertified(valueId: Uint8Array): boolean {
    return [...this.#certificates.values()].some((one) => sameBytes(one.valueId, valueId));
  }

  onValidated(
    valueId: Uint8Array,
    isAccepted: boolean,
    nextValidators: ValidatorSet | undefined,
  ): void {
    const value = this.values.find(valueId);
    if (value?.body === undefined || value.verdict !== "pending") return;
    value.nextValidators = nextValidators;
    const isRight = this.#host.isNextSetRight(value.body.engineData, nextValidators);
    this.#onVerdict(value, isAccepted && isRight);
  }

  #onVerdict(value: Value, isAccepted: boolean): void {
    value.verdict = isAccepted ? "accepted" : "rejected";
    if (this.decided !== undefined) return;
    const { view } = this.state;
    if (isAccepted) {
      this.#tryPrepare(view);
      return;
    }
    if (this.#isCertified(value.valueId)) {
      this.#host.emit({
        type: "fatal",
        error: new BbftError("app-divergence", { height: this.height, view }),
      });
      return;
    }
    const [proposal] = this.values.proposals(view);
    if (proposal !== undefined && sameBytes(proposal.valueId, value.valueId)) this.giveUp(view);
  }

  // Voting

  #tryPrepare(view: number): void {
    const [proposal, second] = this.values.proposals(view);
    if (proposal === undefined || second !== undefined || this.decided !== undefined) return;
    if (this.values.find(proposal.valueId)?.verdict !== "accepted") return;
    if (!mayPrepare(this.state, view) || this.#host.isSilent()) return;
    this.state = { ...this.state, preparedIn: view };
    this.#signVote(PREPARE, view, proposal.valueId);
  }

  #tryCommit(view: number): void {
    const certificate = this.#certificates.get(certificateKey(PREPARE, view));
    if (certificate === undefined || this.decided !== undefined) return;
    if (!mayCommit(this.state, view) || this.#host.isSilent()) return;
    this.state = { ...this.state, committedIn: view };
    this.#signVote(COMMIT, view, certificate.valueId);
  }

  #signVote(kind: VoteKind, view: number, valueId: Uint8Array): void {
    const position = { epoch: this.epoch, height: this.height, view };
    const request: SignRequest = {
      kind,
      height: this.height,
      view,
      step: kind === PREPARE ? SIGN_STEP.PREPARE : SIGN_STEP.COMMIT,
      bytes: voteBytes(kind, this.#host.chainId, position, valueId),
    };
    this.#host.sign(request, (signature) => {
      const vote: Vote = { ...position, kind, valueId, signer: this.#host.index, signature };
      const message: Message = { type: "vote", vote };
      this.#host.persist({ type: "sign-state", state: { ...request, signature }, message }, true);
      this.#castOwn(vote);
    });
  }

  #castOwn(vote: Vote): void {
    const pool = this.#pool(vote.kind, vote.view, vote.valueId, vote.signer);
    if (pool === undefined) return;
    pool.addVerifiedSingle(vote.signer, vote.signature, true);
    pool.hasOwn = true;
    this.#lastPool = pool;
    if (vote.view === this.state.view && this.decided === undefined)
      this.#setTimer("attach", viewTimeout(this.#host.context.parameters, vote.view) / 4);
    this.#evaluate(pool);
  }

  /** The pool of a value; undefined when a peer brings up too many. */
  #pool(kind: VoteKind, view: number, valueId: Uint8Array, from: number): VotePool | undefined {
    const key = `aggregate/${this.height}/${kind}/${view}/${keyOf(valueId)}`;
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const isTracked = this.values.find(valueId) !== undefined || this.#isCertified(valueId);
    if (!isTracked && from !== this.#host.index) {
      const peer = `${kind}/${view}/${from}`;
      const broughtUp = this.#broughtUp.get(peer) ?? 0;
      if (broughtUp >= VALUES_PER_PEER) return undefined;
      this.#broughtUp.set(peer, broughtUp + 1);
    }
    const position = { epoch: this.epoch, height: this.height, view };
    const message = voteBytes(kind, this.#host.chainId, position, valueId);
    const pool = new VotePool({ kind, view, valueId, message, key });
    this.#pools.set(key, pool);
    return pool;
  }

  onVote(from: number, vote: Vote): void {
    if (this.#host.banned.has(from) || this.#host.banned.has(vote.signer)) return;
    if (vote.view > this.state.view + VIEW_WINDOW) return;
    const pool = this.#pool(vote.kind, vote.view, vote.valueId, from);
    if (pool === undefined) return;
    const isBelow = this.#isBelow(from, vote.view);
    if (pool.hasSingle(vote.signer, from)) {
      // The sender repeats itself, so it misses what this vote led to.
      if (from === vote.signer) this.#answerWithCertificate(from, vote.kind, vote.view);
      return;
    }
    pool.pending.push({
      from,
      isBelow,
      single: vote.signer,
      signers: [vote.signer],
      set: signerSet(this.#host.context.electorate.n, [vote.signer]),
      signature: vote.signature,
    });
    pool.answered.add(from);
    const first = this.#firstVotes.get(voterKey(vote));
    if (first !== undefined && !sameBytes(first.valueId, vote.valueId)) this.#startCheck(pool);
    else this.#evaluate(pool);
  }

  onContribution(from: number, contribution: Certificate): void {
    const { kind, view, valueId, signers, signature } = contribution;
    if (this.#host.banned.has(from) || isEmptySet(signers)) return;
    if (view > this.state.view + VIEW_WINDOW) return;
    const pool = this.#pool(kind, view, valueId, from);
    if (pool === undefined) return;
    if (pool.hasContribution(from, signers)) {
      this.#answerWithCertificate(from, kind, view);
      return;
    }
    pool.pending.push({
      from,
      isBelow: this.#isBelow(from, view),
      single: undefined,
      signers: signersOf(signers),
      set: signers,
      signature,
    });
    pool.answered.add(from);
    this.#evaluate(pool);
  }

  #isBelow(from: number, view: number): boolean {
    return this.roleIn(view).children.includes(from) || this.#attached.has(from);
  }

  /** Decides what a pool can do next: check, send up, wait, or become a certificate. */
  #evaluate(pool: VotePool): void {
    if (pool.isChecking) return;
    const { electorate } = this.#host.context;
    const role = this.roleIn(pool.view);
    const hasAll = role.children.every(
      (child) => pool.answered.has(child) || this.#host.banned.has(child),
    );
    const isCertified = this.#certificates.has(certificateKey(pool.kind, pool.view));
    const isOpen = !isCertified && this.decided === undefined;
    if (pool.pending.length > 0) {
      const isDue = hasAll || pool.isOverdue || pool.sent !== undefined;
      const hasBelow = pool.pending.some(({ isBelow }) => isBelow);
      const canCertify = isOpen && pool.potentialPower(electorate) >= electorate.quorumPower;
      if ((hasBelow && isDue) || canCertify) {
        this.#startCheck(pool);
        return;
      }
    }
    this.#passOn(pool, role, hasAll);
    if (isOpen) this.#tryCertify(pool);
  }

  #passOn(pool: VotePool, role: ViewRole, hasAll: boolean): void {
    if (pool.sent === undefined) {
      if (hasAll && pool.hasOwn) this.#sendUp(pool, role, role.isGateway ? "exchange" : "vote");
      else if (pool.isOverdue && this.decided === undefined) this.#sendUp(pool, role, "recovery");
      else if (!pool.hasTimer && this.decided === undefined && role.children.length > 0)
        this.#setAggregateTimer(pool, this.#aggregateWait(pool.view));
      return;
    }
    if (this.decided !== undefined || pool.hasTimer || pool.repeats >= MAX_REPEATS) return;
    const { signers } = pool.mergeBelow(this.#host.context.electorate);
    if (!isSubset(signers, pool.sent)) this.#setAggregateTimer(pool, REPEAT_MS);
  }

  #aggregateWait(view: number): number {
    const { parameters, answerMs } = this.#host.context;
    const limit = viewTimeout(parameters, view) / 8;
    return Math.min(limit, 2 * (answerMs[this.#host.index] ?? limit) + 20);
  }

  #setAggregateTimer(pool: VotePool, ms: number): void {
    pool.hasTimer = true;
    this.#setTimer(pool.key, ms);
  }

  #onAggregateTimer(pool: VotePool): void {
    pool.hasTimer = false;
    if (pool.sent === undefined) pool.isOverdue = true;
    else if (this.decided === undefined && !pool.isChecking) {
      const { signers } = pool.mergeBelow(this.#host.context.electorate);
      if (!isSubset(signers, pool.sent)) {
        pool.repeats++;
        this.#sendUp(pool, this.roleIn(pool.view), "recovery");
      }
    }
    this.#evaluate(pool);
  }

  #sendUp(pool: VotePool, role: ViewRole, stage: Stage): void {
    const merged = pool.mergeBelow(this.#host.context.electorate);
    if (merged.power === 0) return;
    pool.sent = merged.signers;
    const to = role.parent >= 0 ? [role.parent] : role.peers;
    this.#sendBelow(pool, to, stage);
  }

  /** Sends what a pool holds from below, as a single vote where it is only one. */
  #sendBelow(pool: VotePool, to: readonly number[], stage: Stage): void {
    if (to.length === 0) return;
    const { electorate, scheme } = this.#host.context;
    const merged = pool.mergeBelow(electorate);
    if (merged.power === 0) return;
    const signature = pool.combineBelow(scheme, merged);
    const position = { epoch: this.epoch, height: this.height, view: pool.view };
    const { kind, valueId } = pool;
    const [single] = merged.usedSingles;
    const message: Message =
      merged.usedSources.length === 0 && merged.usedSingles.length === 1 && single !== undefined
        ? { type: "vote", vote: { ...position, kind, valueId, signer: single, signature } }
        : {
            type: "aggregate",
            contribution: {
              ...position,
              kind,
              scheme: scheme.id,
              valueId,
              n: electorate.n,
              signers: merged.signers,
              signature,
            },
          };
    this.#host.send(to, message, stage);
  }

  #startCheck(pool: VotePool): void {
    if (pool.isChecking || pool.pending.length === 0) return;
    const parts = pool.pending;
    pool.pending = [];
    pool.isChecking = true;
    const check: Check = { type: "parts", epoch: this.epoch, message: pool.message, parts };
    this.#host.verify(check, (invalid) => {
      pool.isChecking = false;
      const bad = new Set(invalid);
      parts.forEach((part, position) => {
        if (bad.has(position)) this.#onBadPart(part);
        else this.#onGoodPart(pool, part);
      });
      this.#evaluate(pool);
    });
  }

  #onBadPart(part: PendingPart): void {
    // A relayed vote blames the relay, which had to check it.
    this.#host.banned.add(part.from);
    this.#host.emit({ type: "blame", validator: part.from, reason: "signature" });
  }

  #onGoodPart(pool: VotePool, part: PendingPart): void {
    pool.addVerified(part);
    if (part.single === undefined) return;
    const { kind, view, valueId } = pool;
    this.#noteVote({
      epoch: this.epoch,
      height: this.height,
      view,
      kind,
      valueId,
      signer: part.single,
      signature: part.signature,
    });
  }

  /** Remembers a verified single vote and looks for contradictions with what is known. */
  #noteVote(vote: Vote): void {
    const key = voterKey(vote);
    const first = this.#firstVotes.get(key);
    if (first === undefined) {
      this.#firstVotes.set(key, vote);
    } else if (!sameBytes(first.valueId, vote.valueId)) {
      this.#host.report({
        type: EVIDENCE_TYPE.DUP_VOTE,
        validator: vote.signer,
        first: { type: "vote", vote: first },
        second: { type: "vote", vote },
      });
    }
    if (vote.kind !== COMMIT) return;
    for (const timeout of this.#timeouts.of(vote.signer))
      if (timeout.view >= vote.view && timeout.qcViewPlus1 < vote.view + 1)
        this.#reportLock(vote, timeout);
  }

  #reportLock(vote: Vote, timeout: Timeout): void {
    this.#host.report({
      type: EVIDENCE_TYPE.LOCK_VIOLATION,
      validator: vote.signer,
      first: { type: "vote", vote },
      second: { type: "timeout", timeout },
    });
  }

  #tryCertify(pool: VotePool): void {
    const { electorate, scheme } = this.#host.context;
    const merged = pool.mergeAll(electorate);
    if (merged.isQuorum) {
      this.#onCertificate({
        epoch: this.epoch,
        height: this.height,
        view: pool.view,
        kind: pool.kind,
        scheme: scheme.id,
        valueId: pool.valueId,
        n: electorate.n,
        signers: merged.signers,
        signature: pool.combineAll(scheme, merged),
      });
      return;
    }
    if (powerOf(electorate, merged.union) < electorate.quorumPower) return;
    // Overlapping contributions hide votes that single ones would add.
    const sources = pool.overlappingSources(merged).filter((source) => !pool.asked.has(source));
    for (const source of sources) pool.asked.add(source);
    this.#requestVotes(pool, sources);
  }

  #requestVotes(pool: VotePool, sources: readonly number[]): void {
    const { n } = this.#host.context.electorate;
    const held = signerSet(
      n,
      [...Array(n).keys()].filter((one) => pool.single(one) !== undefined),
    );
    const wanted = signerSet(n, [...Array(n).keys()]);
    for (let at = 0; at < wanted.length; at++) wanted[at] = (wanted[at] ?? 0) & ~(held[at] ?? 0);
    const { kind, view, valueId } = pool;
    const { height } = this;
    this.#host.send(
      sources,
      { type: "votes-request", kind, height, view, valueId, wanted },
      "recovery",
    );
  }

  onVotesRequest(from: number, request: Extract<Message, { type: "votes-request" }>): void {
    const pool = this.#pools.get(
      `aggregate/${this.height}/${request.kind}/${request.view}/${keyOf(request.valueId)}`,
    );
    if (pool === undefined || !this.#mayAnswer(from)) return;
    const { kind, view, valueId } = request;
    const position = { epoch: this.epoch, height: this.height, view };
    const wanted = wantedSigners(request.wanted, this.#host.context.electorate.n);
    const votes = pool
      .singlesOf(wanted)
      .map((single) => ({ ...position, kind, valueId, ...single }));
    if (votes.length > 0) this.#host.send([from], { type: "votes-response", votes }, "recovery");
  }

  // Certificates

  onCertificateMessage(from: number, certificate: Certificate): void {
    if (this.#certificates.has(certificateKey(certificate.kind, certificate.view))) return;
    if (this.decided !== undefined) return;
    const { electorate } = this.#host.context;
    if (powerOf(electorate, certificate.signers) < electorate.quorumPower) {
      this.#host.emit({ type: "blame", validator: from, reason: "quorum" });
      return;
    }
    this.#host.verify({ type: "certificate", certificate }, (invalid) => {
      if (invalid.length === 0) this.#onCertificate(certificate);
      else this.#host.emit({ type: "blame", validator: from, reason: "signature" });
    });
  }

  /** A valid certificate, whoever made it. */
  #onCertificate(certificate: Certificate): void {
    const { kind, view } = certificate;
    const key = certificateKey(kind, view);
    if (this.#certificates.has(key) || this.decided !== undefined) return;
    this.#certificates.set(key, certificate);
    this.#checkedCertificates.add(contentKey(certificate));
    if (kind === PREPARE && view > this.state.highQcView) {
      this.state = { ...this.state, highQcView: view };
      this.highQc = certificate;
      this.#host.persist({ type: "message", message: { type: "certificate", certificate } }, false);
    }
    this.#spread(certificate);
    if (kind === COMMIT) this.#decide(certificate);
    else this.#tryCommit(view);
  }

  /** Finalize: the leader to the other gateways, everybody to its children. */
  #spread(certificate: Certificate): void {
    const message: Message = { type: "certificate", certificate };
    const role = this.roleIn(certificate.view);
    if (role.leader === this.#host.index) {
      this.#host.countLoopback(certificate.kind === PREPARE ? 1 : 2);
      this.#host.send(role.peers, message, "finalize-a");
    }
    this.#host.send(role.children, message, "finalize");
    this.#host.send(this.#attachedBesides(role.children), message, "recovery");
  }

  #attachedBesides(others: readonly number[]): number[] {
    return [...this.#attached].filter((validator) => !others.includes(validator));
  }

  #decide(certificate: Certificate): void {
    this.decided = certificate;
    for (const key of ["view", "attach", "retransmit", "repair"])
      this.#host.emit({ type: "clear-timer", key });
    this.#deliver(signersOf(certificate.signers));
  }

  #deliver(sources: readonly number[]): void {
    const certificate = this.decided;
    if (certificate === undefined || this.#hasDelivered) return;
    const value = this.values.value(certificate.valueId);
    const { body, appBlockId, engineHash } = value;
    if (body === undefined || appBlockId === undefined || engineHash === undefined) {
      this.#wantBody(certificate.valueId, sources);
      return;
    }
    this.#hasDelivered = true;
    this.#host.onDecided({ certificate, appBlockId, engineHash }, value, body);
  }

  /** A proof from another node; its certificate is checked, the body fetched from the sender. */
  onCommitProof(from: number, proof: CommitProof, body?: Body): void {
    if (this.#hasDelivered) return;
    const { certificate, appBlockId, engineHash } = proof;
    const isBound =
      certificate.kind === COMMIT &&
      sameBytes(certificate.valueId, valueIdOf(appBlockId, engineHash));
    if (!isBound) return;
    const accept = (): void => {
      const value = this.values.value(certificate.valueId);
      value.appBlockId = appBlockId;
      value.engineHash = engineHash;
      if (body !== undefined) this.values.addBody(body, this.#host.identify);
      if (this.decided === undefined) {
        this.#onCertificate(certificate);
      }
      this.#deliver(from >= 0 ? [from] : signersOf(certificate.signers));
    };
    if (this.decided !== undefined) {
      if (sameBytes(this.decided.valueId, certificate.valueId)) accept();
      return;
    }
    const { electorate } = this.#host.context;
    if (powerOf(electorate, certificate.signers) < electorate.quorumPower) return;
    this.#host.verify({ type: "certificate", certificate }, (invalid) => {
      if (invalid.length === 0) accept();
    });
  }

  // Repair

  #wantBody(valueId: Uint8Array, from: readonly number[]): void {
    const isSame = this.#wantedBody !== undefined && sameBytes(this.#wantedBody.valueId, valueId);
    const sources = isSame ? [...from, ...(this.#wantedBody?.from ?? [])] : from;
    // Those who should have it first, then everybody: the others may have learned it since.
    const others = [...new Set([...sources, ...this.#everybodyElse()])];
    const askable = others.filter((source) => source !== this.#host.index);
    this.#wantedBody = { valueId, from: askable };
    if (!isSame) this.#repairCursor = 0;
    this.#askForBody();
  }

  #askForBody(): void {
    const wanted = this.#wantedBody;
    if (wanted === undefined || this.values.find(wanted.valueId)?.body !== undefined) return;
    const { from, valueId } = wanted;
    const source = from[this.#repairCursor++ % Math.max(1, from.length)];
    const { height } = this;
    if (source !== undefined)
      this.#host.send([source], { type: "block-request", height, valueId }, "recovery");
    this.#setTimer("repair", this.#host.context.parameters.viewTimeoutMs / REPAIR_PART);
  }

  onBlockRequest(from: number, valueId: Uint8Array): void {
    const body = this.values.find(valueId)?.body;
    if (body === undefined || !this.#mayAnswer(from)) return;
    this.#host.send([from], { type: "block-response", height: this.height, body }, "recovery");
  }

  onBlockResponse(body: Body): void {
    const wanted = this.#wantedBody;
    if (wanted === undefined) return;
    // Anything else was not asked for.
    if (!sameBytes(valueIdOf(body.appBlockId, hash(body.engineData)), wanted.valueId)) return;
    const value = this.values.addBody(body, this.#host.identify);
    if (value === undefined) return;
    this.#wantedBody = undefined;
    this.#host.emit({ type: "clear-timer", key: "repair" });
    if (this.decided !== undefined) {
      this.#deliver([]);
      return;
    }
    const { view } = this.state;
    const isLeader = this.roleIn(view).leader === this.#host.index;
    const [proposal] = this.values.proposals(view);
    if (proposal !== undefined && sameBytes(proposal.valueId, value.valueId))
      this.#judge(value, proposal.leader);
    else if (isLeader) this.#propose();
  }

  #mayAnswer(peer: number): boolean {
    const given = this.#answers.get(peer) ?? 0;
    if (given >= ANSWERS_PER_PEER) return false;
    this.#answers.set(peer, given + 1);
    return true;
  }

  #answerWithCertificate(peer: number, kind: VoteKind, view: number): void {
    const certificate = this.#certificates.get(certificateKey(kind, view));
    if (certificate === undefined || !this.#mayAnswer(peer)) return;
    this.#host.send([peer], { type: "certificate", certificate }, "recovery");
  }

  // Attach

  #onAttachTimer(): void {
    if (this.decided !== undefined) return;
    const { view } = this.state;
    const role = this.roleIn(view);
    const pool = this.#lastPool?.view === view ? this.#lastPool : undefined;
    const hasProposal = this.values.proposals(view).length > 0;
    if (!hasProposal || pool !== undefined) {
      const backups = this.#nextBackups(role);
      const { height } = this;
      this.#host.send(backups, { type: "attach", height, view }, "recovery");
      if (pool !== undefined && !role.isGateway) this.#sendOwnVotes(backups, view);
      if (pool !== undefined && role.isGateway) this.#requestVotes(pool, role.peers);
    }
    this.#setTimer("attach", viewTimeout(this.#host.context.parameters, view) / 4);
  }

  #sendOwnVotes(to: readonly number[], view: number): void {
    const { index } = this.#host;
    for (const pool of this.#pools.values()) {
      const signature = pool.view === view && pool.hasOwn ? pool.single(index) : undefined;
      if (signature === undefined) continue;
      const position = { epoch: this.epoch, height: this.height, view };
      const { kind, valueId } = pool;
      const vote: Vote = { ...position, kind, valueId, signer: index, signature };
      this.#host.send(to, { type: "vote", vote }, "recovery");
    }
  }

  /** The next gateways after the own one, the leader last; in a direct view only the leader. */
  #nextBackups({ mode, leader, topology }: ViewRole): number[] {
    const { index, context } = this.#host;
    let list = [leader];
    if (mode === "hier") {
      const { gateways, root } = topology;
      const position = gateways.indexOf(root[index] ?? -1);
      list = [...gateways.slice(position + 1), ...gateways.slice(0, position), leader];
    }
    const backups = [...new Set(list)].filter((gateway) => gateway !== index);
    const count = Math.min(context.parameters.attachFanout, backups.length);
    const chosen: number[] = [];
    for (let i = 0; i < count; i++) {
      const backup = backups[this.#attachCursor++ % backups.length];
      if (backup !== undefined) chosen.push(backup);
    }
    return chosen;
  }

  onAttach(from: number, view: number): void {
    if (!this.#mayAnswer(from)) return;
    if (view < this.state.view) {
      this.#sendTimeoutCertificate(from);
      return;
    }
    if (view > this.state.view) return;
    this.#attached.add(from);
    for (const proposal of this.values.proposals(view))
      this.#host.send([from], { type: "proposal", proposal }, "recovery");
    for (const kind of [PREPARE, COMMIT]) {
      const certificate = this.#certificates.get(certificateKey(kind, view));
      if (certificate !== undefined)
        this.#host.send([from], { type: "certificate", certificate }, "recovery");
    }
  }

  #onRetransmitTimer(): void {
    if (this.decided !== undefined) return;
    if (this.#lastTimeout !== undefined && this.#lastTimeout.view >= this.state.view)
      this.#host.send(this.#everybodyElse(), timeoutMessage(this.#lastTimeout), "recovery");
    const pool = this.#lastPool;
    if (pool !== undefined && pool.view === this.state.view) {
      const role = this.roleIn(pool.view);
      this.#sendBelow(pool, role.parent >= 0 ? [role.parent] : role.peers, "recovery");
    }
    this.#setTimer("retransmit", RETRANSMIT_MS);
  }

  #everybodyElse(): number[] {
    const { index, context } = this.#host;
    return [...Array(context.electorate.n).keys()].filter((validator) => validator !== index);
  }

  // View change

  /** V5: gives up a view, once. */
  giveUp(view: number): void {
    if (this.decided !== undefined || this.#host.isSilent()) return;
    if (!mayTimeout(this.state, view)) return;
    const qcViewPlus1 = timeoutClaim(this.state);
    const { highQc } = this;
    this.state = { ...this.state, timedOut: view };
    const position = { epoch: this.epoch, height: this.height, view };
    const request: SignRequest = {
      kind: SIGN_KIND.TIMEOUT,
      height: this.height,
      view,
      step: SIGN_STEP.TIMEOUT,
      bytes: timeoutBytes(this.#host.chainId, position, qcViewPlus1),
    };
    this.#host.sign(request, (signature) => {
      const timeout = { ...position, qcViewPlus1, signer: this.#host.index, signature, highQc };
      const message = timeoutMessage(timeout);
      this.#host.persist({ type: "sign-state", state: { ...request, signature }, message }, true);
      this.#lastTimeout = timeout;
      this.#host.send(this.#everybodyElse(), message, "recovery");
      this.#timeouts.add(timeout);
      this.#advanceByTimeouts();
    });
  }

  onTimeout(from: number, timeout: Timeout): void {
    const { view, qcViewPlus1, signer, highQc } = timeout;
    if (this.decided !== undefined || view > this.state.view + VIEW_WINDOW) return;
    if (view < this.state.view) {
      if (from === signer && this.#mayAnswer(from)) this.#sendTimeoutCertificate(from);
      return;
    }
    const isSound =
      qcViewPlus1 <= view + 1 &&
      (highQc === undefined
        ? qcViewPlus1 === 0
        : highQc.kind === PREPARE &&
          highQc.epoch === this.epoch &&
          highQc.height === this.height &&
          highQc.view + 1 === qcViewPlus1);
    if (!isSound) {
      this.#host.emit({ type: "blame", validator: from, reason: "tc-qc" });
      return;
    }
    const known = this.#timeouts.find(signer, view);
    if (known !== undefined && known.qcViewPlus1 === qcViewPlus1) return;
    const { electorate } = this.#host.context;
    if (highQc !== undefined && powerOf(electorate, highQc.signers) < electorate.quorumPower)
      return;
    const checks: Check[] = [signatureCheck(timeoutMessage(timeout), this.#host.chainId)];
    if (highQc !== undefined && !this.#checkedCertificates.has(contentKey(highQc)))
      checks.push({ type: "certificate", certificate: highQc });
    this.#host.verify({ type: "all", checks }, (invalid) => {
      if (invalid.length === 0) this.#acceptTimeout(timeout);
      else this.#host.emit({ type: "blame", validator: from, reason: "signature" });
    });
  }

  #acceptTimeout(timeout: Timeout): void {
    if (this.decided !== undefined) return;
    const known = this.#timeouts.find(timeout.signer, timeout.view);
    if (known !== undefined) {
      if (known.qcViewPlus1 !== timeout.qcViewPlus1)
        this.#host.report({
          type: EVIDENCE_TYPE.DUP_TIMEOUT,
          validator: timeout.signer,
          first: timeoutMessage(known),
          second: timeoutMessage(timeout),
        });
      return;
    }
    this.#timeouts.add(timeout);
    if (timeout.highQc !== undefined) this.#onCertificate(timeout.highQc);
    for (let view = Math.max(0, timeout.view - VIEW_WINDOW); view <= timeout.view; view++) {
      const vote = this.#firstVotes.get(`${COMMIT}/${view}/${timeout.signer}`);
      if (vote !== undefined && timeout.qcViewPlus1 < vote.view + 1)
        this.#reportLock(vote, timeout);
    }
    this.#advanceByTimeouts();
  }

  #advanceByTimeouts(): void {
    if (this.decided !== undefined) return;
    const { view } = this.state;
    const givenUp = this.#timeouts.quorumView(view);
    if (givenUp !== undefined) {
      const { scheme } = this.#host.context;
      this.#enterView(givenUp + 1, this.#timeouts.certificate(givenUp, scheme));
      return;
    }
    const weak = this.#timeouts.weakView(view);
    if (weak !== undefined) this.giveUp(weak);
  }

  onTimeoutCertificate(from: number, certificate: TimeoutCertificate): void {
    if (this.decided !== undefined || !mayEnter(this.state, certificate.view + 1)) return;
    this.#host.verify({ type: "timeout-certificate", certificate }, (invalid) => {
      if (invalid.length === 0) this.#enterView(certificate.view + 1, certificate);
      else this.#host.emit({ type: "blame", validator: from, reason: "signature" });
    });
  }

  #sendTimeoutCertificate(to: number): void {
    if (this.lastTc !== undefined) this.#host.send([to], tcMessage(this.lastTc), "recovery");
  }

  // Restart

  /** Takes in a message of the write-ahead log; nothing is sent. */
  restore(message: Message): void {
    const { index } = this.#host;
    switch (message.type) {
      case "proposal": {
        const { proposal } = message;
        this.values.addBody(proposal, this.#host.identify);
        if (proposal.leader !== index) return;
        this.#proposedIn = Math.max(this.#proposedIn, proposal.view);
        this.values.addProposal(proposal);
        const value = this.values.value(proposal.valueId);
        value.verdict = "accepted";
        return;
      }
      case "vote": {
        const { kind, view } = message.vote;
        const field = kind === PREPARE ? "preparedIn" : "committedIn";
        const last = Math.max(this.state[field], view);
        this.state = { ...this.state, [field]: last, view: Math.max(this.state.view, view) };
        const pool = this.#pool(kind, view, message.vote.valueId, index);
        pool?.addVerifiedSingle(index, message.vote.signature, true);
        if (pool !== undefined) {
          pool.hasOwn = true;
          this.#lastPool = pool;
        }
        return;
      }
      case "timeout": {
        const { timeout } = message;
        this.state = { ...this.state, timedOut: Math.max(this.state.timedOut, timeout.view) };
        this.#lastTimeout = timeout;
        this.#timeouts.add(timeout);
        if (timeout.highQc !== undefined) this.#restoreCertificate(timeout.highQc);
        return;
      }
      case "certificate":
        this.#restoreCertificate(message.certificate);
        return;
      case "timeout-certificate": {
        const { certificate } = message;
        if (certificate.view + 1 <= this.state.view) return;
        this.state = { ...this.state, view: certificate.view + 1 };
        this.lastTc = certificate;
        if (certificate.highQc !== undefined) this.#restoreCertificate(certificate.highQc);
        return;
      }
      default:
        return;
    }
  }

  #restoreCertificate(certificate: Certificate): void {
    this.#certificates.set(certificateKey(certificate.kind, certificate.view), certificate);
    if (certificate.kind !== PREPARE || certificate.view <= this.state.highQcView) return;
    this.state = { ...this.state, highQcView: certificate.view };
    this.highQc = certificate;
  }

  /** Certificates known so far; for inspection. */
  certificate(kind: VoteKind, view: number): Certificate | undefined {
    return this.#certificates.get(certificateKey(kind, view));
  }
}
