/** What a caller may ask of a simulation: a wrong number must not give a result that looks right. */
import { MAX_VALIDATORS } from "../validator-set.ts";
import { isStrategyName } from "./adversary.ts";
import type { SimulationOptions } from "./simulation-options.ts";

/** @throws RangeError naming the option that cannot be */
export function checkSimulationOptions(options: SimulationOptions): void {
  const { n, m = 0, fanout = 0, heights = 1, latency, topology, powers } = options;
  const isWhole = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high;
  const demand = (isRight: boolean, what: string): void => {
    if (!isRight) throw new RangeError(what);
  };
  demand(isWhole(n, 1, MAX_VALIDATORS), `n is ${n}, not 1 to ${MAX_VALIDATORS} validators`);
  demand(isWhole(m, 0, n), `m is ${m}, not 0 to ${n} gateways`);
  demand(isWhole(fanout, 0, MAX_VALIDATORS), `fanout is ${fanout}, not 0 to ${MAX_VALIDATORS}`);
  demand(isWhole(heights, 1, Number.MAX_SAFE_INTEGER), `heights is ${heights}, not 1 or more`);
  demand((latency?.n ?? n) === n, `latency is of ${latency?.n} validators, not ${n}`);
  demand((topology?.n ?? n) === n, `topology is of ${topology?.n} validators, not ${n}`);
  demand((powers?.length ?? n) === n, `powers has ${powers?.length} values, not ${n}`);
  for (const [name, part] of [
    ["loss", options.loss],
    ["jitter", options.jitter],
  ] as const)
    demand(part === undefined || (part >= 0 && part <= 1), `${name} is ${part}, not 0 to 1`);
  const demandValidator = (node: number, where: string): void =>
    demand(isWhole(node, 0, n - 1), `${where} names validator ${node}, not 0 to ${n - 1}`);
  for (const [node, strategy] of options.byzantine ?? []) {
    demandValidator(node, "byzantine");
    const isKnown = typeof strategy === "function" || isStrategyName(strategy);
    demand(isKnown, `byzantine: there is no strategy ${String(strategy)}`);
  }
  for (const { node } of options.crashes ?? []) demandValidator(node, "crashes");
  for (const { groupA, groupB } of options.partitions ?? [])
    for (const node of [...groupA, ...groupB]) demandValidator(node, "partitions");
}
