/**
 * The TIMEOUTs of one height, by view and sender.
 *
 * @see spec 90-bbft, section 6.3 rules V5 and V6
 */
import type { SignatureScheme } from "../../scheme/scheme.ts";
import { signerSet } from "../../signer-set.ts";
import type { TimeoutCertificate } from "../../timeout-certificate.ts";
import type { Electorate } from "../../validator-set.ts";
import type { Timeout } from "../message.ts";

/** Views of one sender that are kept; it is honest in all but the last few. */
const VIEWS_PER_SENDER = 4;

export class TimeoutBook {
  readonly #electorate: Electorate;
  /** By sender, ascending views. */
  readonly #bySender: Map<number, Timeout[]> = new Map();

  constructor(electorate: Electorate) {
    this.#electorate = electorate;
  }

  find(signer: number, view: number): Timeout | undefined {
    return this.#bySender.get(signer)?.find((timeout) => timeout.view === view);
  }

  /** All kept ones of a sender. */
  of(signer: number): readonly Timeout[] {
    return this.#bySender.get(signer) ?? [];
  }

  /** Adds a verified timeout; the lowest view of a sender makes room. */
  add(timeout: Timeout): void {
    const own = this.#bySender.get(timeout.signer) ?? [];
    own.push(timeout);
    own.sort((a, b) => a.view - b.view);
    if (own.length > VIEWS_PER_SENDER) own.shift();
    this.#bySender.set(timeout.signer, own);
  }

  /** Power of those who gave up `view` or a later one, with some more signers. */
  powerFrom(view: number, more: readonly number[]): number {
    const signers = new Set(more);
    for (const [signer, timeouts] of this.#bySender)
      if ((timeouts.at(-1)?.view ?? -1) >= view) signers.add(signer);
    return this.#power(signers);
  }

  /** Power of those who gave up exactly this view, with some more signers. */
  powerOf(view: number, more: readonly number[]): number {
    const signers = new Set(more);
    for (const signer of this.#bySender.keys())
      if (this.find(signer, view) !== undefined) signers.add(signer);
    return this.#power(signers);
  }

  #power(signers: Iterable<number>): number {
    let power = 0;
    for (const signer of signers) power += this.#electorate.powers[signer] ?? 0;
    return power;
  }

  /** The lowest view that a weak quorum gave up at or above `view`; undefined without one. */
  weakView(view: number): number | undefined {
    let power = 0;
    let lowest: number | undefined;
    for (const [signer, timeouts] of this.#bySender) {
      const last = timeouts.at(-1);
      if (last === undefined || last.view < view) continue;
      power += this.#electorate.powers[signer] ?? 0;
      if (lowest === undefined || last.view < lowest) lowest = last.view;
    }
    return power >= this.#electorate.weakPower ? lowest : undefined;
  }

  /** The highest view from `view` on that a quorum gave up; undefined without one. */
  quorumView(view: number): number | undefined {
    const powers = new Map<number, number>();
    for (const [signer, timeouts] of this.#bySender)
      for (const timeout of timeouts)
        if (timeout.view >= view)
          powers.set(
            timeout.view,
            (powers.get(timeout.view) ?? 0) + (this.#electorate.powers[signer] ?? 0),
          );
    let best: number | undefined;
    for (const [candidate, power] of powers)
      if (power >= this.#electorate.quorumPower && (best === undefined || candidate > best))
        best = candidate;
    return best;
  }

  /** The certificate of a view that a quorum gave up. */
  certificate(view: number, scheme: SignatureScheme): TimeoutCertificate {
    const timeouts = [...this.#bySender.keys()]
      .sort((a, b) => a - b)
      .flatMap((signer) => {
        const timeout = this.find(signer, view);
        return timeout === undefined ? [] : [timeout];
      });
    const [first] = timeouts;
    if (first === undefined) throw new RangeError(`nobody gave up view ${view}`);
    const claims = [...new Set(timeouts.map(({ qcViewPlus1 }) => qcViewPlus1))].sort(
      (a, b) => b - a,
    );
    const [highest = 0] = claims;
    const { n } = this.#electorate;
    const groups = claims.map((qcViewPlus1) => ({
      qcViewPlus1,
      signers: signerSet(
        n,
        timeouts.filter((one) => one.qcViewPlus1 === qcViewPlus1).map(({ signer }) => signer),
      ),
    }));
    const signature = scheme.combine(
      timeouts.map((timeout) => ({ signers: [timeout.signer], signature: timeout.signature })),
    );
    return {
      scheme: scheme.id,
      epoch: first.epoch,
      height: first.height,
      view,
      n,
      groups,
      signature,
      highQc:
        highest === 0
          ? undefined
          : timeouts.find(({ qcViewPlus1 }) => qcViewPlus1 === highest)?.highQc,
    };
  }
}
