/**
 * Minimal spanning tree mode, for experiments: its depth has no bound.
 *
 * @see spec 90-bbft, section 11.8 "Minimal spanning tree mode"
 */
import { type Distances, distanceOf } from "./latency.ts";
import { createTopology, type Topology } from "./topology.ts";

interface Edge {
  readonly low: number;
  readonly high: number;
  readonly distance: number;
}

const byDistance = (a: Edge, b: Edge): number =>
  a.distance - b.distance || a.low - b.low || a.high - b.high;

/** Kruskal over all pairs, edges by distance, then lower, then higher index. */
function minimalSpanningTree(distances: Distances): Edge[] {
  const { n } = distances;
  const edges: Edge[] = [];
  for (let low = 0; low < n; low++)
    for (let high = low + 1; high < n; high++)
      edges.push({ low, high, distance: distanceOf(distances, low, high) });
  edges.sort(byDistance);
  const leader = Array.from({ length: n }, (_, i) => i);
  const find = (vertex: number): number => {
    let at = vertex;
    while (leader[at] !== at) {
      leader[at] = leader[leader[at] ?? 0] ?? 0;
      at = leader[at] ?? 0;
    }
    return at;
  };
  return edges.filter(({ low, high }) => {
    const [a, b] = [find(low), find(high)];
    if (a !== b) leader[a] = b;
    return a !== b;
  });
}

function pathBetween(edges: ReadonlySet<Edge>, n: number, from: number, to: number): Edge[] {
  const cameBy: (Edge | undefined)[] = new Array(n);
  const order = [from];
  const seen = new Set(order);
  const around: Edge[][] = Array.from({ length: n }, () => []);
  for (const edge of edges) {
    around[edge.low]?.push(edge);
    around[edge.high]?.push(edge);
  }
  for (let at = 0; at < order.length; at++) {
    const vertex = order[at] ?? 0;
    for (const edge of around[vertex] ?? []) {
      const next = edge.low === vertex ? edge.high : edge.low;
      if (seen.has(next)) continue;
      seen.add(next);
      cameBy[next] = edge;
      order.push(next);
    }
  }
  const path: Edge[] = [];
  if (!seen.has(to)) return path;
  for (let vertex = to; vertex !== from; ) {
    const edge = cameBy[vertex];
    if (edge === undefined) break;
    path.push(edge);
    vertex = edge.low === vertex ? edge.high : edge.low;
  }
  return path;
}

/**
 * The forest of m trees cut from the minimal spanning tree.
 *
 * @param root always one of the gateways; the others are the vertices of highest degree
 * @param excluded what must not be a gateway beside the root
 */
export function spanningTreeTopology(
  distances: Distances,
  m: number,
  root: number,
  excluded: ReadonlySet<number> = new Set(),
): Topology {
  const { n } = distances;
  const edges = new Set(minimalSpanningTree(distances));
  const degree = new Array<number>(n).fill(0);
  for (const { low, high } of edges) {
    degree[low] = (degree[low] ?? 0) + 1;
    degree[high] = (degree[high] ?? 0) + 1;
  }
  const others = degree
    .map((count, vertex) => ({ count, vertex }))
    .filter(({ vertex }) => vertex !== root && !excluded.has(vertex))
    .sort((a, b) => b.count - a.count || a.vertex - b.vertex)
    .slice(0, Math.max(0, m - 1))
    .map(({ vertex }) => vertex);
  const gateways = [root, ...others].sort((a, b) => a - b);
  for (const [at, one] of gateways.entries())
    for (const other of gateways.slice(at + 1)) {
      const [largest] = pathBetween(edges, n, one, other).sort((a, b) => byDistance(b, a));
      if (largest !== undefined) edges.delete(largest);
    }
  const parent: number[] = new Array(n).fill(-1);
  const order = [...gateways];
  const placed = new Set(order);
  for (let at = 0; at < order.length; at++) {
    const vertex = order[at] ?? 0;
    for (const { low, high } of edges) {
      if (low !== vertex && high !== vertex) continue;
      const next = low === vertex ? high : low;
      if (placed.has(next)) continue;
      placed.add(next);
      parent[next] = vertex;
      order.push(next);
    }
  }
  return createTopology(parent);
}
