/**
 * Proofs of misbehavior that anybody can check.
 *
 * Encoding: u8 type, u16 validator, u32 length, A, u32 length, B; A and B are messages with their
 * type byte. Proposals are reduced to what is signed. Where a vote or a timeout is expected, a
 * certificate that contains the validator's serves as well. A false aggregate has its signed envelope
 * as A and nothing as B.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { blob, concat, empty, Reader, sameBytes, u8, u16 } from "../bytes.ts";
import type { Certificate } from "../certificate.ts";
import { decodeEnvelope } from "../envelope.ts";
import { BbftError } from "../error.ts";
import { MAX_PAYLOAD, proposalHeader } from "../proposal.ts";
import { isEmptySet, signersOf } from "../signer-set.ts";
import {
  COMMIT,
  envelopeBytes,
  type Position,
  proposalBytes,
  timeoutBytes,
  voteBytes,
} from "../signing.ts";
import type { Check } from "./events.ts";
import type { Message } from "./message.ts";
import {
  type DecodeContext,
  decodeMessage,
  encodeMessage,
  epochInMessage,
} from "./message-codec.ts";
import { statementOf } from "./statement.ts";

/** What an envelope adds to its payload, bytes, at most. */
const ENVELOPE_LENGTH = 128;

export const EVIDENCE_TYPE = {
  DUP_PROPOSAL: 1,
  DUP_VOTE: 2,
  DUP_TIMEOUT: 3,
  LOCK_VIOLATION: 4,
  BAD_AGGREGATE: 5,
} as const;

export type EvidenceType = (typeof EVIDENCE_TYPE)[keyof typeof EVIDENCE_TYPE];

/** Two messages that say contradictory things of one validator's. */
export interface Contradiction {
  readonly type: Exclude<EvidenceType, typeof EVIDENCE_TYPE.BAD_AGGREGATE>;
  readonly validator: number;
  readonly first: Message;
  readonly second: Message;
}

/** A contribution that its sender signed for, and that is not the sum of the votes it names. */
export interface FalseAggregate {
  readonly type: typeof EVIDENCE_TYPE.BAD_AGGREGATE;
  readonly validator: number;
  /** Encoded, as it was received. */
  readonly envelope: Uint8Array;
}

export type Evidence = Contradiction | FalseAggregate;

/** The sets against which evidence is read; undefined for an epoch that does not count any more. */
export type ContextOfEpoch = (epoch: bigint) => DecodeContext | undefined;

/** What goes into evidence: proposals without body, timeouts without certificate. */
function reduce(message: Message): Message {
  if (message.type === "proposal")
    return { type: "proposal", proposal: proposalHeader(message.proposal) };
  if (message.type === "timeout")
    return { type: "timeout", timeout: { ...message.timeout, highQc: undefined } };
  return message;
}

export function encodeEvidence(evidence: Evidence): Uint8Array {
  const { type, validator } = evidence;
  if (evidence.type === EVIDENCE_TYPE.BAD_AGGREGATE)
    return concat(u8(type), u16(validator), blob(evidence.envelope), blob(empty()));
  const { first, second } = evidence;
  const [a, b] = [first, second].map((message) => blob(encodeMessage(reduce(message))));
  return concat(u8(type), u16(validator), ...(a && b ? [a, b] : []));
}

interface EvidenceParts {
  readonly type: EvidenceType;
  readonly validator: number;
  readonly a: Uint8Array;
  readonly b: Uint8Array;
}

function readParts(bytes: Uint8Array): EvidenceParts {
  const reader = new Reader(bytes);
  const type = reader.u8();
  const validator = reader.u16();
  const a = reader.blob(MAX_PAYLOAD + ENVELOPE_LENGTH);
  const b = reader.blob(MAX_PAYLOAD);
  reader.finish();
  const known = Object.values(EVIDENCE_TYPE).find((value) => value === type);
  if (known === undefined) throw new BbftError("kind", { found: type });
  return { type: known, validator, a, b };
}

/**
 * The epochs whose validators are needed to read evidence.
 *
 * @throws {@link BbftError} `length` | `limit` | `kind`, `stale` for messages that name no epoch
 */
export function epochsInEvidence(bytes: Uint8Array): Set<bigint> {
  const { type, a, b } = readParts(bytes);
  const messages = type === EVIDENCE_TYPE.BAD_AGGREGATE ? [decodeEnvelope(a).message] : [a, b];
  return new Set(messages.map(epochNamedIn));
}

function epochNamedIn(message: Uint8Array): bigint {
  const epoch = epochInMessage(message);
  if (epoch === undefined) throw new BbftError("stale");
  return epoch;
}

/**
 * Reads evidence and checks that its two messages contradict each other; not their signatures.
 *
 * @throws {@link BbftError} `kind` | `justification`, `stale` for an epoch without context, and those
 *   of {@link decodeMessage}
 */
export function decodeEvidence(bytes: Uint8Array, contextOf: ContextOfEpoch): Evidence {
  const { type, validator, a, b } = readParts(bytes);
  if (type === EVIDENCE_TYPE.BAD_AGGREGATE) {
    const evidence: FalseAggregate = { type, validator, envelope: a };
    const { sender, message } = decodeEnvelope(a);
    const { signers } = contributionIn(message, contextOf);
    if (b.length > 0 || sender !== validator || isEmptySet(signers))
      throw new BbftError("justification", { validator });
    return evidence;
  }
  const first = decodeMessage(a, contextFor(a, contextOf));
  const second = decodeMessage(b, contextFor(b, contextOf));
  const evidence: Contradiction = { type, validator, first, second };
  if (!isContradiction(evidence)) throw new BbftError("justification", { validator });
  return evidence;
}

