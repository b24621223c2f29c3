/**
 * Timeouts of other validators: what makes one sound, and what follows from it.
 *
 * @see spec 90-bbft, sections 6.3 rule V5 and 9.2 "Timeouts"
 */
import { PREPARE } from "../../signing.ts";
import { powerOf } from "../../validator-set.ts";
import type { Check } from "../events.ts";
import { signatureCheck } from "../evidence.ts";
import type { Timeout } from "../message.ts";
import { VIEW_WINDOW } from "./bounds.ts";
import { timeoutMessage } from "./keys.ts";
import { sendTimeoutCertificate } from "./retransmission.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";

export class Timeouts {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "acceptCertificate" | "advanceByTimeouts">;

  constructor(
    state: HeightState,
    steps: Pick<HeightSteps, "acceptCertificate" | "advanceByTimeouts">,
  ) {
    this.#state = state;
    this.#steps = steps;
  }

  onTimeout(from: number, timeout: Timeout): void {
    const { view, qcViewPlus1, signer, highQc } = timeout;
    const { host, timeouts, certificates } = this.#state;
    if (this.#state.decided !== undefined || view > this.#state.view + VIEW_WINDOW) return;
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
    const checks: Check[] = [signatureCheck(timeoutMessage(timeout), host.chainId)];
    if (highQc !== undefined && !certificates.isChecked(highQc))
      checks.push({ type: "certificate", certificate: highQc });
    host.verify({ type: "all", checks }, (invalid) => {
      if (invalid.length === 0) this.#accept(timeout);
      else host.emit({ type: "blame", validator: from, reason: "signature" });
    });
  }

  /** Does it carry the prepare certificate that it claims? */
  #isSound({ view, qcViewPlus1, highQc }: Timeout): boolean {
    if (qcViewPlus1 > view + 1) return false;
    if (highQc === undefined) return qcViewPlus1 === 0;
    return (
      highQc.kind === PREPARE &&
      highQc.epoch === this.#state.epoch &&
      highQc.height === this.#state.height &&
      highQc.view + 1 === qcViewPlus1
    );
  }

  #accept(timeout: Timeout): void {
    const { timeouts, contradictions } = this.#state;
    if (this.#state.decided !== undefined) return;
    const known = timeouts.find(timeout.signer, timeout.view);
    if (known !== undefined) {
      contradictions.compareTimeouts(known, timeout);
      return;
    }
    timeouts.add(timeout);
    if (timeout.highQc !== undefined) this.#steps.acceptCertificate(timeout.highQc);
    contradictions.noteTimeout(timeout);
    this.#steps.advanceByTimeouts();
  }

  /** Takes in an own timeout of the write-ahead log. */
  restore(timeout: Timeout): void {
    const { votes, timeouts } = this.#state;
    this.#state.votes = { ...votes, timedOut: Math.max(votes.timedOut, timeout.view) };
    this.#state.lastTimeout = timeout;
    timeouts.add(timeout);
  }
}
