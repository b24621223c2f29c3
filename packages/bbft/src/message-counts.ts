/**
 * What a failure-free voting phase costs in messages; the core's counters must equal these.
 *
 * @see spec 90-bbft, section 5.2 "Count"
 */

export interface PhaseCounts {
  readonly distribute: number;
  readonly vote: number;
  readonly exchange: number;
  readonly finalize: number;
  /** The leader's own copies of proposal and certificate. */
  readonly loopback: number;
  /** As drawn in figure 5: without the leader's certificate to the other gateways. */
  readonly arrows: number;
  /** Messages on the network. */
  readonly wire: number;
}

/** Counts of one phase with n validators under m top-level gateways, whatever the depth. */
export function phaseCounts(n: number, m: number): PhaseCounts {
  if (!(Number.isSafeInteger(n) && Number.isSafeInteger(m) && 1 <= m && m <= n))
    throw new RangeError(`not 1 <= m <= n: m ${m}, n ${n}`);
  const wire = m * m - 2 * m + 3 * n - 2;
  return {
    distribute: n - 1,
    vote: n - m,
    exchange: m * (m - 1),
    finalize: n - 1,
    loopback: 2,
    arrows: wire - (m - 1),
    wire,
  };
}

/** Messages of a whole decision: the first certificate opens the second vote. */
export function decisionWire(n: number, m: number): number {
  const { wire, vote, exchange, finalize } = phaseCounts(n, m);
  return wire + vote + exchange + finalize;
}
