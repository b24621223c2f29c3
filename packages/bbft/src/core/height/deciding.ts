/**
 * The end of a height: a commit certificate, by votes or from another node, and its block.
 *
 * @see spec 90-bbft, sections 6.3 rule V4 and 13.4 "Catch-up"
 */
import { sameBytes } from "../../bytes.ts";
import type { Certificate, CommitProof } from "../../certificate.ts";
import { signersOf } from "../../signer-set.ts";
import { COMMIT, valueIdOf } from "../../signing.ts";
import { powerOf } from "../../validator-set.ts";
import type { Body } from "../message.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";

export class Deciding {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "acceptCertificate" | "wantBody">;
  #hasDelivered = false;
  #isLive = true;

  constructor(state: HeightState, steps: Pick<HeightSteps, "acceptCertificate" | "wantBody">) {
    this.#state = state;
    this.#steps = steps;
  }

  get hasDelivered(): boolean {
    return this.#hasDelivered;
  }

  decide(certificate: Certificate): void {
    const { host } = this.#state;
    this.#state.decided = certificate;
    this.#state.grievances.conclude(certificate.view);
    for (const key of ["view", "attach", "retransmit", "repair", "timeout"])
      host.emit({ type: "clear-timer", key });
    this.deliver(signersOf(certificate.signers));
  }

  /** Hands the decided block on; without its body it is fetched first. */
  deliver(sources: readonly number[]): void {
    const { decided: certificate, values, host } = this.#state;
    if (certificate === undefined || this.#hasDelivered) return;
    const value = values.value(certificate.valueId);
    const { body, appBlockId, engineHash } = value;
    if (body === undefined || appBlockId === undefined || engineHash === undefined) {
      this.#steps.wantBody(certificate.valueId, sources);
      return;
    }
    this.#hasDelivered = true;
    host.onDecided({ certificate, appBlockId, engineHash }, value, body, this.#isLive);
  }

  /** A proof from another node; its certificate is checked, the body fetched from the sender. */
  onCommitProof(from: number, proof: CommitProof, body?: Body): void {
    if (this.#hasDelivered) return;
    const { certificate, appBlockId, engineHash } = proof;
    const isBound =
      certificate.kind === COMMIT &&
      sameBytes(certificate.valueId, valueIdOf(appBlockId, engineHash));
    if (!isBound) return;
    const { decided, host } = this.#state;
    if (decided !== undefined) {
      if (sameBytes(decided.valueId, certificate.valueId)) this.#acceptProof(from, proof, body);
      return;
    }
    const { electorate } = host.context;
    if (powerOf(electorate, certificate.signers) < electorate.quorumPower) return;
    if (host.banned.has(from)) return;
    host.verify({ type: "certificate", certificate }, (invalid) => {
      if (invalid.length === 0) this.#acceptProof(from, proof, body);
      else if (from >= 0) this.#state.ban(from);
    });
  }

  #acceptProof(
    from: number,
    { certificate, appBlockId, engineHash }: CommitProof,
    body: Body | undefined,
  ): void {
    const { values, host } = this.#state;
    const value = values.value(certificate.valueId);
    value.appBlockId = appBlockId;
    value.engineHash = engineHash;
    if (body !== undefined) values.addBody(body, host.identify);
    if (this.#state.decided === undefined) {
      this.#isLive = false;
      this.#steps.acceptCertificate(certificate);
    }
    this.deliver(from >= 0 ? [from] : signersOf(certificate.signers));
  }
}
