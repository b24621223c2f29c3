/**
 * The chain's own synchronization, beside the consensus: it brings decided blocks to validators
 * that are behind, and to those that are outside of the set.
 */
import { epochOf } from "../validator-set.ts";
import type { SimNode } from "./sim-node.ts";
import type { World } from "./world.ts";

/** Fetching one block. */
const SYNC_US = 200_000;

export class ChainSync {
  readonly #nodes: readonly SimNode[];
  readonly #world: World;
  readonly #schedule: (delayUs: number, action: () => void) => void;

  constructor(
    nodes: readonly SimNode[],
    world: World,
    schedule: (delayUs: number, action: () => void) => void,
  ) {
    this.#nodes = nodes;
    this.#world = world;
    this.#schedule = schedule;
  }

  /** Those outside of the set of a height hear of its decision and fetch it. */
  tellObservers(height: bigint): void {
    const { epochLength } = this.#world.context.parameters;
    const { validators } = this.#world.setOf(epochOf(height, epochLength));
    for (const observer of this.#nodes.slice(validators.length))
      this.#schedule(SYNC_US, () => this.catchUp(observer));
  }

  /** Blocks from whoever has them, a round trip each. */
  catchUp(node: SimNode): void {
    const { height } = node.core;
    const source = this.#nodes.find(
      ({ isByzantine, isUp, application }) =>
        !isByzantine && isUp && application.decisionAt(height) !== undefined,
    );
    const decision = source?.application.decisionAt(height);
    if (decision === undefined || !node.isUp) return;
    const { proof, body } = decision;
    this.#schedule(SYNC_US, () => {
      node.step({ type: "synchronized", proof, body });
      if (node.core.height > height) this.catchUp(node);
    });
  }
}
