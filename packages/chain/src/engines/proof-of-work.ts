import {
  type BlockHeader,
  nextBits,
  nextSeed,
  type ProofOfWorkSeal,
  SEED_BLOCKS,
  targetFromBits,
  workFromBits,
} from "@bystack/butxo";
import type { ConsensusEngine, HeaderCandidate } from "../engine.ts";
import { ancestorAt } from "../tree/ancestry.ts";
import type { BlockNode } from "../tree/block-node.ts";
import { checkParent, checkPlace, checkTimestamp, rejectHeader } from "./header-rules.ts";

/** A claim that a header's hash meets a target. */
export interface WorkClaim {
  /** Block hash, 32 bytes. */
  readonly headerHash: Uint8Array;
  /** The Tensority seed of the block's branch at its height, 32 bytes. */
  readonly seed: Uint8Array;
  readonly target: bigint;
}

/** What {@link proofOfWorkEngine} needs. */
export interface ProofOfWorkOptions {
  /**
   * Computes the hash and compares it with the target: `createTensorityPool(…).verify`, or a
   * function over `tensority` of `@bystack/tensority`.
   */
  readonly verifyWork: (claim: WorkClaim) => Promise<boolean>;
}

/**
 * The main chain's consensus: Tensority proof of work, retarget every 2,016 blocks. A branch wins
 * when it is higher than the tip and has at least as much work.
 *
 * @see spec 10-ledger, sections 8 and 10.2
 *
 * @example
 * const pool = createTensorityPool({ size: 2 });
 * const engine = proofOfWorkEngine({ verifyWork: (claim) => pool.verify(claim) });
 */
export function proofOfWorkEngine({ verifyWork }: ProofOfWorkOptions): ConsensusEngine {
  return {
    name: "pow-tensority",
    weight: (header) => workFromBits(sealOf(header).bits),
    prefers: (candidate, best) => candidate.height > best.height && candidate.weight >= best.weight,
    // More work can undo any block.
    irreversibleHeight: () => 0n,
    createSeal: (parent) => ({ type: "proof-of-work", nonce: 0n, bits: nextBitsOf(parent) }),
    verifyHeader(candidate, nowMs) {
      checkPlace(candidate);
      if (sealOf(candidate.header).bits !== nextBitsOf(candidate.parent))
        throw rejectHeader("block-bits-is-invalid", candidate);
      checkParent(candidate);
      checkTimestamp(candidate, nowMs);
    },
    async verifySeal(candidate) {
      if (await verifyWork(claimOf(candidate))) return;
      throw rejectHeader("invalid-difficulty-proof-of-work", candidate);
    },
  };
}

/** The difficulty bits that a child of `parent` must have. */
export function nextBitsOf(parent: BlockNode): bigint {
  const { bits } = sealOf(parent.header);
  const { height } = parent;
  return nextBits(
    { height, timestamp: parent.header.timestamp, bits },
    (at) => ancestorAt(parent, at).header.timestamp,
  );
}

/** The Tensority seed of a child of `parent`, 32 bytes. */
export function nextSeedOf(parent: BlockNode): Uint8Array {
  const { height, hash } = ancestorAt(parent, parent.height - (parent.height % SEED_BLOCKS));
  // Its child begins a seed period, so its own seed does not count.
  return nextSeed({ height, hash, seed: hash });
}

function claimOf({ header, hash, parent }: HeaderCandidate): WorkClaim {
  const target = targetFromBits(sealOf(header).bits);
  return { headerHash: hash, seed: nextSeedOf(parent), target };
}

function sealOf(header: BlockHeader): ProofOfWorkSeal {
  if (header.seal.type === "proof-of-work") return header.seal;
  throw new RangeError("the header is not of a proof-of-work chain");
}
