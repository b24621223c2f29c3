import { integerSquareRoot } from "../../topology/topology.ts";
import { averageBaseline, bbftTime, eightRegions } from "./measure.ts";
import type { Table } from "./table.ts";

/** N, then PBFT, FBFT, HotStuff, BBFT with min(8, isqrt N), with isqrt N, as printed. */
const PRINTED_LATENCY: readonly (readonly number[])[] = [
  [10, 261, 461, 646, 445, 445],
  [21, 296, 513, 719, 498, 498],
  [49, 295, 511, 716, 412, 412],
  [100, 295, 508, 712, 309, 307],
  [256, 296, 511, 715, 311, 307],
  [1000, 296, 511, 716, 311, 314],
];

/** Section 18.2, first table: pure latency. */
export function latencyTable(maxN: number, seed: number): Table {
  const rows = PRINTED_LATENCY.filter(([n = 0]) => n <= maxN).map(
    ([n = 0, pbft = 0, fbft = 0, hotstuff = 0, eight = 0, root = 0]) => {
      const latency = eightRegions(n, seed);
      const mesh = averageBaseline("pbft", latency);
      const m8 = Math.min(8, integerSquareRoot(n));
      const mRoot = integerSquareRoot(n);
      return [
        n,
        mesh,
        pbft,
        averageBaseline("fbft", latency),
        fbft,
        averageBaseline("hotstuff", latency),
        hotstuff,
        bbftTime({ n, m: m8, latency, seed }),
        eight,
        bbftTime({ n, m: mRoot, latency, seed }),
        root,
      ];
    },
  );
  return {
    title: "Milliseconds until a quorum has the commit certificate, pure latency",
    columns: [
      "N",
      ...["PBFT", "FBFT", "HotStuff", "BBFT M=min(8,√N)", "BBFT M=√N"].flatMap((name) => [
        `${name} ms`,
        `${name} ms, spec`,
      ]),
    ],
    rows,
    notes: [
      "Synthetic delays: eight regions, 35 to 160 ms between them. The printed figures come from another matrix of that kind.",
      "BBFT loses to PBFT while it has fewer gateways than there are regions; it equals PBFT once each region has one. Its gain is messages and the leader's uplink, not latency.",
    ],
  };
}
