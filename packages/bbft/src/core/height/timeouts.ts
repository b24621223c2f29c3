/**
 * Timeouts of other validators: what makes one sound, and what follows from it.
 *
 * They are checked together, like votes: nothing follows from a single one, so they wait until they
 * could move this node. Each is found valid by itself; what is kept may serve as evidence.
 *
 * @see spec 90-bbft, sections 6.3 rule V5, 7.3 and 9.2 "Timeouts"
 */
import { PREPARE, timeoutBytes } from "../../signing.ts";
import { powerOf } from "../../validator-set.ts";
import type { Timeout } from "../message.ts";
import { VIEW_WINDOW } from "./bounds.ts";
import { sendTimeoutCertificate } from "./retransmission.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";
import { forwardTimeout, mayBring, mustForward } from "./timeout-routes.ts";

/** Unchecked timeouts of one validator from one peer; an honest one is in a single view. */
const PENDING_PER_SIGNER = 4;

interface PendingTimeout {
  readonly from: number;
  readonly timeout: Timeout;
}

export class Timeouts {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "acceptCertificate" | "advanceByTimeouts">;
  #pending: PendingTimeout[] = [];
  #isChecking = false;

  constructor(
    state: HeightState,
    steps: Pick<HeightSteps, "acceptCertificate" | "advanceByTimeouts">,
  ) {
    this.#state = state;
    this.#steps = steps;
  }

