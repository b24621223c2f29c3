import type { Block, BlockHeader, BytomNetwork } from "@bystack/butxo";
import type { ConsensusEngine } from "../engine.ts";
import type { BlockNode } from "../tree/block-node.ts";

/** The part of a test framework that the suite needs; `it` of vitest, mocha or node:test will do. */
export interface EngineHarness {
  it(title: string, body: () => Promise<void>): void;
}

/** The engine under test, and how its headers are sealed. */
export interface EngineFactory {
  readonly engine: ConsensusEngine;
  readonly params: BytomNetwork;
  readonly genesis: Block;
  /** The header with a seal that `verifySeal` accepts; only the seal may change. */
  seal(header: BlockHeader, parent: BlockNode): Promise<BlockHeader>;
  /** The header with a seal that `verifySeal` refuses; left out when there is none, as for `solo`. */
  breakSeal?(header: BlockHeader, parent: BlockNode): Promise<BlockHeader>;
}
