/**
 * What goes into the core and what comes out. The core never waits: everything that takes time is
 * an effect, and its outcome is an event.
 *
 * @see spec 90-bbft, section 16 "Library interfaces"
 */
import type { Certificate, CommitProof } from "../certificate.ts";
import type { BbftError } from "../error.ts";
import type { Proposal } from "../proposal.ts";
import type { SignKind } from "../signing.ts";
import type { TimeoutCertificate } from "../timeout-certificate.ts";
import type { NextEpoch } from "./epochs.ts";
import type { Body, Message } from "./message.ts";
import type { DecodeContext } from "./message-codec.ts";
import type { Offense } from "./offense.ts";

/** What a message is for; the counters of a phase are kept by it. */
export type Stage = "distribute" | "vote" | "exchange" | "finalize-a" | "finalize" | "recovery";

/** A request to check signatures. */
export type Check =
  | {
      /** Votes of one message; the verdict names the positions of the invalid ones. */
      readonly type: "parts";
      readonly epoch: bigint;
      readonly message: Uint8Array;
      readonly parts: readonly {
        readonly signers: readonly number[];
        readonly signature: Uint8Array;
      }[];
    }
  | { readonly type: "certificate"; readonly certificate: Certificate }
  /** Valid when the signature of a contribution is not: what proves a false aggregate. */
  | { readonly type: "false-contribution"; readonly contribution: Certificate }
  | { readonly type: "timeout-certificate"; readonly certificate: TimeoutCertificate }
  | {
      readonly type: "identity";
      readonly epoch: bigint;
      readonly validator: number;
      readonly message: Uint8Array;
      readonly signature: Uint8Array;
    }
  /** Position i is invalid when check i is not wholly valid. */
  | { readonly type: "all"; readonly checks: readonly Check[] };

/** Order of signatures within a view; each is given at most once, in this order. */
export const SIGN_STEP = { PROPOSE: 1, PREPARE: 2, COMMIT: 3, TIMEOUT: 4 } as const;

export type SignStep = (typeof SIGN_STEP)[keyof typeof SIGN_STEP];

export interface SignRequest {
  /** Proposals are signed with the identity key, the rest with the vote key. */
  readonly kind: SignKind;
  readonly height: bigint;
  readonly view: number;
  readonly step: SignStep;
  readonly bytes: Uint8Array;
}

/** The last thing signed; nothing lower is ever signed again. */
export interface SignState extends Omit<SignRequest, "kind"> {
  readonly kind: SignKind;
  readonly signature: Uint8Array;
}

/** A decided height. */
export interface Decision {
  readonly height: bigint;
  readonly view: number;
  readonly proof: CommitProof;
  readonly body: Body;
}

/** What is written ahead. */
export type WalRecord =
  /** A verified message of the own height that must survive: proposal, certificates. */
  | { readonly type: "message"; readonly message: Message }
  | { readonly type: "sign-state"; readonly state: SignState; readonly message: Message }
  | { readonly type: "decided"; readonly height: bigint; readonly proof: CommitProof }
  | { readonly type: "end-height"; readonly height: bigint; readonly proof: CommitProof }
  /** From here on the log holds everything that this validator signed. */
  | { readonly type: "complete" };

