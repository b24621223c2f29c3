/** Random networks, faults and adversaries: what must hold in every one of them. */
import type { Parameters } from "../parameters.ts";
import { MAX_VALIDATORS } from "../validator-set.ts";
import { STRATEGIES, type StrategyName } from "./adversary.ts";
import { syntheticLatency } from "./latency.ts";
import { Random } from "./random.ts";
import { simulate } from "./simulate.ts";
import type { SimulationOptions } from "./simulation-options.ts";
import type { SimulationReport } from "./simulation-report.ts";

export interface CampaignLimits {
  /** Smallest and largest number of validators. */
  readonly minN: number;
  readonly maxN: number;
  /** Heights of one run, at most; one that crosses epochs has up to 24. */
  readonly maxHeights: number;
}

export const DEFAULT_LIMITS: CampaignLimits = { minN: 4, maxN: 31, maxHeights: 3 };

export interface CampaignFailure {
  readonly seed: number;
  /** What was broken; "no progress" where somebody decided too little. */
  readonly reasons: readonly string[];
  /** A command that runs exactly this case again. */
  readonly reproduction: string;
}

export interface CampaignResult {
  readonly runs: number;
  readonly failures: readonly CampaignFailure[];
  /** Events processed, messages sent, evidence found in all runs. */
  readonly steps: number;
  readonly messages: number;
  readonly evidence: number;
  readonly maxView: number;
  /** Items of engine data in decided blocks, by type. */
  readonly decidedItems: ReadonlyMap<number, number>;
}

/** The network of a seed. At most f validators are Byzantine; everybody else may crash and return. */
export function randomScenario(
  seed: number,
  limits: CampaignLimits = DEFAULT_LIMITS,
): SimulationOptions {
  const { minN, maxN } = limits;
  if (!(minN >= 1 && minN <= maxN && maxN <= MAX_VALIDATORS))
    throw new RangeError(
      `not 1 to ${MAX_VALIDATORS} validators, the fewest first: ${minN}, ${maxN}`,
    );
  const random = new Random(seed);
  // Drawn beside the rest, so that the other runs are what they would be without.
  const epochDraw = new Random(seed ^ 0x45504f43);
  const hasEpochs = epochDraw.chance(0.08);
  const drawn = random.integer(limits.minN, limits.maxN);
  const n = hasEpochs ? Math.max(limits.minN, Math.min(drawn, 11)) : drawn;
  const everybody = Array.from({ length: n }, (_, i) => i);
  const powers = random.chance(0.2)
    ? everybody.map(() => BigInt(random.integer(1, 5)))
    : everybody.map(() => 1n);
  const byzantine = new Map<number, StrategyName>();
  if (random.chance(0.8)) {
    const wanted = random.integer(1, n);
    const common = random.chance(0.5) ? random.pick(STRATEGIES) : undefined;
    const total = powers.reduce((sum, power) => sum + power, 0n);
    let faulty = 0n;
    for (const validator of random.sample(everybody, wanted)) {
      const power = powers[validator] ?? 0n;
      if (3n * (faulty + power) >= total) continue;
      faulty += power;
      byzantine.set(validator, common ?? random.pick(STRATEGIES));
    }
  }
  const honest = everybody.filter((validator) => !byzantine.has(validator));
  const crashes = random.chance(0.3)
    ? random.sample(honest, random.integer(1, honest.length)).map((node) => ({
        node,
        atUs: random.integer(0, 3_000_000),
        forUs: random.integer(100_000, 3_000_000),
      }))
    : [];
  const cut = random.sample(everybody, random.integer(1, n - 1));
  const partitions = random.chance(0.2)
    ? [
        {
          fromUs: random.integer(0, 500_000),
          toUs: random.integer(1_000_000, 10_000_000),
          groupA: cut,
          groupB: everybody.filter((validator) => !cut.includes(validator)),
        },
      ]
    : [];
  const scenario: SimulationOptions = {
    n,
    m: random.chance(0.5)
      ? Math.max(1, Math.floor(Math.sqrt(n)))
      : random.integer(1, random.chance(0.2) ? n : Math.min(n, 8)),
    fanout: random.pick([0, 0, 2, 4]),
    seed,
    heights: random.integer(1, limits.maxHeights),
    latency: syntheticLatency(n, seed, random.integer(1, 6), 5, random.integer(20, 150)),
    jitter: random.chance(0.5) ? random.fraction() : 0,
    loss: random.chance(0.3) ? random.fraction() * 0.15 : 0,
    isFifo: random.chance(0.7),
    gstUs: random.chance(0.3) ? random.integer(0, 8_000_000) : 0,
    asyncDelayUs: random.integer(0, 4_000_000),
    byzantine,
    crashes,
    partitions,
    powers,
    parameters: { hierViews: random.integer(0, 3), leaderTerm: random.integer(1, 12) },
    hasEnvelopes: epochDraw.chance(0.2),
  };
  return hasEpochs ? withEpochs(scenario, epochDraw, limits) : scenario;
}

