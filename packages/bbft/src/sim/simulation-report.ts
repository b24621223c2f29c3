/** What is known of a simulated network afterwards. */
import type { MessageCounts } from "../core/counters.ts";
import type { Stage } from "../core/events.ts";
import type { Message } from "../core/message.ts";
import type { Topology } from "../topology/topology.ts";

export interface NodeDecision {
  readonly node: number;
  readonly height: bigint;
  readonly view: number;
  readonly valueId: string;
  readonly timeUs: number;
}

export interface TracedMessage {
  readonly sentUs: number;
  readonly arrivesUs: number;
  readonly from: number;
  readonly to: number;
  readonly type: Message["type"];
  readonly stage: Stage;
  /** 1 PREPARE, 2 COMMIT; 0 for messages that are no votes or certificates. */
  readonly kind: number;
  readonly height: bigint;
}

export interface SimulationReport {
  readonly seed: number;
  readonly n: number;
  readonly m: number;
  readonly honest: readonly number[];
  /** Of honest validators, in order of time. */
  readonly decisions: readonly NodeDecision[];
  /** Did every honest validator decide every height? */
  readonly isComplete: boolean;
  /** Broken promises: empty unless the protocol is broken or too many validators are Byzantine. */
  readonly violations: readonly string[];
  /** Messages that honest validators sent, by height. */
  readonly counts: ReadonlyMap<bigint, MessageCounts>;
  /** Without what is sent because of failures, by height. */
  readonly decisionMessages: ReadonlyMap<bigint, number>;
  /** When the first proposal of each height left its leader. */
  readonly proposedUs: ReadonlyMap<bigint, number>;
  readonly bytes: number;
  readonly messages: number;
  readonly maxView: number;
  /** Validators that somebody has proof against, ascending. */
  readonly provenFaulty: readonly number[];
  readonly evidence: number;
  /** Items of engine data in decided blocks, by type. */
  readonly decidedItems: ReadonlyMap<number, number>;
  /** Forests by epoch, as the parents of each validator. */
  readonly forests: ReadonlyMap<bigint, readonly number[]>;
  /** Types of the evidence found, ascending, without repetition. */
  readonly evidenceTypes: readonly number[];
  readonly endUs: number;
  readonly steps: number;
  readonly topology: Topology;
  readonly trace: readonly TracedMessage[];
}
