/** The certificates of one height, by phase and view. */
import { sameBytes } from "../../bytes.ts";
import type { Certificate } from "../../certificate.ts";
import type { VoteKind } from "../../signing.ts";
import { certificateKey, contentKey } from "./keys.ts";

export class CertificateBook {
  readonly #byView: Map<string, Certificate> = new Map();
  readonly #checked: Set<string> = new Set();

  find(kind: VoteKind, view: number): Certificate | undefined {
    return this.#byView.get(certificateKey(kind, view));
  }

  has(kind: VoteKind, view: number): boolean {
    return this.#byView.has(certificateKey(kind, view));
  }

  /** Adds a valid certificate. */
  add(certificate: Certificate): void {
    this.#byView.set(certificateKey(certificate.kind, certificate.view), certificate);
    this.#checked.add(contentKey(certificate));
  }

  /** Adds one of the write-ahead log. */
  restore(certificate: Certificate): void {
    this.#byView.set(certificateKey(certificate.kind, certificate.view), certificate);
  }

  /** Was a certificate of exactly these bytes found valid before? */
  isChecked(certificate: Certificate): boolean {
    return this.#checked.has(contentKey(certificate));
  }

  /** Does a certificate for this value exist, as far as this node knows? */
  isCertified(valueId: Uint8Array): boolean {
    return [...this.#byView.values()].some((one) => sameBytes(one.valueId, valueId));
  }
}
