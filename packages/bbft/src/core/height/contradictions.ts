/**
 * Finds what a validator must not have signed beside what it signed before, and reports it.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { sameBytes } from "../../bytes.ts";
import type { Proposal } from "../../proposal.ts";
import { COMMIT } from "../../signing.ts";
import { EVIDENCE_TYPE } from "../evidence.ts";
import type { Timeout, Vote } from "../message.ts";
import { VIEW_WINDOW } from "./bounds.ts";
import type { HeightHost } from "./host.ts";
import { timeoutMessage, voterKey } from "./keys.ts";
import type { TimeoutBook } from "./timeout-book.ts";

export class Contradictions {
  readonly #host: HeightHost;
  readonly #timeouts: TimeoutBook;
  /** First single vote seen of each signer, by kind and view. */
  readonly #firstVotes: Map<string, Vote> = new Map();

  constructor(host: HeightHost, timeouts: TimeoutBook) {
    this.#host = host;
    this.#timeouts = timeouts;
  }

  /** Does a vote, verified or not, contradict a verified one of its signer? */
  isContrary(vote: Vote): boolean {
    const first = this.#firstVotes.get(voterKey(vote));
    return first !== undefined && !sameBytes(first.valueId, vote.valueId);
  }

  /** Remembers a verified single vote and looks for contradictions with what is known. */
  noteVote(vote: Vote): void {
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

  /** Looks for votes that a verified timeout denies. */
  noteTimeout(timeout: Timeout): void {
    for (const vote of this.#deniedBy(timeout)) this.#reportLock(vote, timeout);
  }

  /** Does a timeout, verified or not, deny a verified vote of its signer? */
  isDenial(timeout: Timeout): boolean {
    return this.#deniedBy(timeout).length > 0;
  }

  #deniedBy({ view: last, signer, qcViewPlus1 }: Timeout): Vote[] {
    const denied: Vote[] = [];
    for (let view = Math.max(qcViewPlus1, last - VIEW_WINDOW); view <= last; view++) {
      const vote = this.#firstVotes.get(`${COMMIT}/${view}/${signer}`);
      if (vote !== undefined) denied.push(vote);
    }
    return denied;
  }

  /** Compares two verified timeouts of one signer and view. */
  compareTimeouts(known: Timeout, timeout: Timeout): void {
    if (known.qcViewPlus1 === timeout.qcViewPlus1) return;
    this.#host.report({
      type: EVIDENCE_TYPE.DUP_TIMEOUT,
      validator: timeout.signer,
      first: timeoutMessage(known),
      second: timeoutMessage(timeout),
    });
  }

  /** Reports two verified proposals of one view. */
  reportProposals(first: Proposal, second: Proposal): void {
    this.#host.report({
      type: EVIDENCE_TYPE.DUP_PROPOSAL,
      validator: second.leader,
      first: { type: "proposal", proposal: first },
      second: { type: "proposal", proposal: second },
    });
  }

  #reportLock(vote: Vote, timeout: Timeout): void {
    this.#host.report({
      type: EVIDENCE_TYPE.LOCK_VIOLATION,
      validator: vote.signer,
      first: { type: "vote", vote },
      second: { type: "timeout", timeout },
    });
  }
}
