/**
 * Finds what a validator must not have signed beside what it signed before, and reports it.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { sameBytes } from "../../bytes.ts";
import type { Certificate } from "../../certificate.ts";
import type { Proposal } from "../../proposal.ts";
import { hasSigner, signersOf } from "../../signer-set.ts";
import { COMMIT } from "../../signing.ts";
import type { TimeoutCertificate } from "../../timeout-certificate.ts";
import { EVIDENCE_TYPE, evidenceOfConflict } from "../evidence.ts";
import type { Message, Timeout, Vote } from "../message.ts";
import { VIEW_WINDOW } from "./bounds.ts";
import type { CertificateBook } from "./certificate-book.ts";
import type { HeightHost } from "./host.ts";
import { tcMessage, timeoutMessage, voterKey } from "./keys.ts";
import type { TimeoutBook } from "./timeout-book.ts";

export class Contradictions {
  readonly #host: HeightHost;
  readonly #timeouts: TimeoutBook;
  readonly #certificates: CertificateBook;
  /** First single vote seen of each signer, by kind and view. */
  readonly #firstVotes: Map<string, Vote> = new Map();

  constructor(host: HeightHost, timeouts: TimeoutBook, certificates: CertificateBook) {
    this.#host = host;
    this.#timeouts = timeouts;
    this.#certificates = certificates;
  }

  /** Does a vote, verified or not, contradict a verified one of its signer? */
  isContrary(vote: Vote): boolean {
    const first = this.#firstVotes.get(voterKey(vote));
    if (first !== undefined) return !sameBytes(first.valueId, vote.valueId);
    return this.#certificateAgainst(vote) !== undefined;
  }

  /** The certificate of a vote's phase and view that has its signer for another value. */
  #certificateAgainst({ kind, view, signer, valueId }: Vote): Certificate | undefined {
    const certificate = this.#certificates.find(kind, view);
    if (certificate === undefined || sameBytes(certificate.valueId, valueId)) return undefined;
    return hasSigner(certificate.signers, signer) ? certificate : undefined;
  }

  /** Compares a valid certificate with the single votes that are known. */
  noteCertificate(certificate: Certificate): void {
    for (const signer of signersOf(certificate.signers)) {
      const vote = this.#firstVotes.get(voterKey({ ...certificate, signer }));
      if (vote !== undefined && !sameBytes(vote.valueId, certificate.valueId))
        this.#reportVotes(vote, certificate);
    }
  }

  /** Compares two valid certificates of one phase and view. */
  compareCertificates(known: Certificate, certificate: Certificate): void {
    for (const evidence of evidenceOfConflict(known, certificate)) this.#host.report(evidence);
  }

  /** Looks for votes that a valid timeout certificate denies. */
  noteTimeoutCertificate(certificate: TimeoutCertificate): void {
    for (const { qcViewPlus1, signers } of certificate.groups)
      for (const signer of signersOf(signers))
        for (const vote of this.#deniedBy({ view: certificate.view, signer, qcViewPlus1 }))
          this.#reportLock(vote, tcMessage(certificate));
  }

  /** Remembers a verified single vote and looks for contradictions with what is known. */
  noteVote(vote: Vote): void {
    const key = voterKey(vote);
    const first = this.#firstVotes.get(key);
    const certificate = this.#certificateAgainst(vote);
    if (certificate !== undefined) this.#reportVotes(vote, certificate);
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
        this.#reportLock(vote, timeoutMessage(timeout));
  }

  #reportVotes(vote: Vote, certificate: Certificate): void {
    this.#host.report({
      type: EVIDENCE_TYPE.DUP_VOTE,
      validator: vote.signer,
      first: { type: "vote", vote },
      second: { type: "certificate", certificate },
    });
  }

  /** Looks for votes that a verified timeout denies. */
  noteTimeout(timeout: Timeout): void {
    for (const vote of this.#deniedBy(timeout)) this.#reportLock(vote, timeoutMessage(timeout));
  }

  /** Does a timeout, verified or not, deny a verified vote of its signer? */
  isDenial(timeout: Timeout): boolean {
    return this.#deniedBy(timeout).length > 0;
  }

  #deniedBy({
    view: last,
    signer,
    qcViewPlus1,
  }: Pick<Timeout, "view" | "signer" | "qcViewPlus1">): Vote[] {
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

  #reportLock(vote: Vote, denial: Message): void {
    this.#host.report({
      type: EVIDENCE_TYPE.LOCK_VIOLATION,
      validator: vote.signer,
      first: { type: "vote", vote },
      second: denial,
    });
  }
}
