/** Who fails in a run, and how. */
import { Random, type SimulationOptions, type StrategyName } from "../sim/index.ts";
import type { Topology } from "../topology/topology.ts";
import type { Who } from "./arguments.ts";

export interface FaultOptions {
  readonly seed: number;
  readonly strategy?: StrategyName;
  /** How many are drawn. */
  readonly faulty: number;
  /** Which ones instead. */
  readonly who?: Who;
  readonly crash: number;
}

/** When crashes happen, and how long they last, milliseconds. */
const CRASH = { within: 1500, atLeast: 200, atMost: 1500 };

/**
 * Who is Byzantine.
 *
 * @throws RangeError
 */
export function byzantineOf(
  options: FaultOptions,
  { gateways, parent }: Topology,
): readonly number[] {
  const { faulty, seed, strategy } = options;
  const n = parent.length;
  const everybody = Array.from({ length: n }, (_, i) => i);
  const chosen = ((): readonly number[] => {
    switch (options.who) {
      case undefined:
        return new Random(seed ^ 0xbad).sample(everybody, Math.min(n, faulty));
      case "leader":
        return gateways.slice(0, 1);
      case "gateways":
        return gateways;
      default:
        return options.who;
    }
  })();
  const unknown = chosen.find((one) => one >= n);
  if (unknown !== undefined)
    throw new RangeError(`--who: there is no validator ${unknown}; give 0 to ${n - 1}`);
  if (chosen.length >= n) {
    const given = options.who === undefined ? `--faulty ${faulty}` : `--who ${options.who}`;
    throw new RangeError(`${given} leaves nobody honest; at most ${n - 1} of ${n} may be faulty`);
  }
  if (strategy !== undefined && chosen.length === 0)
    throw new RangeError(`--strategy ${strategy} of nobody; add --who leader or --faulty 1`);
  return chosen;
}

/** Two halves that do not hear each other from the start on. */
export function partitionOf(n: number, ms: number): SimulationOptions["partitions"] {
  if (ms === 0) return [];
  const everybody = Array.from({ length: n }, (_, i) => i);
  const [groupA, groupB] = [everybody.slice(0, n >> 1), everybody.slice(n >> 1)];
  return [{ fromUs: 0, toUs: ms * 1000, groupA, groupB }];
}

/** Honest validators that crash once each, drawn by the seed. */
export function crashesOf(
  n: number,
  { crash, seed }: FaultOptions,
  byzantine: readonly number[],
): SimulationOptions["crashes"] {
  const honest = Array.from({ length: n }, (_, i) => i).filter((one) => !byzantine.includes(one));
  if (crash > honest.length)
    throw new RangeError(`--crash ${crash} of ${honest.length} honest validators; give fewer`);
  const random = new Random(seed ^ 0xdead);
  return random.sample(honest, crash).map((node) => ({
    node,
    atUs: random.integer(0, CRASH.within) * 1000,
    forUs: random.integer(CRASH.atLeast, CRASH.atMost) * 1000,
  }));
}
