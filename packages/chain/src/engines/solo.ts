import type { ConsensusEngine } from "../engine.ts";
import { checkParent, checkPlace, checkTimestamp } from "./header-rules.ts";

/**
 * Blocks that need no work: for tests and development chains with one producer. The longest branch
 * wins, the first of equals stays. No block but the first is final, so that reorganizations can be
 * rehearsed.
 *
 * @see spec 90-bbft, section 17, engine `solo`
 *
 * @example
 * const chain = await openChain({ params: bytomSolonet, engine: soloEngine(), storage, clock: Date });
 */
export function soloEngine(): ConsensusEngine {
  return {
    name: "solo",
    weight: () => 1n,
    prefers: (candidate, best) => candidate.height > best.height,
    irreversibleHeight: () => 0n,
    createSeal: ({ header }) => header.seal,
    verifyHeader(candidate, nowMs) {
      checkPlace(candidate);
      checkParent(candidate);
      checkTimestamp(candidate, nowMs);
    },
    async verifySeal() {},
  };
}
