/**
 * The tables of the specification, computed anew, with the printed figures beside them.
 *
 * @see spec 90-bbft, section 18 "Experiments to reproduce"
 */
import { decisionWire, phaseCounts } from "../message-counts.ts";
import { integerSquareRoot } from "../topology/topology.ts";
import { faultsTolerated } from "../validator-set.ts";
import type { StrategyName } from "./adversary.ts";
import { type BaselineProtocol, simulateBaseline } from "./baselines.ts";
import { type LatencyMatrix, syntheticLatency } from "./latency.ts";
import { Random } from "./random.ts";
import { type SimulationOptions, type SimulationReport, simulate } from "./simulate.ts";

/** A table as rows of cells; numbers are milliseconds unless the column says otherwise. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
  readonly notes: readonly string[];
}

/** When n - f validators hold the decision of a height, milliseconds after its proposal. */
export function quorumTimeMs(report: SimulationReport, height = 1n): number {
  const { decisions, n, proposedUs } = report;
  const times = decisions.filter((one) => one.height === height).map(({ timeUs }) => timeUs);
  const sorted = times.sort((a, b) => a - b);
  const decided = sorted[n - faultsTolerated(n) - 1] ?? Number.NaN;
  return (decided - (proposedUs.get(height) ?? 0)) / 1000;
}

/** Eight regions, 35 to 160 ms between them, 1 to 3 ms inside. */
export function eightRegions(n: number, seed: number): LatencyMatrix {
  return syntheticLatency(n, seed, 8, 35, 160);
}

/** Long views: nothing of section 10 may start while a large block is still on its way. */
const PATIENT = { viewTimeoutMs: 600_000 };

/** Section 18.1: messages in the running core and by the formulas. */
export function messageTable(sizes: readonly (readonly [number, number])[]): Table {
  const rows = sizes.map(([n, m]) => {
    const report = simulate({ n, m, latency: syntheticLatency(n, 1, 4, 10, 40) });
    const { wire } = phaseCounts(n, m);
    const counted = report.decisionMessages.get(1n) ?? 0;
    return [n, m, wire, wire + 2, counted, decisionWire(n, m)];
  });
  return {
    title: "Messages of a decision",
    columns: [
      "N",
      "M",
      "lambda (a phase)",
      "S (a phase)",
      "decision, counted",
      "decision, formula",
    ],
    rows,
    notes: ["Counted by the running core; the two last columns must be equal."],
  };
}

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
        name,
        `${name}, spec`,
      ]),
    ],
    rows,
    notes: [
      "Synthetic delays: eight regions, 35 to 160 ms between them. The printed figures come from another matrix of that kind.",
      "BBFT loses to PBFT while it has fewer gateways than there are regions; it equals PBFT once each region has one. Its gain is messages and the leader's uplink, not latency.",
    ],
  };
}

/** Averages over several leaders, for none of them is typical. */
const LEADERS = 8;

function leadersOf(n: number): number[] {
  const count = Math.min(LEADERS, n);
  return Array.from({ length: count }, (_, i) => Math.floor((i * n) / count));
}

function averageBaseline(
  protocol: BaselineProtocol,
  latency: LatencyMatrix,
  extra: { bandwidth?: number; verifyUs?: number; blockBytes?: number } = {},
): number {
  const times = leadersOf(latency.n).map(
    (leader) => simulateBaseline({ protocol, latency, leader, ...extra }).quorumUs,
  );
  return Math.round(times.reduce((sum, time) => sum + time, 0) / times.length / 1000);
}

/** Average over several gateways as leaders: each leads one height. */
function bbftTime(options: SimulationOptions): number {
  const { m = 1, n } = options;
  const leaders = Math.min(n >= 256 ? 2 : 4, m);
  const report = simulate({
    ...options,
    heights: leaders,
    parameters: { ...PATIENT, leaderTerm: 1, ...options.parameters },
  });
  let total = 0;
  for (let height = 1; height <= leaders; height++) total += quorumTimeMs(report, BigInt(height));
  return Math.round(total / leaders);
}

