/** What the parts of a core need from it. */
import type { CommitProof } from "../certificate.ts";
import type { EpochContext } from "./epoch-context.ts";
import type { Check, Effect, Stage } from "./events.ts";
import type { Evidence } from "./evidence.ts";
import type { HeightInstance } from "./height/height.ts";
import type { Message } from "./message.ts";
import type { DecodeContext } from "./message-codec.ts";

/** The last block that was applied. */
export interface ChainTip {
  readonly appBlockId: Uint8Array;
  /** Undefined for the genesis block. */
  readonly proof: CommitProof | undefined;
}

export interface CoreHost {
  readonly chainId: Uint8Array;
  /** The height being decided. */
  readonly current: HeightInstance;
  /** The height before it, whose last votes are still exchanged. */
  readonly previous: HeightInstance | undefined;
  /** Context of the height being decided. */
  readonly context: EpochContext;
  /** Context of the current epoch or the one before. */
  contextOf(epoch: bigint): EpochContext | undefined;
  /** See the option of this name. */
  readonly remembersOffenses: boolean;
  /** Asks the application for the validators of an epoch before the last two. */
  recallEpoch(epoch: bigint, then: (context: DecodeContext) => void): void;
  /** Asks the application whether a committed block has this offense. */
  recallOffense(offense: Uint8Array, then: (isKnown: boolean) => void): void;
  readonly tip: ChainTip;
  /** Does the application apply a decided block just now? */
  readonly isCommitting: boolean;
  /** Own index in the set of the current epoch; -1 for an observer. */
  readonly index: number;
  /** Own index in the set of an epoch; -1 for an observer. */
  indexIn(context: EpochContext): number;
  emit(effect: Effect): void;
  /** Sends a message and counts it for a height. */
  send(to: readonly number[], message: Message, stage: Stage, height: bigint): void;
  /** Signs with the identity key; nothing that the protocol orders by view and step. */
  signIdentity(bytes: Uint8Array, then: (signature: Uint8Array) => void): void;
  /** Takes in evidence that this node found. */
  report(evidence: Evidence): void;
  verify(check: Check, then: (invalid: readonly number[]) => void): void;
}
