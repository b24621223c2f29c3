/**
 * From view to view: entering one, giving it up, and the certificate that opens the next.
 *
 * @see spec 90-bbft, sections 6.3 rules V5 and V6, and 9 "Pacemaker"
 */
import { viewTimeout } from "../../parameters.ts";
import { SIGN_KIND, timeoutBytes } from "../../signing.ts";
import type { TimeoutCertificate } from "../../timeout-certificate.ts";
import { SIGN_STEP, type SignRequest } from "../events.ts";
import type { Attaching } from "./attaching.ts";
import { tcMessage, timeoutMessage } from "./keys.ts";
import { startRetransmission } from "./retransmission.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";
import { passDown, startTimeout } from "./timeout-routes.ts";

type Steps = Pick<HeightSteps, "propose" | "tryPrepare" | "tryCommit" | "acceptCertificate">;

export class ViewChange {
  readonly #state: HeightState;
  readonly #attaching: Attaching;
  readonly #steps: Steps;

  constructor(state: HeightState, attaching: Attaching, steps: Steps) {
    this.#state = state;
    this.#attaching = attaching;
    this.#steps = steps;
  }

  /** Starts the timers of the current view; its leader proposes. */
  start(): void {
    if (this.#state.isStarted) return;
    this.#state.isStarted = true;
    this.#startView();
  }

  #startView(): void {
    if (this.#state.decided !== undefined) return;
    const { view, host, height } = this.#state;
    host.emit({ type: "view", height, view });
    this.#state.setTimer("view", viewTimeout(host.context.parameters, view));
    this.#attaching.start(view);
    startRetransmission(this.#state);
    if (this.#state.leads(view)) this.#steps.propose();
    this.#steps.tryPrepare(view);
    this.#steps.tryCommit(view);
  }

  enterView(view: number, tc: TimeoutCertificate): void {
    const { votes, host } = this.#state;
    if (!host.rules.mayEnter(votes, view)) return;
    this.#state.votes = { ...votes, view };
    this.#state.lastTc = tc;
    this.#state.contradictions.noteTimeoutCertificate(tc);
    passDown(this.#state, tc);
    host.persist({ type: "message", message: tcMessage(tc) }, false);
    if (tc.highQc !== undefined) this.#steps.acceptCertificate(tc.highQc);
    this.#state.isStarted = true;
    this.#startView();
    this.advanceByTimeouts();
  }

  /** V5: gives up a view, once. */
  giveUp(view: number): void {
    const { votes, host, height, highQc } = this.#state;
    if (this.#state.decided !== undefined || host.isSilent()) return;
    if (!host.rules.mayTimeout(votes, view)) return;
    const qcViewPlus1 = host.rules.timeoutClaim(votes);
    this.#state.votes = { ...votes, timedOut: view };
    const position = this.#state.position(view);
    const request: SignRequest = {
      kind: SIGN_KIND.TIMEOUT,
      height,
      view,
      step: SIGN_STEP.TIMEOUT,
      bytes: timeoutBytes(host.chainId, position, qcViewPlus1),
    };
    host.sign(request, (signature) => {
      const timeout = { ...position, qcViewPlus1, signer: host.index, signature, highQc };
      const message = timeoutMessage(timeout);
      host.persist({ type: "sign-state", state: { ...request, signature }, message }, true);
      this.#state.lastTimeout = timeout;
      startTimeout(this.#state, timeout);
      this.#state.timeouts.add(timeout);
      this.advanceByTimeouts();
    });
  }

  /** V6: a quorum's timeouts open the next view; those of a weak quorum are joined. */
  advanceByTimeouts(): void {
    if (this.#state.decided !== undefined) return;
    const { view, timeouts, host } = this.#state;
    const givenUp = timeouts.quorumView(view);
    if (givenUp !== undefined) {
      this.enterView(givenUp + 1, timeouts.certificate(givenUp, host.context.scheme));
      return;
    }
    const weak = timeouts.weakView(view);
    if (weak !== undefined) this.giveUp(weak);
  }

  onTimeoutCertificate(from: number, certificate: TimeoutCertificate): void {
    const { votes, host } = this.#state;
    if (this.#state.decided !== undefined || host.banned.has(from)) return;
    if (!host.rules.mayEnter(votes, certificate.view + 1)) return;
    host.verify({ type: "timeout-certificate", certificate }, (invalid) => {
      if (invalid.length === 0) this.enterView(certificate.view + 1, certificate);
      else this.#state.ban(from);
    });
  }

  /**
   * Takes in a timeout certificate of the write-ahead log.
   *
   * @returns whether it opened a later view
   */
  restore(certificate: TimeoutCertificate): boolean {
    const { votes, host } = this.#state;
    if (!host.rules.mayEnter(votes, certificate.view + 1)) return false;
    this.#state.votes = { ...votes, view: certificate.view + 1 };
    this.#state.lastTc = certificate;
    return true;
  }
}
