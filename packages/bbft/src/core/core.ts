/**
 * The consensus core of one validator: events in, effects out.
 *
 * Pure, synchronous and deterministic: the same events give the same effects. It knows no clock,
 * no network and no disk; the host carries the effects out in order and brings the outcomes back.
 *
 * @see spec 90-bbft, sections 6 to 10, 12, 13 and 15
 */
import { keyOf, sameBytes } from "../bytes.ts";
import { type CommitProof, decodeCommitProof, encodeCommitProof } from "../certificate.ts";
import { BbftError } from "../error.ts";
import {
  epochOf,
  isLastOfEpoch,
  powerOf,
  type ValidatorSet,
  valsetHash,
} from "../validator-set.ts";
import { addCounts, countSent, createCounts, type MessageCounts } from "./counters.ts";
import {
  decodeEngineData,
  ENGINE_ITEM,
  type EngineItem,
  encodeEngineData,
  findItem,
} from "./engine-data.ts";
import type { EpochContext } from "./epoch-context.ts";
import type {
  Check,
  Decision,
  Effect,
  Event,
  SignRequest,
  SignState,
  Stage,
  WalRecord,
} from "./events.ts";
import { decodeEvidence, type Evidence, encodeEvidence, evidenceCheck } from "./evidence.ts";
import { HeightInstance } from "./height/height.ts";
import type { HeightHost } from "./height/host.ts";
import type { Value } from "./height/value-book.ts";
import { decodeLatencyReport, latencyCheck } from "./latency-report.ts";
import { heightOf, type Message, messageSize } from "./message.ts";
import { checkSignRequest } from "./sign-guard.ts";

/** Heights for which proofs and bodies are kept for others. */
const KEPT_HEIGHTS = 16n;
/** Heights above the own one whose messages are kept. */
const HEIGHT_WINDOW = 2n;
/** Of those messages, bytes and number for each peer. */
const BUFFER_BYTES = 4 * 1024 * 1024;
const BUFFER_MESSAGES = 256;
/** Evidence waiting to be included. */
const MAX_EVIDENCE = 64;
/** Evidence that is known to be included; older evidence could only be included once more. */
const REMEMBERED_EVIDENCE = 4096;
/** Evidence in one block. */
const EVIDENCE_PER_BLOCK = 16;
/** Latency reports in one block. */
const REPORTS_PER_BLOCK = 32;
/** Answers about old heights for one peer in one height. */
const PROOFS_PER_PEER = 16;

export interface CoreOptions {
  readonly chainId: Uint8Array;
  /** The own identity key; a node whose key is in no set observes. */
  readonly idKey: Uint8Array;
  /** The context of the epoch of the first height. */
  readonly context: EpochContext;
  /**
   * Makes the context of a later epoch: topology, scheme, electorate.
   *
   * @param latencyReports as decided in the epoch before
   */
  createContext(
    set: ValidatorSet,
    previous: EpochContext,
    latencyReports: readonly Uint8Array[],
  ): EpochContext;
  /** The application's id of the bytes of a block. Pure. */
  identify(appBlock: Uint8Array): Uint8Array;
  /** Height of the first block to decide; 1 for a new chain. */
  readonly height?: bigint | undefined;
  /** Id of the block before it; the genesis block's for a new chain. */
  readonly lastAppBlockId: Uint8Array;
  /** Proof of the block before it; undefined for a new chain. */
  readonly lastProof?: CommitProof | undefined;
  /** Latency reports decided earlier in this epoch, for a core that starts inside of one. */
  readonly latencyReports?: readonly Uint8Array[] | undefined;
  /** The write-ahead log was lost: stay silent until it is safe (section 15, item 4). */
  readonly hasLostLog?: boolean | undefined;
}

interface Buffered {
  readonly from: number;
  readonly message: Message;
}

