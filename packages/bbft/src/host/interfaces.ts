/**
 * The five things that a node needs, each replaceable: verification, communication, keys, time and
 * durability may live in other processes or on other machines.
 *
 * @see spec 90-bbft, section 16 "Library interfaces"
 */
import type { CommitProof } from "../certificate.ts";
import type { NextEpoch } from "../core/epochs.ts";
import type { Check, Decision, SignRequest } from "../core/events.ts";
import type { Offense } from "../core/offense.ts";
import type { ValidatorSet } from "../validator-set.ts";

export interface BlockContext {
  readonly height: bigint;
  readonly view: number;
  readonly lastAppBlockId: Uint8Array;
}

export interface Block {
  /** 32 bytes; must be a function of the bytes. */
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

/** Where the application stands. */
export interface ApplicationState {
  /** Height of the last durable commit; 0 before the first. */
  readonly height: bigint;
  /** Id of that block; the genesis block's at height 0. */
  readonly appBlockId: Uint8Array;
  /** Undefined at height 0. */
  readonly proof: CommitProof | undefined;
}

/** The verification module. */
export interface Application {
  /** The id of a block's bytes. Pure and synchronous, because every received body is checked. */
  identify(bytes: Uint8Array): Uint8Array;
  state(): Promise<ApplicationState>;
  validators(epoch: bigint): Promise<ValidatorSet>;
  /**
   * Makes a block. In the last one of an epoch it may say which validators and which parameters the
   * next epoch has; elsewhere what it says about them is not looked at.
   */
  prepare(
    context: BlockContext & { readonly maxBytes: number; readonly nowMs: number },
  ): Promise<Block & NextEpoch>;
  /**
   * Judges a block. Its answer about the next epoch must be the same on every node: a block whose
   * leader announced another set or other parameters is refused.
   *
   * @param isReproposed a prepare certificate exists: rules about the clock must not be applied
   */
  validate(
    context: BlockContext,
    block: Block,
    isReproposed: boolean,
  ): Promise<{ readonly isAccepted: boolean } & NextEpoch>;
  /**
   * Makes a block durable. Idempotent by height.
   *
   * @param offenses what the evidence in the block proves, each for the first time: what a penalty
   *   must follow from, as it is the same on every node
   */
  commit(
    decision: Decision,
    offenses: readonly Offense[],
  ): Promise<{ readonly nextValidators?: ValidatorSet | undefined }>;
  /**
   * A committed height, for others that ask; all of this epoch and the one before. A node without
   * its log needs all since the chain began, to find the parameters and the forest in force.
   */
  load(height: bigint): Promise<Decision | undefined>;
  /** This node found or heard of evidence; it is on its way into a block. */
  onEvidence(evidence: Uint8Array, validator: number): void;
  /**
   * A leader signed for a block that this application, or the engine, refused. Whether that can be
   * proven to others only the application knows; the engine gives up the view, and no more.
   *
   * @param proposal the message, with its block and the leader's signature, see `decodeMessage`
   * @param leader index in the set of the proposal's epoch
   */
  onInvalidProposal?(proposal: Uint8Array, leader: number): void;
  /**
   * Is this offense in a committed block? Asked about epochs before the last two, whose validators
   * are asked for as well. With this method evidence counts for `evidenceMaxAge` heights, without it
   * in its own epoch and the next one. Either all applications of a chain have it or none.
   *
   * @param offense its name, see `offenseId`
   */
  hasOffense?(offense: Uint8Array): Promise<boolean>;
  /**
   * Blocks from `height` on by the application's own synchronization, when far behind. It may end or
   * throw at any time; it is called again while others are further ahead.
   */
  synchronize?(height: bigint): AsyncIterable<Decision>;
}

/** How much a message can wait. */
export type MessageClass = "proposal" | "vote" | "cert" | "repair";

/** The communication module: best effort, bytes between identity keys. */
export interface Transport {
  /** Are peers authenticated and their messages protected? Then most need no signature. */
  readonly isAuthenticated: boolean;
  /** @param to identity key, 32 bytes */
  send(to: Uint8Array, bytes: Uint8Array, messageClass: MessageClass): void;
  /** One callback; `from` is the identity key that the peer proved. */
  onMessage(callback: (from: Uint8Array, bytes: Uint8Array) => void): void;
  /**
   * One callback, told when what is sent to a peer begins to arrive: what was sent before is lost.
   * Without it a node that returns waits for the next retransmission.
   */
  onConnect?(callback: (peer: Uint8Array) => void): void;
  /** Measured round trip in microseconds. */
  rtt(to: Uint8Array): number | undefined;
  close(): Promise<void>;
}

/** The keys. A remote signer keeps its own record of what it signed. */
export interface Signer {
  /** Signs a vote with the vote key, a proposal with the identity key. */
  sign(request: SignRequest): Promise<Uint8Array>;
  /** Signs with the identity key: envelopes. */
  identitySign(bytes: Uint8Array): Promise<Uint8Array>;
}

export type TimerId = unknown;

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  setTimer(ms: number, callback: () => void): TimerId;
  clear(timer: TimerId): void;
}

/** A record of the write-ahead log. */
export interface WalEntry {
  readonly type: number;
  readonly payload: Uint8Array;
}

/** The write-ahead log. */
export interface Wal {
  /** With `sync` it resolves when this entry and all before it are flushed; else an entry may wait. */
  append(entry: WalEntry, sync: boolean): Promise<void>;
  /** All entries up to the first damaged one, which is cut off with everything behind it. */
  replay(): AsyncIterable<WalEntry>;
  /** Replaces everything by these entries, atomically and flushed. */
  truncate(entries: readonly WalEntry[]): Promise<void>;
  close(): Promise<void>;
}

/** Carries out signature checks; in this thread when left out. */
export interface Verifier {
  verify(check: Check): Promise<readonly number[]>;
}
