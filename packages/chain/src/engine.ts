import type { BlockHeader, Seal } from "@bystack/butxo";
import type { BlockNode } from "./tree/block-node.ts";

/** A header that is to follow `parent`. */
export interface HeaderCandidate {
  readonly header: BlockHeader;
  readonly hash: Uint8Array;
  readonly parent: BlockNode;
}

/**
 * The rules by which a chain agrees on its next block: what a header must look like, what seals it,
 * and which of two branches wins. Everything else (transactions, unspent outputs, storage) is the
 * chain's and the same for every engine.
 *
 * Engines keep no state of the chain: what they need is in the nodes.
 *
 * @see spec 90-bbft, section 17 "Engine interface of the node"
 */
export interface ConsensusEngine {
  /** For logs and status: `pow-tensority`, `solo`, … */
  readonly name: string;

  /** What a header adds to its branch's weight. */
  weight(header: BlockHeader): bigint;

  /**
   * The rules that cost little, in the order of the specification.
   *
   * @param nowMs the chain's clock, milliseconds since 1970
   * @throws ChainError
   */
  verifyHeader(candidate: HeaderCandidate, nowMs: number): void;

  /**
   * The rule that costs much: proof of work, signatures. May run before `verifyHeader` and for
   * many headers at once; must give the same verdict whatever the order.
   *
   * @throws ChainError (as a rejection)
   */
  verifySeal(candidate: HeaderCandidate): Promise<void>;

  /** The seal of a child of `parent` that nobody has sealed yet: what a block template starts with. */
  createSeal(parent: BlockNode): Seal;

  /** Does `candidate`, which is not a child of `best`, become the new tip? */
  prefers(candidate: BlockNode, best: BlockNode): boolean;

  /**
   * Up to which height the branch that ends in `tip` is final: whatever `prefers` says, a chain never
   * leaves a block at that height or below. Never less for a child than for its parent, never above
   * `tip`; 0n where only the genesis block is final.
   */
  irreversibleHeight(tip: BlockNode): bigint;
}