/** N, PBFT, FBFT, HotStuff, BBFT single level, two levels (0: not printed). */
const PRINTED_BLOCK: readonly (readonly number[])[] = [
  [21, 1377, 1564, 1773, 1018, 0],
  [49, 2835, 3035, 3243, 1194, 0],
  [100, 5585, 5756, 5965, 1675, 1232],
  [256, 13940, 14089, 14304, 2385, 1608],
  [1000, 53780, 53813, 54049, 4379, 2114],
];

const MEGABYTE = 1_000_000;
const UPLINK = 100_000_000;
const ED25519_US = 100;
const BLS_US = 1500;

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
        name,
        `${name}, spec`,
      ]),
    ],
    rows,
    notes: [
      "Votes cost 0.1 ms (ed25519, PBFT) or 1.5 ms (native BLS). One level: the best of three M around √N; two levels: the best of three around the cube root.",
      "Full 1 MB blocks around the world do not meet an interval of 0.5 s; compact relay (spec 92) or one continent does.",
    ],
  };
}

/** One scenario of section 18.4. */
interface Scenario {
  readonly name: string;
  readonly required: string;
  readonly printed: string;
  readonly n: number;
  options(network: ScenarioNetwork): Partial<SimulationOptions>;
  holds(report: SimulationReport): boolean;
}

interface ScenarioNetwork {
  readonly n: number;
  readonly seed: number;
  readonly gateways: readonly number[];
  readonly common: readonly number[];
}

const faulty = (
  validators: readonly number[],
  strategy: StrategyName,
): Partial<SimulationOptions> => ({
  byzantine: new Map(validators.map((validator) => [validator, strategy])),
});

const within =
  (view: number) =>
  ({ isComplete, maxView }: SimulationReport): boolean =>
    isComplete && maxView <= view;

const SCENARIOS: readonly Scenario[] = [
  {
    name: "failure-free",
    required: "view 0, exactly 93 messages",
    printed: "212 / 215 ms, 93",
    n: 16,
    options: () => ({}),
    holds: (report) => within(0)(report) && report.decisionMessages.get(1n) === 93,
  },
  {
    name: "1 silent gateway, not leading",
    required: "view 0 by attach",
    printed: "593 / 602 ms",
    n: 16,
    options: ({ gateways }) => faulty(gateways.slice(1, 2), "silent"),
    holds: within(0),
  },
  {
    name: "5 silent common validators",
    required: "view 0",
    printed: "291 / 304 ms",
    n: 16,
    options: ({ common }) => faulty(common.slice(0, 5), "silent"),
    holds: within(0),
  },
  {
    name: "silent leader",
    required: "view 1",
    printed: "2.9 / 3.0 s",
    n: 16,
    options: ({ gateways }) => faulty(gateways.slice(0, 1), "silent"),
    holds: within(1),
  },
  {
    name: "all 4 gateways silent",
    required: "view <= 2 + f",
    printed: "view 2, 5.5 / 5.6 s",
    n: 16,
    options: ({ gateways }) => faulty(gateways, "silent-gateways"),
    holds: within(7),
  },
  {
    name: "all 4 gateways and 1 common silent",
    required: "view <= 2 + f",
    printed: "view 2, 5.6 / 5.6 s",
    n: 16,
    options: ({ gateways, common }) => faulty([...gateways, ...common.slice(0, 1)], "silent"),
    holds: within(7),
  },
  {
    name: "equivocating leader",
    required: "one value, DUP_PROPOSAL",
    printed: "view <= 1, 2.9 / 3.0 s",
    n: 16,
    options: ({ gateways }) => faulty(gateways.slice(0, 1), "equivocate"),
    holds: (report) => report.isComplete && report.evidenceTypes.includes(1),
  },
  {
    name: "all gateways show the certificate to one only",
    required: "one value",
    printed: "view <= 2, 2.1 / 5.4 s",
    n: 16,
    options: ({ gateways }) => faulty(gateways, "withhold-cert"),
    holds: within(7),
  },
  {
    name: "10 % loss, 50 % jitter",
    required: "decided",
    printed: "view 0, 0.6 / 0.8 s",
    n: 16,
    options: () => ({ loss: 0.1, jitter: 0.5 }),
    holds: within(7),
  },
  {
    name: "partition 8/8 for 30 s",
    required: "nothing during, then all",
    printed: "0.23 s after healing",
    n: 16,
    options: () => ({
      partitions: [
        {
          fromUs: 0,
          toUs: 30_000_000,
          groupA: [0, 1, 2, 3, 4, 5, 6, 7],
          groupB: [8, 9, 10, 11, 12, 13, 14, 15],
        },
      ],
    }),
    holds: ({ isComplete, decisions }) =>
      isComplete && decisions.every(({ timeUs }) => timeUs > 30_000_000),
  },
  {
    name: "N = 100, M = 10, all gateways silent",
    required: "view <= 2 + f",
    printed: "view 2, 5.7 / 5.8 s",
    n: 100,
    options: ({ gateways }) => faulty(gateways, "silent-gateways"),
    holds: within(35),
  },
  {
    name: "6 silent (f + 1)",
    required: "stalls, never disagrees",
    printed: "stalls",
    n: 16,
    options: ({ common }) => ({ ...faulty(common.slice(0, 6), "silent"), maxTimeUs: 30_000_000 }),
    holds: ({ decisions }) => decisions.length === 0,
  },
  {
    name: "every validator crashes once and restarts",
    required: "no double signature, all decide",
    printed: "view 0, 1.9 / 2.8 s",
    n: 16,
    options: ({ n, seed }) => {
      const random = new Random(seed);
      const crashes = Array.from({ length: n }, (_, node) => ({
        node,
        atUs: random.integer(0, 1_500_000),
        forUs: random.integer(200_000, 1_500_000),
      }));
      return { crashes };
    },
    holds: within(7),
  },
];

