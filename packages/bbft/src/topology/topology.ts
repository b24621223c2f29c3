/**
 * The forest of one epoch: top-level gateways in a full mesh, trees below them.
 *
 * @see spec 90-bbft, section 3 "Roles and topology"
 */

/** A forest over the validators 0..n-1. */
export interface Topology {
  readonly n: number;
  /** Top-level gateways, ascending. */
  readonly gateways: readonly number[];
  /** Parent by validator; -1 for a top-level gateway. */
  readonly parent: readonly number[];
  /** Children by validator, ascending. */
  readonly children: readonly (readonly number[])[];
  /** The top-level gateway above each validator, itself for a gateway. */
  readonly root: readonly number[];
  /** Validators in the subtree of each, itself included. */
  readonly subtreeSize: readonly number[];
}

/**
 * Derives a topology from its parents.
 *
 * @throws RangeError when the parents are not a forest over 0..n-1
 */
export function createTopology(parent: readonly number[]): Topology {
  const n = parent.length;
  const children: number[][] = parent.map(() => []);
  const gateways: number[] = [];
  for (const [validator, above] of parent.entries()) {
    if (above === -1) gateways.push(validator);
    else {
      const siblings = children[above];
      if (siblings === undefined || above === validator)
        throw new RangeError(`${above} is no parent of ${validator}`);
      siblings.push(validator);
    }
  }
  const root: number[] = parent.map(() => -1);
  const order: number[] = [];
  for (const gateway of gateways) {
    root[gateway] = gateway;
    order.push(gateway);
  }
  for (let at = 0; at < order.length; at++) {
    const above = order[at] ?? 0;
    for (const child of children[above] ?? []) {
      root[child] = root[above] ?? -1;
      order.push(child);
    }
  }
  if (order.length !== n) throw new RangeError("the parents form a cycle");
  const subtreeSize: number[] = parent.map(() => 1);
  for (const validator of order.reverse()) {
    const above = parent[validator] ?? -1;
    if (above >= 0) subtreeSize[above] = (subtreeSize[above] ?? 0) + (subtreeSize[validator] ?? 0);
  }
  return { n, gateways, parent, children, root, subtreeSize };
}

/** One gateway, everybody else its child: a direct view, or FBFT. */
export function starTopology(n: number, center = 0): Topology {
  return createTopology(Array.from({ length: n }, (_, i) => (i === center ? -1 : center)));
}

/** Everybody is a gateway: PBFT's mesh. */
export function fullTopology(n: number): Topology {
  return createTopology(Array.from({ length: n }, () => -1));
}

/** Largest integer whose square is at most n. */
export function integerSquareRoot(n: number): number {
  let root = Math.floor(Math.sqrt(n));
  while (root * root > n) root--;
  while ((root + 1) * (root + 1) <= n) root++;
  return root;
}