/** Lets a run cross epochs: changes of parameters and of members, reports, later crashes. */
function withEpochs(
  scenario: SimulationOptions,
  random: Random,
  { minN }: CampaignLimits,
): SimulationOptions {
  const { n, parameters, byzantine, crashes = [] } = scenario;
  const sizes = [0, 1, 2].map(() => random.integer(Math.max(minN, n - 3), n));
  const hasMembers = random.chance(0.5);
  const smallest = hasMembers ? Math.min(...sizes) : n;
  // In each of the sets less than a third may be faulty.
  const isSlander = random.chance(0.2);
  const faulty = [...(byzantine ?? [])].map(
    ([validator, strategy]) => [validator, isSlander ? "slander" : strategy] as const,
  );
  const kept = faulty.filter((_, rank) => 3 * (rank + 1) < smallest);
  const change = (): Partial<Parameters> => {
    const blockIntervalMs = random.integer(20, 300);
    return {
      blockIntervalMs,
      viewTimeoutMs: Math.max(2 * blockIntervalMs, random.integer(800, 2500)),
      hierViews: random.integer(0, 3),
      leaderTerm: random.integer(1, 5),
      gatewayStrikes: random.integer(1, 3),
      m: random.integer(0, smallest),
      fanout: random.pick([0, 2, 4]),
      topologyMode: random.pick([0, 0, 0, 1, 2, 3]),
      evidenceMaxAge: random.pick([3n, 3_456_000n]),
    };
  };
  return {
    ...scenario,
    m: random.chance(0.3) ? 0 : scenario.m,
    heights: random.integer(11, 24),
    powers: hasMembers ? undefined : scenario.powers,
    byzantine: new Map(hasMembers ? kept : faulty),
    crashes: crashes.map((crash) => ({ ...crash, atUs: 3 * crash.atUs })),
    parameters: { ...parameters, epochLength: 10, blockIntervalMs: random.integer(10, 300) },
    epochs: {
      hasReports: random.chance(0.6),
      members: hasMembers ? (epoch) => sizes[Number(epoch) % sizes.length] ?? n : undefined,
      changes: random.chance(0.6)
        ? new Map([
            [0n, change()],
            [1n, change()],
          ])
        : undefined,
    },
  };
}

/** What a report breaks: agreement, single signatures, soundness of evidence, progress. */
export function brokenPromises(report: SimulationReport): string[] {
  return report.isComplete ? [...report.violations] : [...report.violations, "no progress"];
}

/** Runs consecutive seeds; `onSeed` is told of each before it runs. */
export function runCampaign(
  firstSeed: number,
  runs: number,
  limits: CampaignLimits = DEFAULT_LIMITS,
  onSeed?: (seed: number) => void,
): CampaignResult {
  const failures: CampaignFailure[] = [];
  let [steps, messages, evidence, maxView] = [0, 0, 0, 0];
  const decidedItems = new Map<number, number>();
  for (let seed = firstSeed; seed < firstSeed + runs; seed++) {
    onSeed?.(seed);
    const report = simulate(randomScenario(seed, limits));
    steps += report.steps;
    messages += report.messages;
    evidence += report.evidence;
    maxView = Math.max(maxView, report.maxView);
    for (const [type, count] of report.decidedItems)
      decidedItems.set(type, (decidedItems.get(type) ?? 0) + count);
    const reasons = brokenPromises(report);
    if (reasons.length > 0) failures.push({ seed, reasons, reproduction: reproduce(seed, limits) });
  }
  return { runs, failures, steps, messages, evidence, maxView, decidedItems };
}

function reproduce(seed: number, { minN, maxN, maxHeights }: CampaignLimits): string {
  return `bbft-sim campaign --from ${seed} --runs 1 --min-n ${minN} --max-n ${maxN} --heights ${maxHeights}`;
}
