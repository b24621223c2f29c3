/** The processor of a simulated validator: signing and checking take time, one after the other. */
import type { Check } from "../core/events.ts";

/** What verifying and signing cost, microseconds of one processor. */
export interface CpuCosts {
  readonly signUs: number;
  /** One signature, or one combined one; votes of an aggregatable scheme are checked together. */
  readonly verifyUs: number;
}

export class Processor {
  readonly #costs: CpuCosts;
  readonly #isAggregatable: boolean;
  #freeUs = 0;

  /** @param isAggregatable does the scheme of the votes combine signatures? */
  constructor(costs: CpuCosts, isAggregatable: boolean) {
    this.#costs = costs;
    this.#isAggregatable = isAggregatable;
  }

  /** How long a signature takes that is asked for now, with all that waits before it. */
  sign(nowUs: number): number {
    return this.#occupy(nowUs, this.#costs.signUs);
  }

  /** The same of a check. */
  verify(nowUs: number, check: Check): number {
    const { verifyUs } = this.#costs;
    return verifyUs === 0 ? 0 : this.#occupy(nowUs, verifyUs * this.#weight(check));
  }

  /** What costs nothing does not wait. */
  #occupy(nowUs: number, costUs: number): number {
    if (costUs === 0) return 0;
    this.#freeUs = Math.max(this.#freeUs, nowUs) + costUs;
    return this.#freeUs - nowUs;
  }

  /** How many signatures are to be verified one by one. */
  #weight(check: Check): number {
    switch (check.type) {
      case "parts":
        return this.#isAggregatable
          ? 1
          : check.parts.reduce((sum, { signers }) => sum + signers.length, 0);
      case "timeout-certificate":
        return check.certificate.groups.length + (check.certificate.highQc === undefined ? 0 : 1);
      case "all":
        return check.checks.reduce((sum, one) => sum + this.#weight(one), 0);
      default:
        return 1;
    }
  }
}
