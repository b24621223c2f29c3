/**
 * Proofs of misbehavior that anybody can check.
 *
 * Encoding: u8 type, u16 validator, u32 length, A, u32 length, B; A and B are messages with their
 * type byte. Proposals are reduced to what is signed.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { blob, concat, Reader, sameBytes, u8, u16 } from "../bytes.ts";
import { BbftError } from "../error.ts";
import { MAX_PAYLOAD, proposalHeader } from "../proposal.ts";
import { COMMIT, proposalBytes, timeoutBytes, voteBytes } from "../signing.ts";
import type { Check } from "./events.ts";
import { type DecodeContext, decodeMessage, encodeMessage, type Message } from "./message.ts";

export const EVIDENCE_TYPE = {
  DUP_PROPOSAL: 1,
  DUP_VOTE: 2,
  DUP_TIMEOUT: 3,
  LOCK_VIOLATION: 4,
} as const;

export type EvidenceType = (typeof EVIDENCE_TYPE)[keyof typeof EVIDENCE_TYPE];

export interface Evidence {
  readonly type: EvidenceType;
  readonly validator: number;
  readonly first: Message;
  readonly second: Message;
}

/** What goes into evidence: proposals without body, timeouts without certificate. */
function reduce(message: Message): Message {
  if (message.type === "proposal")
    return { type: "proposal", proposal: proposalHeader(message.proposal) };
  if (message.type === "timeout")
    return { type: "timeout", timeout: { ...message.timeout, highQc: undefined } };
  return message;
}

export function encodeEvidence({ type, validator, first, second }: Evidence): Uint8Array {
  const [a, b] = [first, second].map((message) => blob(encodeMessage(reduce(message))));
  return concat(u8(type), u16(validator), ...(a && b ? [a, b] : []));
}

/**
 * Reads evidence and checks that its two messages contradict each other; not their signatures.
 *
 * @throws {@link BbftError} `kind` | `justification` and those of {@link decodeMessage}
 */
export function decodeEvidence(bytes: Uint8Array, context: DecodeContext): Evidence {
  const reader = new Reader(bytes);
  const type = reader.u8();
  const validator = reader.u16();
  const first = decodeMessage(reader.blob(MAX_PAYLOAD), context);
  const second = decodeMessage(reader.blob(MAX_PAYLOAD), context);
  reader.finish();
  const known = Object.values(EVIDENCE_TYPE).find((value) => value === type);
  if (known === undefined) throw new BbftError("kind", { found: type });
  const evidence = { type: known, validator, first, second };
  if (!isContradiction(evidence)) throw new BbftError("justification", { validator });
  return evidence;
}

function isContradiction({ type, validator, first, second }: Evidence): boolean {
  if (type === EVIDENCE_TYPE.DUP_PROPOSAL) {
    if (first.type !== "proposal" || second.type !== "proposal") return false;
    const [a, b] = [first.proposal, second.proposal];
    return (
      a.leader === validator &&
      b.leader === validator &&
      isSamePlace(a, b) &&
      !sameBytes(a.valueId, b.valueId)
    );
  }
  if (type === EVIDENCE_TYPE.DUP_VOTE) {
    if (first.type !== "vote" || second.type !== "vote") return false;
    const [a, b] = [first.vote, second.vote];
    return (
      a.signer === validator &&
      b.signer === validator &&
      a.kind === b.kind &&
      isSamePlace(a, b) &&
      !sameBytes(a.valueId, b.valueId)
    );
  }
  if (type === EVIDENCE_TYPE.DUP_TIMEOUT) {
    if (first.type !== "timeout" || second.type !== "timeout") return false;
    const [a, b] = [first.timeout, second.timeout];
    return (
      a.signer === validator &&
      b.signer === validator &&
      isSamePlace(a, b) &&
      a.qcViewPlus1 !== b.qcViewPlus1
    );
  }
  if (first.type !== "vote" || second.type !== "timeout") return false;
  const [vote, timeout] = [first.vote, second.timeout];
  return (
    vote.kind === COMMIT &&
    vote.signer === validator &&
    timeout.signer === validator &&
    vote.epoch === timeout.epoch &&
    vote.height === timeout.height &&
    timeout.view >= vote.view &&
    timeout.qcViewPlus1 < vote.view + 1
  );
}

interface Place {
  readonly epoch: bigint;
  readonly height: bigint;
  readonly view: number;
}

const isSamePlace = (a: Place, b: Place): boolean =>
  a.epoch === b.epoch && a.height === b.height && a.view === b.view;

/** The signatures that must hold for the evidence to count. */
export function evidenceCheck({ first, second }: Evidence, chainId: Uint8Array): Check {
  return { type: "all", checks: [signatureCheck(first, chainId), signatureCheck(second, chainId)] };
}

/**
 * The check of one message's own signature.
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
    default:
      throw new TypeError(`a message of type ${message.type} has no signature of its own`);
  }
}
