/** What one height needs from the core around it. */
import type { CommitProof } from "../../certificate.ts";
import type { EpochContext } from "../epoch-context.ts";
import type { NextEpoch } from "../epochs.ts";
import type { Check, Effect, SignRequest, Stage, WalRecord } from "../events.ts";
import type { Evidence } from "../evidence.ts";
import type { Body, Message } from "../message.ts";
import type { VotingRules } from "../voting-rules.ts";
import type { Value } from "./value-book.ts";

/** What a height needs from its surroundings. */
export interface HeightHost {
  readonly chainId: Uint8Array;
  readonly index: number;
  readonly context: EpochContext;
  readonly height: bigint;
  readonly lastAppBlockId: Uint8Array;
  /** Validators that sent an invalid vote in this epoch. */
  readonly banned: Set<number>;
  readonly rules: VotingRules;
  /** Must this node not sign anything? */
  isSilent(): boolean;
  emit(effect: Effect): void;
  send(to: readonly number[], message: Message, stage: Stage): void;
  countLoopback(copy: 0 | 1 | 2): void;
  verify(check: Check, then: (invalid: readonly number[]) => void): void;
  sign(request: SignRequest, then: (signature: Uint8Array) => void): void;
  persist(record: WalRecord, sync: boolean): void;
  identify(appBlock: Uint8Array): Uint8Array;
  /** The engine's own data for a block of this height. */
  makeEngineData(next: NextEpoch): Uint8Array;
  /** Checks engine data; calls back with the verdict, at once or later. */
  checkEngineData(engineData: Uint8Array, then: (isValid: boolean) => void): void;
  /** Are the announced next set and parameters those that the application computed? */
  isNextEpochRight(engineData: Uint8Array, next: NextEpoch): boolean;
  report(evidence: Evidence): void;
  /** Complains, once an epoch, about a gateway that left its members alone. */
  complain(gateway: number): void;
  /** A member of another gateway attached for something that it should have had. */
  recordAttach(gateway: number, member: number): void;
  /** @param isLive by votes or a certificate of that time, not by a proof fetched later */
  onDecided(proof: CommitProof, value: Value, body: Body, isLive: boolean): void;
}