/** Section 18.4: fault injection, median and largest time until the last honest validator decided. */
export function faultTable(seeds: number): Table {
  const rows = SCENARIOS.map((scenario) => {
    const times: number[] = [];
    let views = 0;
    let held = 0;
    const runs = scenario.n > 16 ? Math.min(seeds, 5) : seeds;
    for (let seed = 1; seed <= runs; seed++) {
      const { n } = scenario;
      const base = {
        n,
        m: integerSquareRoot(n),
        seed,
        latency: syntheticLatency(n, seed, 4, 35, 75),
      };
      const { gateways } = simulate(base).topology;
      const common = Array.from({ length: n }, (_, i) => i).filter((i) => !gateways.includes(i));
      const report = simulate({ ...base, ...scenario.options({ n, seed, gateways, common }) });
      times.push(Math.round(report.endUs / 1000));
      views = Math.max(views, report.maxView);
      if (report.violations.length === 0 && scenario.holds(report)) held++;
    }
    times.sort((a, b) => a - b);
    const [median = 0, largest = 0] = [times[times.length >> 1], times.at(-1)];
    return [
      scenario.name,
      scenario.required,
      `${held}/${runs}`,
      views,
      median,
      largest,
      scenario.printed,
    ];
  });
  return {
    title: "Fault injection, N = 16, M = 4, f = 5, four regions of 35 to 75 ms",
    columns: ["scenario", "required", "held", "views", "median ms", "max ms", "spec"],
    rows,
    notes: [],
  };
}

/** Section 18.3: the throughput model over the measured decision times. */
export function throughputTable(n: number, seed: number): Table {
  const m = integerSquareRoot(n);
  const latency = eightRegions(n, seed);
  const averageTxBytes = 250;
  const rows = [0.1, 1, 4].flatMap((megabytes) =>
    [
      { relay: "full", bytesOnWire: megabytes * MEGABYTE },
      // Six bytes for each transaction that receivers already hold.
      { relay: "compact", bytesOnWire: (megabytes * MEGABYTE * 6) / averageTxBytes },
    ].map(({ relay, bytesOnWire }) => {
      const blockBytes = Math.round(bytesOnWire);
      const cpu = { signUs: 300, verifyUs: BLS_US };
      const ms = bbftTime({ n, m, latency, seed, bandwidth: UPLINK, blockBytes, cpu });
      const transactions = (megabytes * MEGABYTE) / averageTxBytes;
      return [megabytes, relay, ms, Math.round((transactions * 1000) / Math.max(500, ms))];
    }),
  );
  return {
    title: `Throughput model, N = ${n}, M = ${m}, transactions of ${averageTxBytes} bytes, interval 500 ms`,
    columns: ["block MB", "relay", "decision ms", "transactions/s"],
    rows,
    notes: ["TPS = transactions per block / max(interval, decision time)."],
  };
}
