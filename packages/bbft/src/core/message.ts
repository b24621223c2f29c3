/**
 * The messages of the protocol and their payloads.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import { blob, concat, empty, Reader, u8, u16, u32, u64 } from "../bytes.ts";
import {
  type Certificate,
  type CommitProof,
  decodeCertificate,
  decodeCommitProof,
  encodeCertificate,
  encodeCommitProof,
} from "../certificate.ts";
import { BbftError } from "../error.ts";
import {
  decodeProposal,
  encodeProposal,
  MAX_BLOCK_PAYLOAD,
  MAX_ENGINE_DATA,
  MAX_PAYLOAD,
  type Proposal,
} from "../proposal.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { bitmapLength, type SignerSet, signersOf } from "../signer-set.ts";
import { COMMIT, type Position, PREPARE, type VoteKind } from "../signing.ts";
import {
  decodeTimeoutCertificate,
  encodeTimeoutCertificate,
  type TimeoutCertificate,
} from "../timeout-certificate.ts";
import type { Electorate } from "../validator-set.ts";

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

/** What decoding needs: certificates are read against the set of their epoch. */
export interface DecodeContext {
  readonly electorate: Electorate;
  readonly scheme: SignatureScheme;
}

function encodeVote({ epoch, height, view, valueId, signer, signature }: Vote): Uint8Array {
  return concat(u64(epoch), u64(height), u32(view), valueId, u16(signer), signature);
}

function readVote(reader: Reader, kind: VoteKind, { scheme, electorate }: DecodeContext): Vote {
  const vote = {
    kind,
    epoch: reader.u64(),
    height: reader.u64(),
    view: reader.u32(),
    valueId: reader.take(32),
    signer: reader.u16(),
    signature: reader.take(scheme.signatureLength),
  };
  checkSigner(vote.signer, electorate);
  return vote;
}

function encodeTimeout(timeout: Timeout): Uint8Array {
  const { epoch, height, view, qcViewPlus1, signer, signature, highQc } = timeout;
  return concat(
    u64(epoch),
    u64(height),
    u32(view),
    u32(qcViewPlus1),
    u16(signer),
    signature,
    u8(highQc === undefined ? 0 : 1),
    highQc === undefined ? empty() : encodeCertificate(highQc),
  );
}

function readTimeout(reader: Reader, context: DecodeContext): Timeout {
  const partial = {
    epoch: reader.u64(),
    height: reader.u64(),
    view: reader.u32(),
    qcViewPlus1: reader.u32(),
    signer: reader.u16(),
    signature: reader.take(context.scheme.signatureLength),
  };
  checkSigner(partial.signer, context.electorate);
  const hasQc = reader.u8();
  if (hasQc > 1) throw new BbftError("kind", { found: hasQc });
  const highQc =
    hasQc === 0 ? undefined : decodeCertificate(reader.rest(), context.electorate, context.scheme);
  return { ...partial, highQc };
}

function checkSigner(signer: number, { n }: Electorate): void {
  if (signer >= n) throw new BbftError("valset", { validator: signer });
}

function checkVoteKind(kind: number): VoteKind {
  if (kind !== PREPARE && kind !== COMMIT) throw new BbftError("kind", { found: kind });
  return kind;
}