  onTimeout(from: number, timeout: Timeout): void {
    const { view, qcViewPlus1, signer, highQc } = timeout;
    const { host, timeouts } = this.#state;
    if (this.#state.decided !== undefined || view > this.#state.view + VIEW_WINDOW) return;
    if (host.banned.has(from)) return;
    if (view < this.#state.view) {
      if (from === signer && this.#state.mayAnswer(from)) sendTimeoutCertificate(this.#state, from);
      return;
    }
    if (!this.#isSound(timeout)) {
      host.emit({ type: "blame", validator: from, reason: "tc-qc" });
      return;
    }
    const known = timeouts.find(signer, view);
    if (known !== undefined && known.qcViewPlus1 === qcViewPlus1) return;
    const { electorate } = host.context;
    if (highQc !== undefined && powerOf(electorate, highQc.signers) < electorate.quorumPower)
      return;
    if (!mayBring(this.#state, from, timeout)) return;
    // The sender takes it for known: once more is no burden, it repeats itself once a second.
    if (!this.#isReady(timeout)) this.#askForCertificate(from);
    if (!this.#isNew(from, timeout)) return;
    const pending = { from, timeout };
    this.#pending.push(pending);
    // What was here before was looked at when it came, or when the state changed.
    this.#startCheck([pending]);
  }

  /** Is what it carries the prepare certificate that it claims, or left out? */
  #isSound({ view, qcViewPlus1, highQc }: Timeout): boolean {
    if (qcViewPlus1 > view + 1) return false;
    if (highQc === undefined) return true;
    return (
      highQc.kind === PREPARE &&
      highQc.epoch === this.#state.epoch &&
      highQc.height === this.#state.height &&
      highQc.view + 1 === qcViewPlus1
    );
  }

  /** Is the prepare certificate that it claims in it or known? */
  #isReady({ qcViewPlus1, highQc }: Timeout): boolean {
    if (qcViewPlus1 === 0 || highQc !== undefined) return true;
    return this.#state.certificates.has(PREPARE, qcViewPlus1 - 1);
  }

  #askForCertificate(from: number): void {
    const { host, height } = this.#state;
    if (this.#state.mayAnswer(from))
      host.send([from], { type: "proof-request", height }, "recovery");
  }

  /** Is it none that waits already, and not too many of its signer? */
  #isNew(from: number, { signer, view, qcViewPlus1, highQc }: Timeout): boolean {
    if (highQc !== undefined)
      this.#pending = this.#pending.filter(
        (one) => one.from !== from || one.timeout.signer !== signer || this.#isReady(one.timeout),
      );
    const waiting = this.#pending.filter(
      (one) => one.from === from && one.timeout.signer === signer,
    );
    const isKnown = waiting.some(
      ({ timeout }) => timeout.view === view && timeout.qcViewPlus1 === qcViewPlus1,
    );
    return !isKnown && waiting.length < PENDING_PER_SIGNER;
  }

  /** Looks at all that wait, after the state has changed. */
  evaluate(): void {
    if (this.#pending.length > 0) this.#startCheck(this.#pending);
  }

  /** Starts a check when its outcome could matter. */
  #startCheck(candidates: readonly PendingTimeout[]): void {
    const { view, decided } = this.#state;
    if (this.#isChecking || decided !== undefined) return;
    this.#pending = this.#pending.filter(({ timeout }) => timeout.view >= view);
    const ready = this.#pending.filter(({ timeout }) => this.#isReady(timeout));
    const due = candidates.find((one) => ready.includes(one) && this.#isDue(one));
    const [first] = ready;
    if (first === undefined) return;
    if (due !== undefined) this.#check(due);
    else if (this.#canMove(ready)) this.#check(first);
  }

  /** Must it be looked at by itself: contradicts, brings a better certificate, waits to be relayed? */
  #isDue({ from, timeout }: PendingTimeout): boolean {
    const { timeouts, contradictions, votes } = this.#state;
    const { signer, view, qcViewPlus1 } = timeout;
    return (
      timeouts.find(signer, view) !== undefined ||
      contradictions.isDenial(timeout) ||
      qcViewPlus1 > votes.highQcView + 1 ||
      mustForward(this.#state, from, timeout)
    );
  }

  /** Could what waits complete a weak quorum, or a quorum for one view? */
  #canMove(ready: readonly PendingTimeout[]): boolean {
    const { timeouts, host, view } = this.#state;
    const { electorate } = host.context;
    const waiting = ready.map(({ timeout }) => timeout);
    if (timeouts.weakView(view) === undefined) {
      const signers = waiting.map(({ signer }) => signer);
      return timeouts.powerFrom(view, signers) >= electorate.weakPower;
    }
    return waiting.some(({ view: at }) => {
      const signers = waiting.filter((one) => one.view === at).map(({ signer }) => signer);
      return timeouts.powerOf(at, signers) >= electorate.quorumPower;
    });
  }

  /** Checks all that say the same as one of them; first the certificate that they claim. */
  #check(chosen: PendingTimeout): void {
    const { host, certificates } = this.#state;
    const { view, qcViewPlus1, highQc } = chosen.timeout;
    this.#isChecking = true;
    if (highQc !== undefined && !certificates.has(PREPARE, highQc.view)) {
      host.verify({ type: "certificate", certificate: highQc }, (invalid) => {
        this.#isChecking = false;
        if (invalid.length === 0) this.#steps.acceptCertificate(highQc);
        else this.#refuse(chosen);
        this.evaluate();
      });
      return;
    }
    const isAlike = ({ timeout }: PendingTimeout): boolean =>
      timeout.view === view && timeout.qcViewPlus1 === qcViewPlus1;
    const group = this.#pending.filter(isAlike);
    this.#pending = this.#pending.filter((one) => !isAlike(one));
    const message = timeoutBytes(host.chainId, chosen.timeout, qcViewPlus1);
    const parts = group.map(({ timeout: { signer, signature } }) => ({
      signers: [signer],
      signature,
    }));
    host.verify({ type: "parts", epoch: this.#state.epoch, message, parts }, (invalid) => {
      this.#isChecking = false;
      const bad = new Set(invalid);
      group.forEach((one, position) => {
        if (bad.has(position)) this.#refuse(one);
        else this.#accept(one);
      });
      if (this.#state.decided === undefined) this.#steps.advanceByTimeouts();
      this.evaluate();
    });
  }

  #refuse({ from, timeout }: PendingTimeout): void {
    this.#pending = this.#pending.filter((one) => one.timeout !== timeout);
    this.#state.ban(from);
  }

  #accept({ from, timeout }: PendingTimeout): void {
    const { timeouts, contradictions, certificates } = this.#state;
    const known = timeouts.find(timeout.signer, timeout.view);
    if (known !== undefined) {
      contradictions.compareTimeouts(known, timeout);
      return;
    }
    // One valid certificate of the claimed view is as good as another; this one was checked.
    const { qcViewPlus1 } = timeout;
    if (qcViewPlus1 > 0) this.#state.noteHolder(timeout.signer, qcViewPlus1 - 1);
    const highQc = qcViewPlus1 === 0 ? undefined : certificates.find(PREPARE, qcViewPlus1 - 1);
    const kept = { ...timeout, highQc };
    timeouts.add(kept);
    contradictions.noteTimeout(kept);
    if (this.#state.decided === undefined) forwardTimeout(this.#state, from, kept);
  }

  /** Takes in an own timeout of the write-ahead log. */
  restore(timeout: Timeout): void {
    const { votes, timeouts } = this.#state;
    this.#state.votes = { ...votes, timedOut: Math.max(votes.timedOut, timeout.view) };
    this.#state.lastTimeout = timeout;
    timeouts.add(timeout);
  }
}