function contextFor(message: Uint8Array, contextOf: ContextOfEpoch): DecodeContext {
  const context = contextOf(epochNamedIn(message));
  if (context === undefined) throw new BbftError("stale");
  return context;
}

/** @throws {@link BbftError} when the message is no contribution */
export function contributionIn(message: Uint8Array, contextOf: ContextOfEpoch): Certificate {
  const decoded = decodeMessage(message, contextFor(message, contextOf));
  if (decoded.type !== "aggregate") throw new BbftError("justification");
  return decoded.contribution;
}

function isContradiction({ type, validator, first, second }: Contradiction): boolean {
  const [a, b] = [statementOf(first, validator), statementOf(second, validator)];
  if (a === undefined || b === undefined) return false;
  const isSameView = isSameHeight(a.place, b.place) && a.place.view === b.place.view;
  switch (type) {
    case EVIDENCE_TYPE.DUP_PROPOSAL:
      return (
        isSameView &&
        a.type === "proposal" &&
        b.type === "proposal" &&
        !sameBytes(a.valueId, b.valueId)
      );
    case EVIDENCE_TYPE.DUP_VOTE:
      return (
        isSameView &&
        a.type === "vote" &&
        b.type === "vote" &&
        a.kind === b.kind &&
        !sameBytes(a.valueId, b.valueId)
      );
    case EVIDENCE_TYPE.DUP_TIMEOUT:
      return (
        isSameView &&
        a.type === "timeout" &&
        b.type === "timeout" &&
        a.qcViewPlus1 !== b.qcViewPlus1
      );
    case EVIDENCE_TYPE.LOCK_VIOLATION:
      return (
        isSameHeight(a.place, b.place) &&
        a.type === "vote" &&
        a.kind === COMMIT &&
        b.type === "timeout" &&
        b.place.view >= a.place.view &&
        b.qcViewPlus1 < a.place.view + 1
      );
    default:
      return type satisfies never;
  }
}

const isSameHeight = (a: Position, b: Position): boolean =>
  a.epoch === b.epoch && a.height === b.height;

/**
 * What two valid certificates of one phase and view for different values prove: everybody who is in
 * both voted twice. Empty for certificates that do not conflict in this way; two decisions of one
 * height in different views take the timeout certificates between them to find the guilty.
 *
 * @example
 * ```ts
 * if (areConflicting(a, b))
 *   for (const one of evidenceOfConflict(a.certificate, b.certificate)) submit(encodeEvidence(one));
 * ```
 */
export function evidenceOfConflict(a: Certificate, b: Certificate): Contradiction[] {
  const [first, second]: readonly Message[] = [
    { type: "certificate", certificate: a },
    { type: "certificate", certificate: b },
  ];
  if (first === undefined || second === undefined) return [];
  return signersOf(a.signers)
    .map((validator) => ({ type: EVIDENCE_TYPE.DUP_VOTE, validator, first, second }))
    .filter(isContradiction);
}

/** The signatures that must hold for the evidence to count, or must not. */
export function evidenceCheck(
  evidence: Evidence,
  chainId: Uint8Array,
  contextOf: ContextOfEpoch,
): Check {
  if (evidence.type === EVIDENCE_TYPE.BAD_AGGREGATE) {
    const { sender, receiver, seq, message, signature } = decodeEnvelope(evidence.envelope);
    const contribution = contributionIn(message, contextOf);
    const [type = 0, payload] = [message[0], message.subarray(1)];
    const signed = envelopeBytes(chainId, { sender, receiver, seq, type, payload });
    const { epoch } = contribution;
    return {
      type: "all",
      checks: [
        { type: "identity", epoch, validator: sender, message: signed, signature },
        { type: "false-contribution", contribution },
      ],
    };
  }
  const { first, second } = evidence;
  return { type: "all", checks: [signatureCheck(first, chainId), signatureCheck(second, chainId)] };
}

/**
 * The check of what a message is signed with, whole: of a certificate its quorum as well.
 *
 * @throws TypeError for a message that carries none
 */
export function signatureCheck(message: Message, chainId: Uint8Array): Check {
  switch (message.type) {
    case "proposal": {
      const { proposal } = message;
      const { epoch, leader, signature, valueId, timeoutCertificate } = proposal;
      return {
        type: "identity",
        epoch,
        validator: leader,
        message: proposalBytes(chainId, proposal, valueId, timeoutCertificate),
        signature,
      };
    }
    case "vote": {
      const { vote } = message;
      return {
        type: "parts",
        epoch: vote.epoch,
        message: voteBytes(vote.kind, chainId, vote, vote.valueId),
        parts: [{ signers: [vote.signer], signature: vote.signature }],
      };
    }
    case "timeout": {
      const { timeout } = message;
      return {
        type: "parts",
        epoch: timeout.epoch,
        message: timeoutBytes(chainId, timeout, timeout.qcViewPlus1),
        parts: [{ signers: [timeout.signer], signature: timeout.signature }],
      };
    }
    case "certificate":
      return { type: "certificate", certificate: message.certificate };
    case "timeout-certificate":
      return { type: "timeout-certificate", certificate: message.certificate };
    default:
      throw new TypeError(`a message of type ${message.type} has no signature of its own`);
  }
}