/** Type byte and payload of a message. */
export function encodeMessage(message: Message): Uint8Array {
  switch (message.type) {
    case "proposal":
      return concat(u8(MESSAGE_TYPE.proposal), encodeProposal(message.proposal));
    case "vote": {
      const type = message.vote.kind === PREPARE ? MESSAGE_TYPE.prepare : MESSAGE_TYPE.commit;
      return concat(u8(type), encodeVote(message.vote));
    }
    case "timeout":
      return concat(u8(MESSAGE_TYPE.timeout), encodeTimeout(message.timeout));
    case "aggregate":
      return concat(u8(MESSAGE_TYPE.aggregate), encodeCertificate(message.contribution));
    case "certificate":
      return concat(u8(MESSAGE_TYPE.certificate), encodeCertificate(message.certificate));
    case "timeout-certificate": {
      const encoded = encodeTimeoutCertificate(message.certificate);
      return concat(u8(MESSAGE_TYPE["timeout-certificate"]), encoded);
    }
    case "attach":
      return concat(u8(MESSAGE_TYPE.attach), u64(message.height), u32(message.view));
    case "block-request":
      return concat(u8(MESSAGE_TYPE["block-request"]), u64(message.height), message.valueId);
    case "block-response": {
      const { appBlockId, engineData, appBlock } = message.body;
      return concat(
        u8(MESSAGE_TYPE["block-response"]),
        u64(message.height),
        appBlockId,
        blob(engineData),
        blob(appBlock),
      );
    }
    case "proof-request":
      return concat(u8(MESSAGE_TYPE["proof-request"]), u64(message.height));
    case "commit-proof":
      return concat(u8(MESSAGE_TYPE["commit-proof"]), encodeCommitProof(message.proof));
    case "votes-request":
      return concat(
        u8(MESSAGE_TYPE["votes-request"]),
        u8(message.kind),
        u64(message.height),
        u32(message.view),
        message.valueId,
        message.wanted,
      );
    case "votes-response":
      return concat(
        u8(MESSAGE_TYPE["votes-response"]),
        u16(message.votes.length),
        ...message.votes.flatMap((vote) => [u8(vote.kind), encodeVote(vote)]),
      );
    case "latency-report":
      return concat(u8(MESSAGE_TYPE["latency-report"]), message.report);
    case "evidence":
      return concat(u8(MESSAGE_TYPE.evidence), message.evidence);
    case "complaint":
      return concat(u8(MESSAGE_TYPE.complaint), message.complaint);
    default:
      return message satisfies never;
  }
}

/**
 * Reads a message. Signatures are not checked here.
 *
 * @throws {@link BbftError} `length` | `kind` | `limit` | `scheme` | `valset` | `bitmap` and, for
 *   timeout certificates, `tc-groups` | `quorum` | `tc-qc`
 */
export function decodeMessage(bytes: Uint8Array, context: DecodeContext): Message {
  const reader = new Reader(bytes);
  const type = reader.u8();
  const isLarge = type === MESSAGE_TYPE.proposal || type === MESSAGE_TYPE["block-response"];
  const limit = 1 + (isLarge ? MAX_BLOCK_PAYLOAD : MAX_PAYLOAD);
  if (bytes.length > limit) throw new BbftError("limit", { found: bytes.length, expected: limit });
  const message = readPayload(type, reader, context);
  reader.finish();
  return message;
}

function readPayload(type: number, reader: Reader, context: DecodeContext): Message {
  const { electorate, scheme } = context;
  switch (type) {
    case MESSAGE_TYPE.proposal:
      return { type: "proposal", proposal: decodeProposal(reader.rest()) };
    case MESSAGE_TYPE.prepare:
      return { type: "vote", vote: readVote(reader, PREPARE, context) };
    case MESSAGE_TYPE.commit:
      return { type: "vote", vote: readVote(reader, COMMIT, context) };
    case MESSAGE_TYPE.timeout:
      return { type: "timeout", timeout: readTimeout(reader, context) };
    case MESSAGE_TYPE.aggregate:
      return {
        type: "aggregate",
        contribution: decodeCertificate(reader.rest(), electorate, scheme),
      };
    case MESSAGE_TYPE.certificate:
      return {
        type: "certificate",
        certificate: decodeCertificate(reader.rest(), electorate, scheme),
      };
    case MESSAGE_TYPE["timeout-certificate"]: {
      const certificate = decodeTimeoutCertificate(reader.rest(), electorate, scheme);
      return { type: "timeout-certificate", certificate };
    }
    case MESSAGE_TYPE.attach:
      return { type: "attach", height: reader.u64(), view: reader.u32() };
    case MESSAGE_TYPE["block-request"]:
      return { type: "block-request", height: reader.u64(), valueId: reader.take(32) };
    case MESSAGE_TYPE["block-response"]:
      return {
        type: "block-response",
        height: reader.u64(),
        body: {
          appBlockId: reader.take(32),
          engineData: reader.blob(MAX_ENGINE_DATA),
          appBlock: reader.blob(MAX_BLOCK_PAYLOAD),
        },
      };
    case MESSAGE_TYPE["proof-request"]:
      return { type: "proof-request", height: reader.u64() };
    case MESSAGE_TYPE["commit-proof"]:
      return {
        type: "commit-proof",
        proof: decodeCommitProof(reader.rest(), electorate, scheme),
      };
    case MESSAGE_TYPE["votes-request"]:
      return {
        type: "votes-request",
        kind: checkVoteKind(reader.u8()),
        height: reader.u64(),
        view: reader.u32(),
        valueId: reader.take(32),
        wanted: reader.take(bitmapLength(electorate.n)),
      };
    case MESSAGE_TYPE["votes-response"]: {
      const count = reader.u16();
      if (count > electorate.n) throw new BbftError("limit", { found: count });
      const votes: Vote[] = [];
      for (let i = 0; i < count; i++)
        votes.push(readVote(reader, checkVoteKind(reader.u8()), context));
      return { type: "votes-response", votes };
    }
    case MESSAGE_TYPE["latency-report"]:
      return { type: "latency-report", report: reader.rest() };
    case MESSAGE_TYPE.evidence:
      return { type: "evidence", evidence: reader.rest() };
    case MESSAGE_TYPE.complaint:
      return { type: "complaint", complaint: reader.rest() };
    default:
      throw new BbftError("kind", { found: type });
  }
}

