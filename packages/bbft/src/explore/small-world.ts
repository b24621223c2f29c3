/** The smallest network that tolerates a Byzantine validator. */
import { DEFAULT_PARAMETERS } from "../parameters.ts";
import { createFakeScheme } from "../scheme/fake.ts";
import { measuredDistances, uniformLatency } from "../sim/latency.ts";
import { createWorld, type World } from "../sim/world.ts";
import { VALIDATORS } from "./model.ts";

/** Keys and the common context of four validators under one gateway. */
export function createSmallWorld(gateways: number, quorumPower: number | undefined): World {
  const latency = uniformLatency(VALIDATORS, 1000);
  const world = createWorld({
    n: VALIDATORS,
    scheme: createFakeScheme(),
    parameters: { ...DEFAULT_PARAMETERS, m: gateways },
    distances: measuredDistances(latency),
  });
  if (quorumPower === undefined) return world;
  const electorate = { ...world.context.electorate, quorumPower };
  return { ...world, context: { ...world.context, electorate } };
}
