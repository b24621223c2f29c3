/** The latency report of a simulated validator, at the height drawn for it. */
import { encodeLatencyReport, latencyBytes, reportHeight } from "../core/latency-report.ts";
import { epochOf } from "../validator-set.ts";
import type { World } from "./world.ts";

/**
 * @param measure what it measured to another validator, units of 100 microseconds
 * @returns undefined where this height is not the one, or the validator is not in the set
 */
export function ownReport(
  world: World,
  index: number,
  height: bigint,
  measure: (target: number) => number,
): Uint8Array | undefined {
  const { chainId, idKeys, idSecrets, identity, context } = world;
  const { epochLength } = context.parameters;
  const epoch = epochOf(height, epochLength);
  const members = world.setOf(epoch).validators;
  const isDue =
    index < members.length && height === reportHeight(chainId, epoch, index, epochLength);
  if (!isDue) return undefined;
  const entries = members.flatMap(({ idKey }, target) =>
    target === index ? [] : [{ idKey, value: measure(target) }],
  );
  const report = { epoch, idKey: idKeys[index] ?? new Uint8Array(32), entries };
  const secret = idSecrets[index] ?? new Uint8Array(32);
  const signature = identity.sign(secret, latencyBytes(chainId, report));
  return encodeLatencyReport({ ...report, signature });
}
