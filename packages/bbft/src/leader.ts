/**
 * Who leads a view, and whether the view uses the hierarchy.
 *
 * @see spec 90-bbft, section 8 "Leaders and view modes"
 */
import { starTopology, type Topology } from "./topology/topology.ts";

export interface LeaderRule {
  readonly n: number;
  /** Top-level gateways, ascending. */
  readonly gateways: readonly number[];
  /** Heights for which the first leader stays the same. */
  readonly leaderTerm: number;
  /** Views of a height that use the hierarchy. */
  readonly hierViews: number;
}

export interface ViewLeader {
  readonly mode: "hier" | "direct";
  readonly leader: number;
}

/** The leader by polling among the gateways, later among all validators, common ones first. */
export function leaderOf(rule: LeaderRule, height: bigint, view: number): ViewLeader {
  const { n, gateways, leaderTerm, hierViews } = rule;
  const m = gateways.length;
  if (view < hierViews) {
    const turn = ((height - 1n) / BigInt(leaderTerm) + BigInt(view)) % BigInt(m);
    return { mode: "hier", leader: gateways[Number(turn)] ?? 0 };
  }
  const k = view - hierViews;
  if (m === n)
    return { mode: "direct", leader: gateways[Number((height + BigInt(k)) % BigInt(n))] ?? 0 };
  const position = k % n;
  const common = n - m;
  if (position >= common) return { mode: "direct", leader: gateways[position - common] ?? 0 };
  const rank = Number((height + BigInt(position)) % BigInt(common));
  return { mode: "direct", leader: nthCommon(gateways, rank) };
}

/** The common validator of a rank: the rank-th index that is no gateway. */
function nthCommon(gateways: readonly number[], rank: number): number {
  let index = rank;
  for (const gateway of gateways) {
    if (gateway > index) break;
    index++;
  }
  return index;
}

/** Views that use the hierarchy: one is enough where there is a single gateway. */
export function effectiveHierViews(topology: Topology, hierViews: number): number {
  return topology.gateways.length === 1 ? Math.min(hierViews, 1) : hierViews;
}

/** The topology in force in a view: the epoch's, or a star around the leader of a direct view. */
export function viewTopology(topology: Topology, { mode, leader }: ViewLeader): Topology {
  return mode === "hier" ? topology : starTopology(topology.n, leader);
}
