/**
 * Choosing gateways and groups from distances and stake, in integers only, so that every validator
 * computes the same forest.
 *
 * @see spec 90-bbft, section 11.3 "Choice of gateways and groups" and 11.4 "Levels"
 */
import { faultsTolerated } from "../validator-set.ts";
import { type Distances, distanceOf, NO_LATENCY } from "./latency.ts";
import { createTopology, integerSquareRoot, type Topology } from "./topology.ts";

export interface GroupingInput {
  readonly distances: Distances;
  readonly stake: readonly bigint[];
  /** Validators that must not become top-level gateways. */
  readonly excluded: ReadonlySet<number>;
  /** Number of top-level gateways, at least 1. */
  readonly m: number;
  /** Members that a gateway may have before a level is put between; 0 keeps a single level. */
  readonly fanout: number;
}

export interface Grouping {
  readonly topology: Topology;
  /** Largest number of members of a top-level group. */
  readonly capacity: number;
  /** Sum over all validators of the distance to the nearest gateway. */
  readonly cost: number;
}

/** The candidates: the most mortgaged validators that are not excluded. */
function candidatePool({ stake, excluded, m }: GroupingInput): number[] {
  return stake
    .map((amount, validator) => ({ amount, validator }))
    .filter(({ validator }) => !excluded.has(validator))
    .sort((a, b) =>
      a.amount === b.amount ? a.validator - b.validator : a.amount < b.amount ? 1 : -1,
    )
    .slice(0, Math.max(2 * m, m + 2))
    .map(({ validator }) => validator)
    .sort((a, b) => a - b);
}

/** BUILD: greedily the next best medoid; ties to the lower index. */
function build(
  distances: Distances,
  pool: readonly number[],
  members: readonly number[],
  m: number,
): number[] {
  const best = members.map(() => NO_LATENCY);
  const chosen: number[] = [];
  for (let round = 0; round < m; round++) {
    let winner = -1;
    let winnerCost = Number.POSITIVE_INFINITY;
    for (const candidate of pool) {
      if (chosen.includes(candidate)) continue;
      let cost = 0;
      for (let at = 0; at < members.length; at++)
        cost += Math.min(best[at] ?? 0, distanceOf(distances, candidate, members[at] ?? 0));
      if (cost < winnerCost) [winner, winnerCost] = [candidate, cost];
    }
    chosen.push(winner);
    for (let at = 0; at < members.length; at++)
      best[at] = Math.min(best[at] ?? 0, distanceOf(distances, winner, members[at] ?? 0));
  }
  return chosen.sort((a, b) => a - b);
}

function costOf(
  distances: Distances,
  gateways: readonly number[],
  members: readonly number[],
): number {
  let cost = 0;
  for (const member of members) {
    let nearest = Number.POSITIVE_INFINITY;
    for (const gateway of gateways)
      nearest = Math.min(nearest, distanceOf(distances, gateway, member));
    cost += nearest;
  }
  return cost;
}

/** SWAP: the best exchange of a gateway for a candidate, while one improves the cost. */
function swap(
  distances: Distances,
  pool: readonly number[],
  members: readonly number[],
  start: readonly number[],
): number[] {
  let gateways = [...start];
  let cost = costOf(distances, gateways, members);
  for (let round = 0; round < start.length; round++) {
    let best: { gateways: number[]; cost: number } | undefined;
    for (const gateway of gateways) {
      // Everybody's nearest among the gateways that stay; one candidate is then a single pass.
      const stay = gateways.filter((other) => other !== gateway);
      const nearest = members.map((member) =>
        stay.reduce(
          (least, other) => Math.min(least, distanceOf(distances, other, member)),
          Number.POSITIVE_INFINITY,
        ),
      );
      for (const candidate of pool) {
        if (gateways.includes(candidate)) continue;
        let changed = 0;
        for (let at = 0; at < members.length; at++)
          changed += Math.min(nearest[at] ?? 0, distanceOf(distances, candidate, members[at] ?? 0));
        if (changed < (best?.cost ?? cost))
          best = { gateways: [...stay, candidate], cost: changed };
      }
    }
    if (best === undefined) break;
    gateways = best.gateways.sort((a, b) => a - b);
    cost = best.cost;
  }
  return gateways;
}

/** Attaches members to gateways by ascending distance, none above its capacity. */
function assign(
  distances: Distances,
  gateways: readonly number[],
  members: readonly number[],
  capacity: number,
): Map<number, number[]> {
  const pairs = members.flatMap((member) =>
    gateways.map((gateway) => ({
      member,
      gateway,
      distance: distanceOf(distances, member, gateway),
    })),
  );
  pairs.sort((a, b) => a.distance - b.distance || a.member - b.member || a.gateway - b.gateway);
  const groups = new Map<number, number[]>(gateways.map((gateway) => [gateway, []]));
  const taken = new Set<number>();
  for (const { member, gateway } of pairs) {
    const group = groups.get(gateway);
    if (group === undefined || taken.has(member) || group.length >= capacity) continue;
    group.push(member);
    taken.add(member);
  }
  return groups;
}

/**
 * Builds the forest for a given number of gateways. Where exclusion leaves fewer candidates than
 * `m`, there are fewer gateways.
 */
export function groupValidators(input: GroupingInput): Grouping {
  const { distances, stake, fanout } = input;
  const n = stake.length;
  const all = stake.map((_, validator) => validator);
  const pool = candidatePool(input);
  const m = Math.max(1, Math.min(input.m, pool.length));
  const candidates = pool.length === 0 ? all : pool;
  const gateways = swap(distances, candidates, all, build(distances, candidates, all, m));
  const faults = faultsTolerated(n);
  let capacity = Math.ceil((125 * (n - m)) / (100 * m));
  if (m >= 4 && m * (faults - 1) >= n - m) capacity = Math.min(capacity, faults - 1);
  const members = all.filter((validator) => !gateways.includes(validator));
  const parent: number[] = all.map(() => -1);
  const groups = assign(distances, gateways, members, capacity);
  for (const [gateway, group] of groups) placeBelow(distances, gateway, group, fanout, parent);
  return {
    topology: createTopology(parent),
    capacity,
    cost: costOf(distances, gateways, all),
  };
}

/** Puts a group under its gateway, with sub-gateways between where it is larger than the fanout. */
function placeBelow(
  distances: Distances,
  gateway: number,
  group: readonly number[],
  fanout: number,
  parent: number[],
): void {
  const members = [...group].sort((a, b) => a - b);
  if (fanout === 0 || members.length <= fanout) {
    for (const member of members) parent[member] = gateway;
    return;
  }
  const k = integerSquareRoot(members.length);
  const heads = swap(distances, members, members, build(distances, members, members, k));
  for (const head of heads) parent[head] = gateway;
  const rest = members.filter((member) => !heads.includes(member));
  const capacity = Math.ceil((125 * rest.length) / (100 * k));
  for (const [head, below] of assign(distances, heads, rest, capacity))
    placeBelow(distances, head, below, fanout, parent);
}
