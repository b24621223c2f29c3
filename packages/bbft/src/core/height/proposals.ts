/**
 * Proposals of leaders: which are taken in, what two of them mean, who gets them next.
 *
 * @see spec 90-bbft, sections 5.1 "Flow" and 6.3 rules V1 and V2
 */
import { sameBytes } from "../../bytes.ts";
import { hasMatchingEngineData, type Proposal } from "../../proposal.ts";
import {
  decodeTimeoutCertificate,
  forcedValue,
  type TimeoutCertificate,
} from "../../timeout-certificate.ts";
import type { Check } from "../events.ts";
import { signatureCheck } from "../evidence.ts";
import type { Message } from "../message.ts";
import { isJustified } from "../voting-rules.ts";
import { readTimeoutCertificate } from "./keys.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";
import { PROPOSALS_PER_VIEW } from "./value-book.ts";

export class Proposals {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "start" | "enterView" | "giveUp" | "judge">;
  /** By view, those that no vote may follow: an unjustified one, and what came after it. */
  readonly #refused: Map<number, readonly Proposal[]> = new Map();

  constructor(
    state: HeightState,
    steps: Pick<HeightSteps, "start" | "enterView" | "giveUp" | "judge">,
  ) {
    this.#state = state;
    this.#steps = steps;
  }

  onProposal(from: number, proposal: Proposal): void {
    const { view } = proposal;
    const { host } = this.#state;
    if (this.#state.decided !== undefined || view < this.#state.view) return;
    if (host.banned.has(from)) return;
    if (this.#state.roleIn(view).leader !== proposal.leader) {
      host.emit({ type: "blame", validator: from, reason: "not-leader" });
      return;
    }
    this.#state.grievances.noteReceived(from, view);
    if (!this.#isWanted(proposal)) return;
    if (!hasMatchingEngineData(proposal)) return;
    if ((view === 0) !== (proposal.timeoutCertificate.length === 0)) return;
    const { electorate, scheme } = host.context;
    const tc = readTimeoutCertificate(proposal, () =>
      decodeTimeoutCertificate(proposal.timeoutCertificate, electorate, scheme),
    );
    if (tc === "unreadable") return;
    const checks: Check[] = [
      signatureCheck({ type: "proposal", proposal }, host.chainId),
      ...(tc === undefined ? [] : [{ type: "timeout-certificate" as const, certificate: tc }]),
    ];
    host.verify({ type: "all", checks }, (invalid) => {
      if (invalid.length === 0) this.accept(proposal, tc);
      else this.#state.ban(from);
    });
  }

  /** Is it new, and not more than the second of its view? */
  #isWanted({ view, valueId }: Proposal): boolean {
    const known = this.#known(view);
    const isKnown = known.some((other) => sameBytes(other.valueId, valueId));
    return !isKnown && known.length < PROPOSALS_PER_VIEW;
  }

  #known(view: number): readonly Proposal[] {
    return this.#refused.get(view) ?? this.#state.values.proposals(view);
  }

  #refuse(proposal: Proposal): void {
    this.#refused.set(proposal.view, [...this.#known(proposal.view), proposal]);
  }

  /** A proposal whose signature and timeout certificate are valid. */
  accept(proposal: Proposal, tc: TimeoutCertificate | undefined): void {
    const { view, valueId } = proposal;
    const { host, values } = this.#state;
    if (this.#state.decided !== undefined || view < this.#state.view) return;
    if (!this.#isWanted(proposal)) return;
    const [first] = this.#known(view);
    if (first !== undefined) {
      if (this.#refused.has(view)) this.#refuse(proposal);
      else values.addProposal(proposal);
      this.#state.contradictions.reportProposals(first, proposal);
      if (view === this.#state.view) this.#steps.giveUp(view);
      return;
    }
    // Entering a view votes for the proposal that is there: an unjustified one must never be.
    if (tc !== undefined) this.#steps.enterView(view, tc);
    const forced = tc === undefined ? undefined : forcedValue(tc);
    const isOpening = view === 0 && tc === undefined;
    if (!isJustified(isOpening, forced, valueId, sameBytes)) {
      this.#refuse(proposal);
      if (view !== this.#state.view) return;
      this.#steps.start();
      this.#steps.giveUp(view);
      return;
    }
    values.addProposal(proposal);
    const value = values.value(valueId);
    value.appBlockId = proposal.appBlockId;
    value.engineHash = proposal.engineHash;
    values.addBody(proposal, host.identify);
    if (view !== this.#state.view) return;
    this.#steps.start();
    const message: Message = { type: "proposal", proposal };
    // The body must outlive a crash of everybody who votes for it; the vote's flush covers it.
    if (proposal.leader !== host.index) host.persist({ type: "message", message }, false);
    const { children } = this.#state.roleIn(view);
    host.send(children, message, "distribute");
    host.send(this.#state.attachedBesides(children), message, "recovery");
    this.#steps.judge(value, proposal.leader);
  }
}
