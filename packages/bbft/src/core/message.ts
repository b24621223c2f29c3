/**
 * The messages of the protocol.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import type { Certificate, CommitProof } from "../certificate.ts";
import type { Proposal } from "../proposal.ts";
import { type SignerSet, signersOf } from "../signer-set.ts";
import type { Position, VoteKind } from "../signing.ts";
import type { TimeoutCertificate } from "../timeout-certificate.ts";

/** First byte of a message on the wire. */
export const MESSAGE_TYPE = {
  proposal: 0x10,
  prepare: 0x11,
  commit: 0x12,
  timeout: 0x13,
  aggregate: 0x14,
  certificate: 0x15,
  "timeout-certificate": 0x16,
  attach: 0x17,
  "block-request": 0x18,
  "block-response": 0x19,
  "proof-request": 0x1a,
  "commit-proof": 0x1b,
  "votes-request": 0x1c,
  "votes-response": 0x1d,
  "latency-report": 0x20,
  evidence: 0x21,
  complaint: 0x22,
} as const;

/** One validator's PREPARE or COMMIT. */
export interface Vote extends Position {
  readonly kind: VoteKind;
  readonly valueId: Uint8Array;
  readonly signer: number;
  readonly signature: Uint8Array;
}

/** One validator gives up a view. */
export interface Timeout extends Position {
  /** View of the highest prepare certificate plus 1; 0 for none. */
  readonly qcViewPlus1: number;
  readonly signer: number;
  readonly signature: Uint8Array;
  /** The claimed certificate. */
  readonly highQc: Certificate | undefined;
}

/** A body that belongs to a value id. */
export interface Body {
  readonly appBlockId: Uint8Array;
  readonly engineData: Uint8Array;
  readonly appBlock: Uint8Array;
}

export type Message =
  | { readonly type: "proposal"; readonly proposal: Proposal }
  | { readonly type: "vote"; readonly vote: Vote }
  | { readonly type: "timeout"; readonly timeout: Timeout }
  | { readonly type: "aggregate"; readonly contribution: Certificate }
  | { readonly type: "certificate"; readonly certificate: Certificate }
  | { readonly type: "timeout-certificate"; readonly certificate: TimeoutCertificate }
  | { readonly type: "attach"; readonly height: bigint; readonly view: number }
  | { readonly type: "block-request"; readonly height: bigint; readonly valueId: Uint8Array }
  | { readonly type: "block-response"; readonly height: bigint; readonly body: Body }
  | { readonly type: "proof-request"; readonly height: bigint }
  | { readonly type: "commit-proof"; readonly proof: CommitProof }
  | {
      readonly type: "votes-request";
      readonly kind: VoteKind;
      readonly height: bigint;
      readonly view: number;
      readonly valueId: Uint8Array;
      readonly wanted: SignerSet;
    }
  | { readonly type: "votes-response"; readonly votes: readonly Vote[] }
  | { readonly type: "latency-report"; readonly report: Uint8Array }
  | { readonly type: "evidence"; readonly evidence: Uint8Array }
  | { readonly type: "complaint"; readonly complaint: Uint8Array };

/** Height that a message is about; undefined for evidence, reports and an empty answer. */
export function heightOf(message: Message): bigint | undefined {
  switch (message.type) {
    case "proposal":
      return message.proposal.height;
    case "vote":
      return message.vote.height;
    case "timeout":
      return message.timeout.height;
    case "aggregate":
      return message.contribution.height;
    case "certificate":
    case "timeout-certificate":
      return message.certificate.height;
    case "commit-proof":
      return message.proof.certificate.height;
    case "votes-response":
      return message.votes[0]?.height;
    case "latency-report":
    case "evidence":
    case "complaint":
      return undefined;
    default:
      return message.height;
  }
}

/** Signers of a request, at most those of the set. */
export function wantedSigners(wanted: SignerSet, n: number): number[] {
  return signersOf(wanted).filter((signer) => signer < n);
}