export class BbftCore {
  readonly #options: CoreOptions;
  readonly #contexts: Map<bigint, EpochContext> = new Map();
  readonly #counts: Map<bigint, MessageCounts> = new Map();
  readonly #decisions: Map<bigint, Decision> = new Map();
  readonly #buffers: Map<number, Buffered[]> = new Map();
  readonly #pendingChecks: Map<number, (invalid: readonly number[]) => void> = new Map();
  readonly #pendingSigns: Map<
    number,
    { readonly request: SignRequest; readonly then: (signature: Uint8Array) => void }
  > = new Map();
  readonly #evidence: Map<string, Uint8Array> = new Map();
  readonly #includedEvidence: Set<string> = new Set();
  readonly #proofsGiven: Map<number, number> = new Map();
  readonly #ahead: Set<number> = new Set();
  #banned: Set<number> = new Set();
  /** Decided in this epoch, in order. */
  #latencyReports: Uint8Array[] = [];
  /** Reporters whose report was decided in this epoch, and reports that wait for it. */
  readonly #reported: Set<string> = new Set();
  readonly #reports: Map<string, Uint8Array> = new Map();
  #effects: Effect[] = [];
  #nextId = 0;
  #current: HeightInstance;
  #previous: HeightInstance | undefined;
  #lastSigned: SignState | undefined;
  #lastAppBlockId: Uint8Array;
  #lastProof: CommitProof | undefined;
  #isIntervalOver = true;
  #isCommitting = false;
  #isStopped = false;
  #seenHeight = 0n;
  #reportedBehind = 0n;
  #silentUntil: { readonly decisions: number; readonly epoch: bigint } | undefined;
  #decidedSinceStart = 0;

  constructor(options: CoreOptions) {
    this.#options = options;
    const { context, height = 1n } = options;
    this.#contexts.set(context.epoch, context);
    this.#lastAppBlockId = options.lastAppBlockId;
    this.#lastProof = options.lastProof;
    for (const bytes of options.latencyReports ?? []) {
      this.#latencyReports.push(bytes);
      this.#reported.add(keyOf(decodeLatencyReport(bytes).idKey));
    }
    if (options.hasLostLog === true)
      this.#silentUntil = { decisions: 2, epoch: context.epoch + 1n };
    this.#current = this.#createHeight(height);
  }

  /** Height being decided. */
  get height(): bigint {
    return this.#current.height;
  }
  /** View of the height being decided. */
  get view(): number {
    return this.#current.state.view;
  }
  /** The height being decided, for inspection. */
  get current(): HeightInstance {
    return this.#current;
  }
  /** The last signature given. */
  get lastSigned(): SignState | undefined {
    return this.#lastSigned;
  }

  /** The decision of one of the last 16 heights. */
  decision(height: bigint): Decision | undefined {
    return this.#decisions.get(height);
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
    return this.#contexts.get(epoch);
  }

