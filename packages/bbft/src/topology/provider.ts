/**
 * Where topologies come from, exchangeable: k-medoid groups, spanning tree, star, full mesh, or an
 * own function.
 *
 * @see spec 90-bbft, section 11 "Topology manager" and 16 "Library interfaces"
 */
import { empty, keyOf } from "../bytes.ts";
import { createEpochContext, type EpochContext } from "../core/epoch-context.ts";
import type { EpochOutcome } from "../core/epoch-outcome.ts";
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
  /** Validators that must not become top-level gateways. */
  readonly excluded?: ReadonlySet<number> | undefined;
}

/** Must be a pure function: every validator computes it for itself. */
export type TopologyProvider = (input: TopologyInput) => Topology;

/** The provider that `topologyMode` and `m` of the parameters ask for. */
export const standardTopology: TopologyProvider = ({
  set,
  distances,
  parameters,
  currentM,
  excluded = new Set(),
}) => {
  const { m, fanout, directMax, topologyMode } = parameters;
  const stake = set.validators.map((validator) => validator.stake);
  const n = stake.length;
  if (topologyMode === 3) return fullTopology(n);
  if (topologyMode === 2) {
    const center = stake.findIndex((_, validator) => !excluded.has(validator));
    return starTopology(n, Math.max(0, center));
  }
  if (topologyMode === 1)
    return spanningTreeTopology(distances, Math.max(1, m), strongest(stake, excluded), excluded);
  if (m > 0) return groupValidators({ distances, stake, excluded, m, fanout }).topology;
  const candidates = predictCandidates({ distances, stake, excluded, fanout, directMax });
  return chooseM(candidates, currentM).topology;
};

/** The validator with the highest stake that is not excluded; of all, where everybody is. */
function strongest(stake: readonly bigint[], excluded: ReadonlySet<number>): number {
  let best = -1;
  for (const [at, amount] of stake.entries())
    if (!excluded.has(at) && (best < 0 || amount > (stake[best] ?? 0n))) best = at;
  return best < 0 ? strongest(stake, new Set()) : best;
}

/** A `createContext` for core and node: electorate, distances from the reports, topology. */
export function createContextFactory(input: {
  readonly scheme: SignatureScheme;
  /** Schemes that the chain may change to. */
  readonly otherSchemes?: readonly SignatureScheme[] | undefined;
  /** Of the first epoch. */
  readonly parameters: Parameters;
  readonly provider?: TopologyProvider | undefined;
  /** Used instead of reports while there are none: a network's first epoch. */
  readonly initialDistances?: ((set: ValidatorSet) => Distances) | undefined;
}): (
  set: ValidatorSet,
  previous: EpochContext | undefined,
  outcome: EpochOutcome | undefined,
) => EpochContext {
  const { otherSchemes = [], provider = standardTopology, initialDistances } = input;
  return (set, previous, outcome) => {
    const { latencyReports = [], parameters = input.parameters } = outcome ?? {};
    const scheme = [input.scheme, ...otherSchemes].find(({ id }) => id === parameters.scheme);
    if (scheme === undefined) throw new RangeError(`no scheme ${parameters.scheme} was given`);
    const exiled = (outcome?.excluded ?? []).map(keyOf);
    const excluded = new Set(
      [...set.validators.keys()].filter((at) =>
        exiled.includes(keyOf(set.validators[at]?.idKey ?? empty())),
      ),
    );
    const distances =
      latencyReports.length === 0 && initialDistances !== undefined
        ? initialDistances(set)
        : distancesFromReports(set, latencyReports);
    const currentM = previous?.topology.gateways.length;
    const topology = provider({ set, distances, parameters, currentM, excluded });
    const electorate = createElectorate(set);
    return createEpochContext({ electorate, scheme, topology, parameters, distances });
  };
}
