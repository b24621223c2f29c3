import { averageBaseline, BLS_US, bbftTime, eightRegions, MEGABYTE, UPLINK } from "./measure.ts";
import type { Table } from "./table.ts";

/** N, PBFT, FBFT, HotStuff, BBFT single level, two levels (0: not printed). */
const PRINTED_BLOCK: readonly (readonly number[])[] = [
  [21, 1377, 1564, 1773, 1018, 0],
  [49, 2835, 3035, 3243, 1194, 0],
  [100, 5585, 5756, 5965, 1675, 1232],
  [256, 13940, 14089, 14304, 2385, 1608],
  [1000, 53780, 53813, 54049, 4379, 2114],
];

const ED25519_US = 100;

/** Section 18.2, second table: a 1 MB block in full over 100 Mbit/s uplinks. */
export function blockTable(maxN: number, seed: number): Table {
  const network = { bandwidth: UPLINK, blockBytes: MEGABYTE };
  const rows = PRINTED_BLOCK.filter(([n = 0]) => n <= maxN).map(
    ([n = 0, pbft = 0, fbft = 0, hotstuff = 0, single = 0, double = 0]) => {
      const latency = eightRegions(n, seed);
      const bls = { ...network, verifyUs: BLS_US };
      const base = { n, latency, seed, ...network, cpu: { signUs: 300, verifyUs: BLS_US } };
      const candidates = [...new Set([0.7, 1, 1.4].map((x) => Math.round(x * Math.sqrt(n))))];
      const levels = candidates.map((m) => bbftTime({ ...base, m }));
      const root = n ** (1 / 3);
      const twoLevels = (part: number): number =>
        bbftTime({ ...base, m: Math.round(part * root), fanout: Math.ceil(1.6 * root) });
      const two = double === 0 ? "-" : Math.min(...[0.8, 1.2, 1.6].map(twoLevels));
      return [
        n,
        averageBaseline("pbft", latency, { ...network, verifyUs: ED25519_US }),
        pbft,
        averageBaseline("fbft", latency, bls),
        fbft,
        averageBaseline("hotstuff", latency, bls),
        hotstuff,
        Math.min(...levels),
        single,
        two,
        double === 0 ? "-" : double,
      ];
    },
  );
  return {
    title: "Milliseconds until a quorum has the commit certificate, 1 MB block, 100 Mbit/s uplinks",
    columns: [
      "N",
      ...["PBFT", "FBFT", "HotStuff", "BBFT one level", "BBFT two levels"].flatMap((name) => [
        `${name} ms`,
        `${name} ms, spec`,
      ]),
    ],
    rows,
    notes: [
      "Votes cost 0.1 ms (ed25519, PBFT) or 1.5 ms (native BLS). One level: the best of three M around √N; two levels: the best of three around the cube root.",
      "Full 1 MB blocks around the world do not meet an interval of 0.5 s; compact relay (spec 92) or one continent does.",
    ],
  };
}
