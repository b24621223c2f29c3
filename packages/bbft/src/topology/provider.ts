/**
 * Where topologies come from, exchangeable: k-medoid groups, spanning tree, star, full mesh, or an
 * own function.
 *
 * @see spec 90-bbft, section 11 "Topology manager" and 16 "Library interfaces"
 */
import { createEpochContext, type EpochContext } from "../core/epoch-context.ts";
import { distancesFromReports } from "../core/latency-report.ts";
import type { Parameters } from "../parameters.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { createElectorate, type ValidatorSet } from "../validator-set.ts";
import { chooseM, predictCandidates } from "./adaptive-m.ts";
import { groupValidators } from "./k-medoid.ts";
import type { Distances } from "./latency.ts";
import { spanningTreeTopology } from "./spanning-tree.ts";
import { fullTopology, starTopology, type Topology } from "./topology.ts";

export interface TopologyInput {
  readonly set: ValidatorSet;
  readonly distances: Distances;
  readonly parameters: Parameters;
  /** Gateways in force; an adaptive choice changes their number only for a clear gain. */
  readonly currentM: number | undefined;
}

/** Must be a pure function: every validator computes it for itself. */
export type TopologyProvider = (input: TopologyInput) => Topology;

/** The provider that `topologyMode` and `m` of the parameters ask for. */
export const standardTopology: TopologyProvider = ({ set, distances, parameters, currentM }) => {
  const { m, fanout, directMax, topologyMode } = parameters;
  const stake = set.validators.map((validator) => validator.stake);
  const n = stake.length;
  const excluded = new Set<number>();
  if (topologyMode === 2) return starTopology(n);
  if (topologyMode === 3) return fullTopology(n);
  if (topologyMode === 1) {
    const root = stake.reduce((best, amount, at) => (amount > (stake[best] ?? 0n) ? at : best), 0);
    return spanningTreeTopology(distances, Math.max(1, m), root);
  }
  if (m > 0) return groupValidators({ distances, stake, excluded, m, fanout }).topology;
  const candidates = predictCandidates({ distances, stake, excluded, fanout, directMax });
  return chooseM(candidates, currentM).topology;
};

/** A `createContext` for core and node: electorate, distances from the reports, topology. */
export function createContextFactory(input: {
  readonly scheme: SignatureScheme;
  readonly parameters: Parameters;
  readonly provider?: TopologyProvider | undefined;
  /** Used instead of reports while there are none: a network's first epoch. */
  readonly initialDistances?: ((set: ValidatorSet) => Distances) | undefined;
}): (
  set: ValidatorSet,
  previous: EpochContext | undefined,
  latencyReports: readonly Uint8Array[],
) => EpochContext {
  const { scheme, parameters, provider = standardTopology, initialDistances } = input;
  return (set, previous, latencyReports) => {
    const distances =
      latencyReports.length === 0 && initialDistances !== undefined
        ? initialDistances(set)
        : distancesFromReports(set, latencyReports);
    const currentM = previous?.topology.gateways.length;
    const topology = provider({ set, distances, parameters, currentM });
    const electorate = createElectorate(set);
    return createEpochContext({ electorate, scheme, topology, parameters, distances });
  };
}
