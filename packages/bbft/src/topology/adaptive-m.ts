/**
 * Choosing the number of gateways by predicted decision time.
 *
 * @see spec 90-bbft, section 11.6 "Adaptive M"
 */
import { faultsTolerated } from "../validator-set.ts";
import { type GroupingInput, groupValidators } from "./k-medoid.ts";
import type { Distances } from "./latency.ts";
import { predictTimeline } from "./timeline.ts";
import { integerSquareRoot, type Topology } from "./topology.ts";

/** Leaders over which a prediction is averaged. */
const SAMPLED_LEADERS = 8;

export interface Prediction {
  readonly m: number;
  /** Time until n - f validators hold the commit certificate, in units of the distances. */
  readonly predicted: number;
  readonly topology: Topology;
}

export interface AdaptiveInput extends Omit<GroupingInput, "m"> {
  /** Largest n for which the full mesh is a candidate. */
  readonly directMax: number;
}

/** Time until n - f validators hold the commit certificate, averaged over the first leaders. */
export function predictDecisionTime(topology: Topology, distances: Distances): number {
  const leaders = topology.gateways.slice(0, SAMPLED_LEADERS);
  const rank = topology.n - faultsTolerated(topology.n) - 1;
  const total = leaders.reduce((sum, leader) => {
    const { commitQc } = predictTimeline(topology, distances, leader);
    return sum + ([...commitQc].sort((a, b) => a - b)[rank] ?? 0);
  }, 0);
  return Math.floor(total / leaders.length);
}

/** Predicts every candidate: 1..isqrt(n), and n itself for a small network. */
export function predictCandidates({ directMax, ...input }: AdaptiveInput): Prediction[] {
  const n = input.stake.length;
  const candidates = Array.from({ length: integerSquareRoot(n) }, (_, i) => i + 1);
  if (n <= directMax && !candidates.includes(n)) candidates.push(n);
  return candidates.map((m) => {
    const { topology } = groupValidators({ ...input, m });
    return { m, predicted: predictDecisionTime(topology, input.distances), topology };
  });
}

/**
 * The fastest candidate, ties to fewer gateways.
 *
 * @param current the number in force; it stays unless the winner is faster by more than a tenth
 */
export function chooseM(candidates: readonly Prediction[], current?: number): Prediction {
  const [first, ...others] = candidates;
  if (first === undefined) throw new RangeError("no candidates");
  const best = others.reduce(
    (winner, candidate) => (candidate.predicted < winner.predicted ? candidate : winner),
    first,
  );
  const held = candidates.find(({ m }) => m === current);
  return held !== undefined && best.predicted * 10 >= held.predicted * 9 ? held : best;
}
