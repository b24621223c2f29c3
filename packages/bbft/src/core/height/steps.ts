/**
 * Where one part of a height hands over to another.
 *
 * The parts know each other only through these steps, each part only through those it takes; so
 * the rules may lead in circles (a certificate lets a node vote, a vote makes a certificate) while
 * the modules do not.
 */
import type { Certificate } from "../../certificate.ts";
import type { Proposal } from "../../proposal.ts";
import type { TimeoutCertificate } from "../../timeout-certificate.ts";
import type { Vote } from "../message.ts";
import type { Value } from "./value-book.ts";

export interface HeightSteps {
  /** Starts the current view, once for each height. */
  start(): void;
  /** V6: goes on to a view that a timeout certificate opens. */
  enterView(view: number, tc: TimeoutCertificate): void;
  /** V5: gives up a view, once. */
  giveUp(view: number): void;
  /** Looks again at timeouts that wait for a check. */
  reviewTimeouts(): void;
  /** Enters or gives up views as the timeouts held ask for. */
  advanceByTimeouts(): void;
  /** V1: the own proposal, where this validator leads. */
  propose(): void;
  /** Takes in a proposal whose signature and timeout certificate are valid. */
  acceptProposal(proposal: Proposal, tc: TimeoutCertificate | undefined): void;
  /** Has the application look at a value, or votes if it did. */
  judge(value: Value, source: number): void;
  tryPrepare(view: number): void;
  tryCommit(view: number): void;
  /** Adds a vote of this validator to the others. */
  addOwnVote(vote: Vote): void;
  /** Looks at votes that wait and contradict a certificate. */
  compareVotes(certificate: Certificate): void;
  /** Takes in a valid certificate, whoever made it. */
  acceptCertificate(certificate: Certificate): void;
  decide(certificate: Certificate): void;
  /** Hands a decided block on, or fetches its body from these first. */
  deliver(sources: readonly number[]): void;
  /** Fetches a body from those who should have it. */
  wantBody(valueId: Uint8Array, from: readonly number[]): void;
}
