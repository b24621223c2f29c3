/**
 * When everybody would hold which certificate if nothing failed and computing took no time. The
 * model behind the adaptive number of gateways. Unit: that of the distances.
 *
 * @see spec 90-bbft, section 11.7 "Failure-free timeline"
 */
import { faultsTolerated } from "../validator-set.ts";
import { type Distances, distanceOf } from "./latency.ts";
import type { Topology } from "./topology.ts";

/** Arrival by validator. */
export interface Timeline {
  readonly proposal: readonly number[];
  readonly prepareQc: readonly number[];
  readonly commitQc: readonly number[];
}

/** Validators from the gateways down. */
function topDown({ gateways, children }: Topology): number[] {
  const order = [...gateways];
  for (let at = 0; at < order.length; at++) order.push(...(children[order[at] ?? 0] ?? []));
  return order;
}

export function predictTimeline(
  topology: Topology,
  distances: Distances,
  leader: number,
): Timeline {
  const order = topDown(topology);
  const proposal: number[] = topology.parent.map(() => 0);
  for (const validator of order) {
    const above = topology.parent[validator] ?? -1;
    proposal[validator] =
      above < 0
        ? distanceOf(distances, leader, validator)
        : (proposal[above] ?? 0) + distanceOf(distances, above, validator);
  }
  const prepareQc = phase(topology, distances, leader, order, proposal);
  const commitQc = phase(topology, distances, leader, order, prepareQc);
  return { proposal, prepareQc, commitQc };
}

function phase(
  topology: Topology,
  distances: Distances,
  leader: number,
  order: readonly number[],
  cast: readonly number[],
): number[] {
  const { parent, gateways, subtreeSize, n } = topology;
  const ready = [...cast];
  for (const validator of [...order].reverse()) {
    const above = parent[validator] ?? -1;
    if (above < 0) continue;
    const arrival = (ready[validator] ?? 0) + distanceOf(distances, validator, above);
    ready[above] = Math.max(ready[above] ?? 0, arrival);
  }
  const needed = n - faultsTolerated(n);
  const qc: number[] = parent.map(() => 0);
  for (const gateway of gateways) {
    const arrivals = gateways
      .map((from) => ({
        at: (ready[from] ?? 0) + distanceOf(distances, from, gateway),
        size: subtreeSize[from] ?? 0,
      }))
      .sort((a, b) => a.at - b.at);
    let votes = 0;
    for (const { at, size } of arrivals) {
      votes += size;
      if (votes < needed) continue;
      qc[gateway] = at;
      break;
    }
  }
  const leaderQc = qc[leader] ?? 0;
  for (const gateway of gateways)
    qc[gateway] = Math.min(qc[gateway] ?? 0, leaderQc + distanceOf(distances, leader, gateway));
  for (const validator of order) {
    const above = parent[validator] ?? -1;
    if (above >= 0) qc[validator] = (qc[above] ?? 0) + distanceOf(distances, above, validator);
  }
  return qc;
}
