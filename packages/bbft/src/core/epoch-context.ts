import { effectiveHierViews, leaderOf, type ViewLeader } from "../leader.ts";
import type { Parameters } from "../parameters.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { type Distances, distanceOf, NO_LATENCY } from "../topology/latency.ts";
import { starTopology, type Topology } from "../topology/topology.ts";
import type { Electorate } from "../validator-set.ts";

/** What all validators agree on for the length of an epoch. */
export interface EpochContext {
  readonly epoch: bigint;
  readonly electorate: Electorate;
  readonly scheme: SignatureScheme;
  readonly topology: Topology;
  readonly parameters: Parameters;
  /** Longest time until a child's whole subtree can have answered, milliseconds; by validator. */
  readonly answerMs: readonly number[];
  /** The stars of direct views, made when first needed. */
  readonly stars: Map<number, Topology>;
}

/** Where one validator stands in one view. */
export interface ViewRole extends ViewLeader {
  readonly topology: Topology;
  /** -1 for a top-level gateway. */
  readonly parent: number;
  readonly children: readonly number[];
  /** The other top-level gateways; empty for a validator that is none. */
  readonly peers: readonly number[];
  readonly isGateway: boolean;
}

export function createEpochContext(input: {
  readonly electorate: Electorate;
  readonly scheme: SignatureScheme;
  readonly topology: Topology;
  readonly parameters: Parameters;
  readonly distances?: Distances | undefined;
  /** Time to send a block to one child, milliseconds: bandwidth that distances do not show. */
  readonly blockMs?: number | undefined;
}): EpochContext {
  const { electorate, topology, distances, blockMs = 0 } = input;
  return {
    ...input,
    epoch: electorate.set.epoch,
    answerMs: answerTimes(topology, distances, blockMs),
    stars: new Map(),
  };
}

/** Round trips down to the leaves, from the distances (100 microseconds one way). */
function answerTimes(
  topology: Topology,
  distances: Distances | undefined,
  blockMs: number,
): number[] {
  const times = topology.parent.map(() => 0);
  const order = [...topology.gateways];
  for (let at = 0; at < order.length; at++)
    order.push(...(topology.children[order[at] ?? 0] ?? []));
  for (const validator of order.reverse()) {
    const children = topology.children[validator] ?? [];
    for (const child of children) {
      const distance =
        distances === undefined ? NO_LATENCY : distanceOf(distances, validator, child);
      const below = distance === NO_LATENCY ? Number.POSITIVE_INFINITY : distance / 5;
      times[validator] = Math.max(times[validator] ?? 0, below + (times[child] ?? 0));
    }
    times[validator] = (times[validator] ?? 0) + blockMs * children.length;
  }
  return times;
}

/** The role of a validator in a view. */
export function roleOf(
  context: EpochContext,
  validator: number,
  height: bigint,
  view: number,
): ViewRole {
  const { topology, parameters, stars } = context;
  const rule = {
    n: topology.n,
    gateways: topology.gateways,
    leaderTerm: parameters.leaderTerm,
    hierViews: effectiveHierViews(topology, parameters.hierViews),
  };
  const chosen = leaderOf(rule, height, view);
  let forest = topology;
  if (chosen.mode === "direct") {
    forest = stars.get(chosen.leader) ?? starTopology(topology.n, chosen.leader);
    stars.set(chosen.leader, forest);
  }
  const parent = forest.parent[validator] ?? -1;
  const isGateway = forest.parent[validator] === -1;
  return {
    ...chosen,
    topology: forest,
    parent,
    children: forest.children[validator] ?? [],
    peers: isGateway ? forest.gateways.filter((gateway) => gateway !== validator) : [],
    isGateway,
  };
}
