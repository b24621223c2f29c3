/**
 * Votes and contributions that arrive: when they are checked, and what becomes of a pool then.
 *
 * @see spec 90-bbft, sections 7.5 and 7.7
 */
import { sameBytes } from "../../bytes.ts";
import type { Certificate } from "../../certificate.ts";
import { viewTimeout } from "../../parameters.ts";
import { hasSigner, isEmptySet, signerSet, signersOf } from "../../signer-set.ts";
import { COMMIT } from "../../signing.ts";
import { powerOf } from "../../validator-set.ts";
import type { Check } from "../events.ts";
import { EVIDENCE_TYPE } from "../evidence.ts";
import type { Vote } from "../message.ts";
import { VIEW_WINDOW } from "./bounds.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";
import type { PendingPart, VotePool } from "./vote-pool.ts";
import { answerWithCertificate, requestVotes } from "./vote-requests.ts";
import { backupsBesidesParent, passOn, repeatGrown } from "./vote-routes.ts";

export class VoteCollection {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "acceptCertificate" | "reviewTimeouts">;

  constructor(
    state: HeightState,
    steps: Pick<HeightSteps, "acceptCertificate" | "reviewTimeouts">,
  ) {
    this.#state = state;
    this.#steps = steps;
  }

  addOwn(vote: Vote): void {
    const { pools, host } = this.#state;
    const pool = pools.open(vote.kind, vote.view, vote.valueId, vote.signer);
    if (pool === undefined) return;
    pool.addVerifiedSingle(vote.signer, vote.signature, true);
    pool.hasOwn = true;
    pools.latest = pool;
    if (vote.view === this.#state.view && this.#state.decided === undefined)
      this.#state.setTimer("attach", viewTimeout(host.context.parameters, vote.view) / 4);
    host.send(backupsBesidesParent(this.#state), { type: "vote", vote }, "recovery");
    this.#evaluate(pool);
  }

  onVote(from: number, vote: Vote): void {
    const { host, pools, contradictions } = this.#state;
    if (host.banned.has(from) || host.banned.has(vote.signer)) return;
    if (vote.view > this.#state.view + VIEW_WINDOW) return;
    const pool = pools.open(vote.kind, vote.view, vote.valueId, from);
    if (pool === undefined) return;
    const isBelow = this.#state.isBelow(from, vote.view);
    if (pool.hasSingle(vote.signer, from)) {
      // The sender repeats itself, so it misses what this vote led to.
      if (from === vote.signer) answerWithCertificate(this.#state, from, vote.kind, vote.view);
      return;
    }
    pool.pending.push({
      from,
      isBelow,
      single: vote.signer,
      signers: [vote.signer],
      set: signerSet(host.context.electorate.n, [vote.signer]),
      signature: vote.signature,
    });
    pool.answered.add(from);
    if (contradictions.isContrary(vote)) this.#startCheck(pool);
    else this.#evaluate(pool);
  }

  onContribution(from: number, contribution: Certificate, envelope?: Uint8Array): void {
    const { kind, view, valueId, signers, signature } = contribution;
    if (this.#state.host.banned.has(from) || isEmptySet(signers)) return;
    if (view > this.#state.view + VIEW_WINDOW) return;
    const pool = this.#state.pools.open(kind, view, valueId, from);
    if (pool === undefined) return;
    if (pool.hasContribution(from, signers)) {
      answerWithCertificate(this.#state, from, kind, view);
      return;
    }
    pool.pending.push({
      from,
      isBelow: this.#state.isBelow(from, view),
      single: undefined,
      signers: signersOf(signers),
      set: signers,
      signature,
      envelope,
    });
    pool.answered.add(from);
    this.#evaluate(pool);
  }

  /** A certificate is known now: votes that wait may prove that somebody in it voted twice. */
  compareWith({ kind, view, valueId, signers }: Certificate): void {
    for (const pool of this.#state.pools.all()) {
      const isRival = pool.kind === kind && pool.view === view && !sameBytes(pool.valueId, valueId);
      const isContrary = ({ single }: PendingPart): boolean =>
        single !== undefined && hasSigner(signers, single);
      if (isRival && pool.pending.some(isContrary)) this.#startCheck(pool);
    }
  }

  /** The time to wait for the votes below, or to repeat what has grown since, is over. */
  onTimer(pool: VotePool): void {
    pool.hasTimer = false;
    if (pool.sent === undefined) pool.isOverdue = true;
    else if (this.#state.decided === undefined && !pool.isChecking) repeatGrown(this.#state, pool);
    this.#evaluate(pool);
  }

  /** Decides what a pool can do next: check, send up, wait, or become a certificate. */
  #evaluate(pool: VotePool): void {
    if (pool.isChecking) return;
    const { host, certificates, decided } = this.#state;
    const { electorate } = host.context;
    const role = this.#state.roleIn(pool.view);
    const hasAll = role.children.every(
      (child) => pool.answered.has(child) || host.banned.has(child),
    );
    const isOpen = !certificates.has(pool.kind, pool.view) && decided === undefined;
    if (pool.pending.length > 0) {
      const isDue = hasAll || pool.isOverdue || pool.sent !== undefined;
      const hasBelow = pool.pending.some(({ isBelow }) => isBelow);
      const canCertify = isOpen && pool.potentialPower(electorate) >= electorate.quorumPower;
      if ((hasBelow && isDue) || canCertify) {
        this.#startCheck(pool);
        return;
      }
    }
    passOn(this.#state, pool, role, hasAll);
    if (isOpen) this.#tryCertify(pool);
  }

  #startCheck(pool: VotePool): void {
    if (pool.isChecking || pool.pending.length === 0) return;
    const parts = pool.pending;
    pool.pending = [];
    pool.isChecking = true;
    const { epoch, host } = this.#state;
    const check: Check = { type: "parts", epoch, message: pool.message, parts };
    host.verify(check, (invalid) => {
      pool.isChecking = false;
      const bad = new Set(invalid);
      parts.forEach((part, position) => {
        if (bad.has(position)) this.#onBadPart(part);
        else this.#onGoodPart(pool, part);
      });
      if (pool.kind === COMMIT) this.#steps.reviewTimeouts();
      this.#evaluate(pool);
    });
  }

  #onBadPart(part: PendingPart): void {
    const { host } = this.#state;
    // A relayed vote blames the relay, which had to check it.
    this.#state.ban(part.from);
    if (part.envelope === undefined) return;
    const type = EVIDENCE_TYPE.BAD_AGGREGATE;
    host.report({ type, validator: part.from, envelope: part.envelope });
  }

  #onGoodPart(pool: VotePool, part: PendingPart): void {
    pool.addVerified(part);
    if (part.single === undefined) return;
    const { kind, view, valueId } = pool;
    if (kind === COMMIT) this.#state.noteHolder(part.single, view);
    this.#state.contradictions.noteVote({
      ...this.#state.position(view),
      kind,
      valueId,
      signer: part.single,
      signature: part.signature,
    });
  }

  #tryCertify(pool: VotePool): void {
    const { electorate, scheme } = this.#state.host.context;
    const merged = pool.mergeAll(electorate);
    if (merged.isQuorum) {
      this.#steps.acceptCertificate({
        ...this.#state.position(pool.view),
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
    requestVotes(this.#state, pool, sources);
  }
}
