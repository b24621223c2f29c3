/**
 * Certificates: taken in once, passed on, and what follows from them.
 *
 * @see spec 90-bbft, sections 5.1 "Flow", 6.1 "Certificates" and 6.3 rules V3 and V4
 */
import { sameBytes } from "../../bytes.ts";
import type { Certificate } from "../../certificate.ts";
import { PREPARE } from "../../signing.ts";
import { powerOf } from "../../validator-set.ts";
import type { Message } from "../message.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";

export class Certification {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "tryCommit" | "decide" | "compareVotes" | "reviewTimeouts">;

  constructor(
    state: HeightState,
    steps: Pick<HeightSteps, "tryCommit" | "decide" | "compareVotes" | "reviewTimeouts">,
  ) {
    this.#state = state;
    this.#steps = steps;
  }

  onCertificate(from: number, certificate: Certificate): void {
    const { host, certificates, decided } = this.#state;
    this.#state.grievances.noteReceived(from, certificate.view);
    if (host.banned.has(from)) return;
    if (certificate.kind === PREPARE) this.#state.noteHolder(from, certificate.view);
    const { electorate } = host.context;
    const known = certificates.find(certificate.kind, certificate.view);
    const isConflict = known !== undefined && !sameBytes(known.valueId, certificate.valueId);
    if (!isConflict && (known !== undefined || decided !== undefined)) return;
    if (powerOf(electorate, certificate.signers) < electorate.quorumPower) {
      host.emit({ type: "blame", validator: from, reason: "quorum" });
      return;
    }
    host.verify({ type: "certificate", certificate }, (invalid) => {
      if (invalid.length > 0) this.#state.ban(from);
      else if (isConflict) this.#state.contradictions.compareCertificates(known, certificate);
      else this.accept(certificate);
    });
  }

  /** A valid certificate, whoever made it. */
  accept(certificate: Certificate): void {
    const { kind, view } = certificate;
    const { host, certificates, votes, decided } = this.#state;
    if (certificates.has(kind, view) || decided !== undefined) return;
    certificates.add(certificate);
    this.#state.contradictions.noteCertificate(certificate);
    this.#steps.compareVotes(certificate);
    if (kind === PREPARE && view > votes.highQcView) {
      this.#state.votes = { ...votes, highQcView: view };
      this.#state.highQc = certificate;
      host.persist({ type: "message", message: { type: "certificate", certificate } }, false);
    }
    this.#spread(certificate);
    if (host.rules.isDecisive(kind)) this.#steps.decide(certificate);
    else {
      this.#steps.tryCommit(view);
      this.#steps.reviewTimeouts();
    }
  }

  /** Finalize: the leader to the other gateways, everybody to its children. */
  #spread(certificate: Certificate): void {
    const { host } = this.#state;
    const message: Message = { type: "certificate", certificate };
    const role = this.#state.roleIn(certificate.view);
    if (role.leader === host.index) {
      host.countLoopback(certificate.kind === PREPARE ? 1 : 2);
      host.send(role.peers, message, "finalize-a");
    }
    host.send(role.children, message, "finalize");
    host.send(this.#state.attachedBesides(role.children), message, "recovery");
  }

  /** Takes in a certificate of the write-ahead log. */
  restore(certificate: Certificate): void {
    const { votes, certificates } = this.#state;
    certificates.add(certificate);
    if (certificate.kind !== PREPARE || certificate.view <= votes.highQcView) return;
    this.#state.votes = { ...votes, highQcView: certificate.view };
    this.#state.highQc = certificate;
  }
}
