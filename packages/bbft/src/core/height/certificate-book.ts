/** The certificates of one height, by phase and view. */
import { sameBytes } from "../../bytes.ts";
import type { Certificate } from "../../certificate.ts";
import type { VoteKind } from "../../signing.ts";
import { certificateKey } from "./keys.ts";

export class CertificateBook {
  readonly #byView: Map<string, Certificate> = new Map();

  find(kind: VoteKind, view: number): Certificate | undefined {
    return this.#byView.get(certificateKey(kind, view));
  }

  has(kind: VoteKind, view: number): boolean {
    return this.#byView.has(certificateKey(kind, view));
  }

  /** Adds a valid certificate. */
  add(certificate: Certificate): void {
    this.#byView.set(certificateKey(certificate.kind, certificate.view), certificate);
  }

  /** Does a certificate for this value exist, as far as this node knows? */
  isCertified(valueId: Uint8Array): boolean {
    return [...this.#byView.values()].some((one) => sameBytes(one.valueId, valueId));
  }
}