/**
 * The epoch that an encoded message names; undefined for kinds of messages that name none. A caller
 * who has the sets of several epochs decodes with the right one.
 */
export function epochInMessage(bytes: Uint8Array): bigint | undefined {
  const [type = 0, second = 0] = bytes;
  const isFirst = type >= MESSAGE_TYPE.proposal && type <= MESSAGE_TYPE.timeout;
  const isCertificate =
    type >= MESSAGE_TYPE.aggregate && type <= MESSAGE_TYPE["timeout-certificate"];
  // A proof has a certificate in front, see `encodeCommitProof`.
  const isProof = type === MESSAGE_TYPE["commit-proof"] && second <= 3;
  if (!isFirst && !isCertificate && !isProof) return undefined;
  const offset = isFirst ? 1 : 3;
  return bytes.length < offset + 8 ? undefined : new Reader(bytes.subarray(offset)).u64();
}

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

const certificateSize = ({ signers, signature }: Certificate): number =>
  56 + signers.length + signature.length;

/** Length of {@link encodeMessage}, without encoding: what a simulation accounts for. */
export function messageSize(message: Message): number {
  switch (message.type) {
    case "proposal": {
      const { timeoutCertificate, engineData, appBlock } = message.proposal;
      return 163 + timeoutCertificate.length + engineData.length + appBlock.length;
    }
    case "vote":
      return 55 + message.vote.signature.length;
    case "timeout": {
      const { signature, highQc } = message.timeout;
      return 28 + signature.length + (highQc === undefined ? 0 : certificateSize(highQc));
    }
    case "aggregate":
      return 1 + certificateSize(message.contribution);
    case "certificate":
      return 1 + certificateSize(message.certificate);
    case "commit-proof":
      return 65 + certificateSize(message.proof.certificate);
    case "block-response":
      return 49 + message.body.engineData.length + message.body.appBlock.length;
    case "votes-response":
      return message.votes.reduce((sum, vote) => sum + 55 + vote.signature.length, 3);
    case "latency-report":
      return 1 + message.report.length;
    case "evidence":
      return 1 + message.evidence.length;
    case "complaint":
      return 1 + message.complaint.length;
    case "timeout-certificate": {
      const { groups, signature, highQc } = message.certificate;
      const grouped = groups.reduce((sum, { signers }) => sum + 4 + signers.length, 0);
      const carried = highQc === undefined ? 0 : certificateSize(highQc);
      return 27 + grouped + signature.length + carried;
    }
    case "attach":
      return 13;
    case "block-request":
      return 41;
    case "proof-request":
      return 9;
    case "votes-request":
      return 46 + message.wanted.length;
    default:
      return message satisfies never;
  }
}

/** Signers of a request, at most those of the set. */
export function wantedSigners(wanted: SignerSet, n: number): number[] {
  return signersOf(wanted).filter((signer) => signer < n);
}
