/**
 * Messages as bytes: a type byte and the payload.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import { blob, concat, empty, Reader, u8, u16, u32, u64 } from "../bytes.ts";
import {
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
} from "../proposal.ts";
import type { SignatureScheme } from "../scheme/scheme.ts";
import { bitmapLength } from "../signer-set.ts";
import { COMMIT, PREPARE, type VoteKind } from "../signing.ts";
import { decodeTimeoutCertificate, encodeTimeoutCertificate } from "../timeout-certificate.ts";
import type { Electorate } from "../validator-set.ts";
import { MESSAGE_TYPE, type Message, type Timeout, type Vote } from "./message.ts";

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
