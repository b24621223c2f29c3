/**
 * Decisions of the last heights, and answers to those who missed them.
 *
 * @see spec 90-bbft, sections 9.4 "Repair messages" and 13.4 "Catch-up"
 */
import type { CommitProof } from "../certificate.ts";
import type { CoreHost } from "./core-host.ts";
import type { Decision } from "./events.ts";
import { evidenceOfConflict } from "./evidence.ts";
import type { Message } from "./message.ts";

/** Heights for which proofs and bodies are kept for others. */
export const KEPT_HEIGHTS = 16n;
/** Answers about old heights for one peer in one height. */
const PROOFS_PER_PEER = 16;

export class PastHeights {
  readonly #host: CoreHost;
  readonly #decisions: Map<bigint, Decision> = new Map();
  readonly #given: Map<number, number> = new Map();
  /** Who gave a false proof in this height. */
  readonly #liars: Set<number> = new Set();

  constructor(host: CoreHost) {
    this.#host = host;
  }

  find(height: bigint): Decision | undefined {
    return this.#decisions.get(height);
  }

  add(decision: Decision): void {
    this.#decisions.set(decision.height, decision);
    this.#decisions.delete(decision.height - KEPT_HEIGHTS);
  }

  /**
   * A proof of a height that is over: another decision than the own one proves against all who
   * voted for both.
   */
  onProof(from: number, { certificate }: CommitProof): void {
    const known = this.#decisions.get(certificate.height)?.proof.certificate;
    if (known === undefined || this.#liars.has(from)) return;
    const evidence = evidenceOfConflict(known, certificate);
    if (evidence.length === 0) return;
    this.#host.verify({ type: "certificate", certificate }, (invalid) => {
      if (invalid.length === 0) for (const one of evidence) this.#host.report(one);
      else {
        this.#liars.add(from);
        this.#host.emit({ type: "blame", validator: from, reason: "signature" });
      }
    });
  }

  /** A new height: everybody may ask again. */
  startHeight(): void {
    this.#given.clear();
    this.#liars.clear();
  }

  /** Answers about a past height; the host is asked where this core has forgotten it. */
  give(to: number, height: bigint, what: "proof" | "body"): void {
    const { current, tip } = this.#host;
    const decision = this.#decisions.get(height);
    if (height >= current.height && decision === undefined) return;
    if (!this.#mayGive(to)) return;
    if (decision !== undefined) this.answer(to, what, decision);
    else if (height + KEPT_HEIGHTS >= current.height)
      this.#host.emit({ type: "load", to, height, what });
    else if (tip.proof !== undefined) {
      // Too far behind for repair: the newest proof tells it to synchronize.
      const message: Message = { type: "commit-proof", proof: tip.proof };
      this.#host.send([to], message, "recovery", current.height);
    }
  }

  answer(to: number, what: "proof" | "body", { height, proof, body }: Decision): void {
    const message: Message =
      what === "proof" ? { type: "commit-proof", proof } : { type: "block-response", height, body };
    this.#host.send([to], message, "recovery", height);
  }

  #mayGive(peer: number): boolean {
    const given = this.#given.get(peer) ?? 0;
    if (given >= PROOFS_PER_PEER + Number(KEPT_HEIGHTS)) return false;
    this.#given.set(peer, given + 1);
    return true;
  }
}