  /** Context of the height being decided. */
  get context(): EpochContext {
    return this.#contextAt(this.#current.height);
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
        if (this.#current.decided !== undefined || this.#isCommitting) return;
        if (this.#current.state.view > 0 || this.#lastSigned?.height === this.#current.height)
          this.#current.resume();
        else this.#current.start();
        return;
      case "message":
        this.#onMessage(event.from, event.message);
        return;
      case "timer":
        this.#onTimer(event.key);
        return;
      case "verified": {
        const then = this.#pendingChecks.get(event.id);
        this.#pendingChecks.delete(event.id);
        then?.(event.invalid);
        return;
      }
      case "signed": {
        const pending = this.#pendingSigns.get(event.id);
        this.#pendingSigns.delete(event.id);
        if (pending !== undefined) this.#onSigned(pending, event.signature);
        return;
      }
      case "prepared":
        if (event.height === this.#current.height)
          this.#current.onPrepared(event.view, event, event.nextValidators);
        return;
      case "validated":
        if (event.height === this.#current.height)
          this.#current.onValidated(event.valueId, event.isAccepted, event.nextValidators);
        return;
      case "committed":
        if (event.height === this.#current.height) this.#onCommitted(event.nextValidators);
        return;
      case "synchronized":
        if (event.proof.certificate.height === this.#current.height)
          this.#current.onCommitProof(-1, event.proof, event.body);
        return;
      case "loaded":
        this.#answer(event.to, event.what, event.decision);
        return;
      case "latency":
        this.#onOwnReport(event.report);
        return;
      case "ready":
        this.#onIntervalOver();
        return;
      default:
        event satisfies never;
    }
  }

  #onSigned(
    pending: { readonly request: SignRequest; readonly then: (signature: Uint8Array) => void },
    signature: Uint8Array,
  ): void {
    const { request, then } = pending;
    const height = request.height;
    const isLive = height === this.#current.height || height === this.#previous?.height;
    if (!isLive) return;
    // A decided height that went on signs no more; its last vote may still be on its way.
    if (this.#lastSigned !== undefined && checkSignRequest(this.#lastSigned, request)) return;
    this.#lastSigned = { ...request, signature };
    then(signature);
  }

  #onTimer(key: string): void {
    if (key === "interval") this.#onIntervalOver();
    else if (key === "catch-up") this.#askForProof();
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

  #onMessage(from: number, message: Message): void {
    if (message.type === "evidence") {
      this.#onEvidence(message.evidence);
      return;
    }
    if (message.type === "latency-report") {
      this.#onReport(message.report);
      return;
    }
    const height = heightOf(message);
    if (height === undefined) return;
    if (message.type === "proof-request") {
      this.#giveProof(from, height);
      return;
    }
    if (message.type === "block-request" && height < this.#current.height) {
      this.#give(from, height, "body");
      return;
    }
    if (height > this.#current.height) this.#onFuture(from, height, message);
    else if (height === this.#current.height) this.#deliver(this.#current, from, message);
    else if (height === this.#previous?.height) this.#onLate(this.#previous, from, message);
    else if (isCall(message)) this.#giveProof(from, height);
  }

  #deliver(instance: HeightInstance, from: number, message: Message): void {
    if (!this.#isOfEpoch(message)) return;
    switch (message.type) {
      case "proposal":
        instance.onProposal(from, message.proposal);
        return;
      case "vote":
        instance.onVote(from, message.vote);
        return;
      case "timeout":
        instance.onTimeout(from, message.timeout);
        return;
      case "aggregate":
        instance.onContribution(from, message.contribution);
        return;
      case "certificate":
        instance.onCertificateMessage(from, message.certificate);
        return;
      case "timeout-certificate":
        instance.onTimeoutCertificate(from, message.certificate);
        return;
      case "attach":
        instance.onAttach(from, message.view);
        return;
      case "block-request":
        instance.onBlockRequest(from, message.valueId);
        return;
      case "block-response":
        instance.onBlockResponse(message.body);
        return;
      case "commit-proof":
        instance.onCommitProof(from, message.proof);
        return;
      case "votes-request":
        instance.onVotesRequest(from, message);
        return;
      case "votes-response":
        for (const vote of message.votes)
          if (vote.height === instance.height) instance.onVote(from, vote);
        return;
      default:
        return;
    }
  }

  /** The epoch inside a message is redundant with its height and must agree with it. */
  #isOfEpoch(message: Message): boolean {
    const position =
      message.type === "proposal"
        ? message.proposal
        : message.type === "vote"
          ? message.vote
          : message.type === "timeout"
            ? message.timeout
            : message.type === "aggregate"
              ? message.contribution
              : message.type === "certificate" || message.type === "timeout-certificate"
                ? message.certificate
                : undefined;
    if (position === undefined) return true;
    const { epochLength } = this.context.parameters;
    return position.epoch === epochOf(position.height, epochLength);
  }

  /** The last height: gateways still exchange its votes, everybody else gets the proof. */
  #onLate(previous: HeightInstance, from: number, message: Message): void {
    if (message.type === "vote" || message.type === "aggregate" || message.type === "votes-request")
      this.#deliver(previous, from, message);
    else if (isCall(message)) this.#giveProof(from, previous.height);
  }

  #onFuture(from: number, height: bigint, message: Message): void {
    if (height > this.#seenHeight) this.#seenHeight = height;
    if (this.#ahead.size === 0 && !this.#isCommitting) {
      const { viewTimeoutMs } = this.context.parameters;
      this.#emit({ type: "set-timer", key: "catch-up", ms: Math.ceil(viewTimeoutMs / 8) });
    }
    this.#ahead.add(from);
    if (height > this.#current.height + HEIGHT_WINDOW && height > this.#reportedBehind) {
      this.#reportedBehind = height;
      this.#emit({ type: "behind", height: this.#current.height, seen: height });
    }
    if (height > this.#current.height + HEIGHT_WINDOW) return;
    const buffer = this.#buffers.get(from) ?? [];
    const size = buffer.reduce((sum, entry) => sum + messageSize(entry.message), 0);
    if (buffer.length >= BUFFER_MESSAGES || size + messageSize(message) > BUFFER_BYTES) return;
    buffer.push({ from, message });
    this.#buffers.set(from, buffer);
  }

  #askForProof(): void {
    if (this.#ahead.size === 0 || this.#isCommitting) return;
    const { height } = this.#current;
    if (this.#current.decided === undefined) {
      const peers = [...this.#ahead].slice(0, 4);
      for (const peer of peers) this.#ahead.delete(peer);
      this.#send(peers, { type: "proof-request", height }, "recovery", height);
      for (const peer of peers) this.#ahead.add(peer);
    }
    const { viewTimeoutMs } = this.context.parameters;
    this.#emit({ type: "set-timer", key: "catch-up", ms: Math.ceil(viewTimeoutMs / 4) });
  }

  #giveProof(to: number, height: bigint): void {
    this.#give(to, height, "proof");
  }

  /** Answers about a past height; the host is asked where this core has forgotten it. */
  #give(to: number, height: bigint, what: "proof" | "body"): void {
    if (height >= this.#current.height && !this.#decisions.has(height)) return;
    if (!this.#mayGive(to)) return;
    const decision = this.#decisions.get(height);
    if (decision !== undefined) this.#answer(to, what, decision);
    else if (height + KEPT_HEIGHTS >= this.#current.height)
      this.#emit({ type: "load", to, height, what });
    else if (this.#lastProof !== undefined) {
      // Too far behind for repair: the newest proof tells it to synchronize.
      const proof = this.#lastProof;
      this.#send([to], { type: "commit-proof", proof }, "recovery", this.#current.height);
    }
  }

  #answer(to: number, what: "proof" | "body", { height, proof, body }: Decision): void {
    const message: Message =
      what === "proof" ? { type: "commit-proof", proof } : { type: "block-response", height, body };
    this.#send([to], message, "recovery", height);
  }

  #mayGive(peer: number): boolean {
    const given = this.#proofsGiven.get(peer) ?? 0;
    if (given >= PROOFS_PER_PEER + Number(KEPT_HEIGHTS)) return false;
    this.#proofsGiven.set(peer, given + 1);
    return true;
  }

  // Heights

  #contextAt(height: bigint): EpochContext {
    const [first] = this.#contexts.values();
    const length = first?.parameters.epochLength ?? 1;
    const context = this.#contexts.get(epochOf(height, length));
    if (context === undefined) throw new RangeError(`no context for height ${height}`);
    return context;
  }

  #createHeight(height: bigint): HeightInstance {
    const context = this.#contextAt(height);
    const index = this.indexIn(context);
    const host: HeightHost = {
      chainId: this.#options.chainId,
      index,
      context,
      height,
      lastAppBlockId: this.#lastAppBlockId,
      banned: this.#banned,
      isSilent: () => index < 0 || this.#isSilent(height),
      emit: (effect) => this.#emit(effect),
      send: (to, message, stage) => this.#send(to, message, stage, height),
      countLoopback: (copy) => {
        this.#countsFor(height).loopback[copy]++;
      },
      verify: (check, then) => this.#verify(check, then),
      sign: (request, then) => this.#sign(request, then),
      persist: (record, sync) => this.#emit({ type: "persist", record, sync }),
      identify: (appBlock) => this.#options.identify(appBlock),
      makeEngineData: (next) => this.#makeEngineData(height, context, next),
      checkEngineData: (bytes, then) => this.#checkEngineData(height, context, bytes, then),
      isNextSetRight: (bytes, next) => this.#isNextSetRight(height, context, bytes, next),
      report: (evidence) => this.#report(evidence),
      onDecided: (proof, value, body) =>
        this.#onDecided({ height, proof, body, view: proof.certificate.view }, value),
    };
    return new HeightInstance(host);
  }

  #isSilent(height: bigint): boolean {
    const until = this.#silentUntil;
    if (until === undefined) return false;
    const { epochLength } = this.context.parameters;
    const isSafe =
      this.#decidedSinceStart >= until.decisions && epochOf(height, epochLength) >= until.epoch;
    if (isSafe) this.#silentUntil = undefined;
    return !isSafe;
  }

  #countsFor(height: bigint): MessageCounts {
    const known = this.#counts.get(height);
    if (known !== undefined) return known;
    const counts = createCounts();
    this.#counts.set(height, counts);
    this.#counts.delete(height - KEPT_HEIGHTS);
    return counts;
  }

  #send(to: readonly number[], message: Message, stage: Stage, height: bigint): void {
    if (to.length === 0) return;
    countSent(this.#countsFor(height), stage, message, to.length);
    this.#emit({ type: "send", to, message, stage });
  }

  #verify(check: Check, then: (invalid: readonly number[]) => void): void {
    const id = this.#nextId++;
    this.#pendingChecks.set(id, then);
    this.#emit({ type: "verify", id, check });
  }

  #sign(request: SignRequest, then: (signature: Uint8Array) => void): void {
    const stored = checkSignRequest(this.#lastSigned, request);
    if (stored !== undefined) {
      then(stored);
      return;
    }
    const id = this.#nextId++;
    this.#pendingSigns.set(id, { request, then });
    this.#emit({ type: "sign", id, request });
  }

  #onDecided(decision: Decision, value: Value): void {
    const { height, proof } = decision;
    this.#isCommitting = true;
    this.#decidedSinceStart++;
    this.#isIntervalOver = false;
    this.#decisions.set(height, decision);
    this.#decisions.delete(height - KEPT_HEIGHTS);
    this.#emit({ type: "clear-timer", key: "catch-up" });
    this.#emit({
      type: "set-timer",
      key: "interval",
      ms: this.context.parameters.blockIntervalMs,
    });
    this.#emit({ type: "persist", record: { type: "decided", height, proof }, sync: true });
    this.#nextValidators = value.nextValidators;
    this.#emit({ type: "commit", decision });
  }

  #nextValidators: ValidatorSet | undefined;

  #onCommitted(nextValidators: ValidatorSet | undefined): void {
    const { height } = this.#current;
    const decision = this.#decisions.get(height);
    if (decision === undefined || !this.#isCommitting) return;
    const { proof } = decision;
    this.#emit({ type: "persist", record: { type: "end-height", height, proof }, sync: false });
    this.#isCommitting = false;
    this.#lastAppBlockId = proof.appBlockId;
    this.#lastProof = proof;
    const { epochLength } = this.context.parameters;
    this.#takeItems(decision, epochLength);
    if (isLastOfEpoch(height, epochLength)) this.#nextEpoch(nextValidators ?? this.#nextValidators);
    this.#previous = this.#current;
    this.#current = this.#createHeight(height + 1n);
    this.#proofsGiven.clear();
    this.#replayBuffers();
    if (this.#isIntervalOver) this.#current.start();
  }

  #takeItems({ height, body }: Decision, epochLength: number): void {
    for (const { type, bytes } of decodeEngineData(body.engineData, height, epochLength)) {
      if (type === ENGINE_ITEM.LATENCY) {
        const reporter = keyOf(decodeLatencyReport(bytes).idKey);
        this.#latencyReports.push(bytes);
        this.#reported.add(reporter);
        this.#reports.delete(reporter);
      }
      if (type !== ENGINE_ITEM.EVIDENCE) continue;
      const key = keyOf(bytes);
      this.#evidence.delete(key);
      this.#includedEvidence.add(key);
      if (this.#includedEvidence.size > REMEMBERED_EVIDENCE) {
        const [oldest = key] = this.#includedEvidence;
        this.#includedEvidence.delete(oldest);
      }
    }
  }

  #nextEpoch(proposed: ValidatorSet | undefined): void {
    const { context } = this;
    const set = followingSet(context, proposed);
    const next = this.#options.createContext(set, context, this.#latencyReports);
    this.#contexts.set(next.epoch, next);
    this.#contexts.delete(next.epoch - 2n);
    this.#latencyReports = [];
    this.#reported.clear();
    this.#reports.clear();
    this.#banned = new Set();
    this.#evidence.clear();
  }

  #replayBuffers(): void {
    const buffered = [...this.#buffers.values()].flat();
    this.#buffers.clear();
    const ahead = [...this.#ahead];
    this.#ahead.clear();
    for (const { from, message } of buffered) this.#onMessage(from, message);
    // Still behind somebody: ask at once instead of waiting again.
    if (this.#current.decided === undefined && this.#seenHeight > this.#current.height) {
      for (const peer of ahead) this.#ahead.add(peer);
      this.#askForProof();
    }
  }

  // Engine data

  #makeEngineData(
    height: bigint,
    context: EpochContext,
    nextValidators: ValidatorSet | undefined,
  ): Uint8Array {
    const items: EngineItem[] = [];
    if (height > 1n && this.#lastProof !== undefined)
      items.push({ type: ENGINE_ITEM.LAST_COMMIT, bytes: encodeCommitProof(this.#lastProof) });
    for (const bytes of [...this.#evidence.values()].slice(0, EVIDENCE_PER_BLOCK))
      items.push({ type: ENGINE_ITEM.EVIDENCE, bytes });
    for (const bytes of [...this.#reports.values()].slice(0, REPORTS_PER_BLOCK))
      items.push({ type: ENGINE_ITEM.LATENCY, bytes });
    if (isLastOfEpoch(height, context.parameters.epochLength)) {
      const bytes = valsetHash(followingSet(context, nextValidators));
      items.push({ type: ENGINE_ITEM.NEXT_VALSET, bytes });
    }
    return encodeEngineData(items);
  }

  #checkEngineData(
    height: bigint,
    context: EpochContext,
    bytes: Uint8Array,
    then: (isValid: boolean) => void,
  ): void {
    const checks: Check[] = [];
    try {
      const items = decodeEngineData(bytes, height, context.parameters.epochLength);
      for (const item of items) {
        if (item.type === ENGINE_ITEM.EVIDENCE) {
          const evidence = decodeEvidence(item.bytes, context);
          checks.push(evidenceCheck(evidence, this.#options.chainId));
        } else if (item.type === ENGINE_ITEM.LAST_COMMIT) {
          const check = this.#checkLastCommit(height, item.bytes);
          if (check !== undefined) checks.push(check);
        } else if (item.type === ENGINE_ITEM.LATENCY) {
          const report = decodeLatencyReport(item.bytes);
          if (this.#reported.has(keyOf(report.idKey)))
            throw new BbftError("engine-data", { height });
          checks.push(latencyCheck(report, this.#options.chainId, context.electorate.set));
        } else if (item.type !== ENGINE_ITEM.NEXT_VALSET) {
          throw new BbftError("engine-data", { height, found: item.type });
        }
      }
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
      then(false);
      return;
    }
    if (checks.length === 0) then(true);
    else this.#verify({ type: "all", checks }, (invalid) => then(invalid.length === 0));
  }

  /** @throws {@link BbftError} when it is not a proof of the block before */
  #checkLastCommit(height: bigint, bytes: Uint8Array): Check | undefined {
    const known = this.#lastProof;
    if (known !== undefined && sameBytes(bytes, encodeCommitProof(known))) return undefined;
    const context = this.#contextAt(height - 1n);
    const proof = decodeCommitProof(bytes, context.electorate, context.scheme);
    const { certificate, appBlockId } = proof;
    const isSound =
      certificate.height === height - 1n &&
      sameBytes(appBlockId, this.#lastAppBlockId) &&
      powerOf(context.electorate, certificate.signers) >= context.electorate.quorumPower;
    if (!isSound) throw new BbftError("justification", { height });
    return { type: "certificate", certificate };
  }

  #isNextSetRight(
    height: bigint,
    context: EpochContext,
    bytes: Uint8Array,
    next: ValidatorSet | undefined,
  ): boolean {
    const { epochLength } = context.parameters;
    if (!isLastOfEpoch(height, epochLength)) return true;
    const announced = findItem(
      decodeEngineData(bytes, height, epochLength),
      ENGINE_ITEM.NEXT_VALSET,
    );
    return announced !== undefined && sameBytes(announced, valsetHash(followingSet(context, next)));
  }

  // Evidence

  #report(evidence: Evidence): void {
    const bytes = encodeEvidence(evidence);
    if (!this.#keepEvidence(bytes, evidence.validator)) return;
    const { view, height } = { view: this.view, height: this.height };
    const leaders = [view, view + 1].map((at) => this.#current.roleIn(at).leader);
    const others = [...new Set(leaders)].filter((one) => one !== this.indexIn(this.context));
    this.#send(others, { type: "evidence", evidence: bytes }, "recovery", height);
  }

  #keepEvidence(bytes: Uint8Array, validator: number): boolean {
    const key = keyOf(bytes);
    const isKnown = this.#evidence.has(key) || this.#includedEvidence.has(key);
    if (isKnown || this.#evidence.size >= MAX_EVIDENCE) return false;
    this.#evidence.set(key, bytes);
    this.#emit({ type: "evidence", evidence: bytes, validator });
    return true;
  }

  #onEvidence(bytes: Uint8Array): void {
    if (this.#evidence.size >= MAX_EVIDENCE || this.#evidence.has(keyOf(bytes))) return;
    try {
      const evidence = decodeEvidence(bytes, this.context);
      const check = evidenceCheck(evidence, this.#options.chainId);
      this.#verify(check, (invalid) => {
        if (invalid.length === 0) this.#keepEvidence(bytes, evidence.validator);
      });
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
    }
  }

  // Latency reports

  #onOwnReport(report: Uint8Array): void {
    this.#onReport(report);
    const { leader } = this.#current.roleIn(this.view);
    if (leader !== this.indexIn(this.context))
      this.#send([leader], { type: "latency-report", report }, "recovery", this.height);
  }

  #onReport(bytes: Uint8Array): void {
    try {
      const report = decodeLatencyReport(bytes);
      const key = keyOf(report.idKey);
      if (this.#reports.has(key) || this.#reported.has(key)) return;
      const { set } = this.context.electorate;
      this.#verify(latencyCheck(report, this.#options.chainId, set), (invalid) => {
        if (invalid.length === 0 && report.epoch === this.context.epoch)
          this.#reports.set(key, bytes);
      });
    } catch (error) {
      if (!(error instanceof BbftError)) throw error;
    }
  }

  // Restart

  /**
   * Takes in the records of the write-ahead log, in their order, before the first event. Nothing
   * is sent. A height that was decided but not ended is applied again after `start`.
   *
   * @throws {@link BbftError} `wal` when the records do not continue the chain this core was given
   */
  restore(records: Iterable<WalRecord>): Effect[] {
    this.#effects = [];
    let decided: CommitProof | undefined;
    for (const record of records) {
      if (record.type === "end-height") {
        if (record.height >= this.#current.height)
          throw new BbftError("wal", { height: record.height });
        continue;
      }
      if (record.type === "decided") {
        if (record.height === this.#current.height) decided = record.proof;
        continue;
      }
      if (record.type === "sign-state") this.#lastSigned = record.state;
      if (heightOf(record.message) === this.#current.height) this.#current.restore(record.message);
    }
    this.#effects = [];
    if (decided !== undefined) this.#current.onCommitProof(-1, decided);
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  /** Sums the counters of several validators for a height. */
  static totalCounts(cores: Iterable<BbftCore>, height: bigint): MessageCounts {
    const total = createCounts();
    for (const core of cores) addCounts(total, core.counts(height));
    return total;
  }
}

/** Messages whose sender is in trouble and wants an answer. */
function isCall({ type }: Message): boolean {
  return type === "timeout" || type === "attach" || type === "proposal" || type === "vote";
}

/** The set of the next epoch: what the application wants, or the same validators again. */
function followingSet(context: EpochContext, proposed: ValidatorSet | undefined): ValidatorSet {
  const { set } = context.electorate;
  const epoch = context.epoch + 1n;
  if (proposed === undefined || proposed.validators.length === 0) return { ...set, epoch };
  return { ...proposed, epoch };
}