export type Event =
  | { readonly type: "start" }
  | {
      readonly type: "message";
      readonly from: number;
      readonly message: Message;
      /** The signed envelope of a contribution: proof, should it turn out to be false. */
      readonly envelope?: Uint8Array | undefined;
    }
  | { readonly type: "timer"; readonly key: string }
  /** A peer can be reached again; what was sent to it before may be lost. */
  | { readonly type: "connected"; readonly peer: number }
  | { readonly type: "verified"; readonly id: number; readonly invalid: readonly number[] }
  | { readonly type: "signed"; readonly id: number; readonly signature: Uint8Array }
  /** A block was made, for a `prepare` effect. */
  | ({
      readonly type: "prepared";
      readonly height: bigint;
      readonly view: number;
      readonly appBlockId: Uint8Array;
      readonly appBlock: Uint8Array;
    } & NextEpoch)
  /** A block was judged, for a `validate` effect. */
  | ({
      readonly type: "validated";
      readonly height: bigint;
      readonly valueId: Uint8Array;
      readonly isAccepted: boolean;
    } & NextEpoch)
  /** A block is durable in the application. */
  | {
      readonly type: "committed";
      readonly height: bigint;
      readonly nextValidators?: NextEpoch["nextValidators"];
    }
  /** A decided block came by the chain's own synchronization. */
  | { readonly type: "synchronized"; readonly proof: CommitProof; readonly body: Body }
  /** What a `load` effect asked for. */
  | {
      readonly type: "loaded";
      readonly to: number;
      readonly what: "proof" | "body";
      readonly decision: Decision;
    }
  /** Who voted in an epoch, for a `recall-epoch` effect. */
  | ({ readonly type: "epoch-recalled"; readonly id: number } & DecodeContext)
  /** Was the offense of a `recall-offense` effect in a committed block? */
  | { readonly type: "offense-recalled"; readonly id: number; readonly isKnown: boolean }
  /** Somebody outside of the network found evidence: a light client that was shown a fork, say. */
  | { readonly type: "evidence"; readonly evidence: Uint8Array }
  /** The own signed latency report of this epoch, encoded. */
  | { readonly type: "latency"; readonly report: Uint8Array }
  /** The application has transactions: the block interval need not be waited for. */
  | { readonly type: "ready" };

export type Effect =
  | {
      readonly type: "send";
      readonly to: readonly number[];
      readonly message: Message;
      readonly stage: Stage;
    }
  /** Effects after this one must wait until the record is flushed, where `sync` is set. */
  | { readonly type: "persist"; readonly record: WalRecord; readonly sync: boolean }
  | { readonly type: "sign"; readonly id: number; readonly request: SignRequest }
  /** Signs with the identity key what has no place in the order of views; answer: `signed`. */
  | { readonly type: "sign-identity"; readonly id: number; readonly bytes: Uint8Array }
  | { readonly type: "verify"; readonly id: number; readonly check: Check }
  /** A timer of the same key is replaced. */
  | { readonly type: "set-timer"; readonly key: string; readonly ms: number }
  | { readonly type: "clear-timer"; readonly key: string }
  | {
      readonly type: "prepare";
      readonly height: bigint;
      readonly view: number;
      readonly lastAppBlockId: Uint8Array;
      readonly maxBytes: number;
    }
  | {
      readonly type: "validate";
      readonly height: bigint;
      readonly view: number;
      readonly valueId: Uint8Array;
      readonly lastAppBlockId: Uint8Array;
      readonly body: Body;
      /** A prepare certificate exists: rules about the clock must not be applied again. */
      readonly isReproposed: boolean;
    }
  | {
      readonly type: "commit";
      readonly decision: Decision;
      /** What its evidence proves, each for the first time. */
      readonly offenses: readonly Offense[];
    }
  | { readonly type: "evidence"; readonly evidence: Uint8Array; readonly validator: number }
  /** A leader signed for a block that was refused here. */
  | { readonly type: "invalid-proposal"; readonly proposal: Proposal }
  /** A peer asks for one of the last 16 heights that this core does not remember. */
  | {
      readonly type: "load";
      readonly to: number;
      readonly height: bigint;
      readonly what: "proof" | "body";
    }
  /** Asks for the validators of an epoch before the last two, and for their signature scheme. */
  | { readonly type: "recall-epoch"; readonly id: number; readonly epoch: bigint }
  /** Asks whether a committed block has an offense of such an epoch; its name, see `offenseId`. */
  | { readonly type: "recall-offense"; readonly id: number; readonly offense: Uint8Array }
  /** A peer broke a rule without leaving transferable proof. */
  | { readonly type: "blame"; readonly validator: number; readonly reason: BbftError["code"] }
  /** More than two heights behind: the host should fetch blocks. */
  | { readonly type: "behind"; readonly height: bigint; readonly seen: bigint }
  | { readonly type: "view"; readonly height: bigint; readonly view: number }
  /** The node must stop. */
  | { readonly type: "fatal"; readonly error: BbftError };
