/**
 * Proposals: what a leader signs, and what travels with it.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import { blob, concat, Reader, u16, u32, u64 } from "./bytes.ts";
import { hash, type Position, valueIdOf } from "./signing.ts";

/** Largest engine data, bytes. */
export const MAX_ENGINE_DATA: number = 256 * 1024;
/** Largest payload of a PROPOSAL or BLOCK_RESP, bytes. */
export const MAX_BLOCK_PAYLOAD: number = 8 * 1024 * 1024;
/** Largest payload of everything else, bytes. */
export const MAX_PAYLOAD: number = 64 * 1024;

export interface Proposal extends Position {
  readonly leader: number;
  readonly appBlockId: Uint8Array;
  readonly engineHash: Uint8Array;
  /** The encoded timeout certificate of the view before; empty in view 0. */
  readonly timeoutCertificate: Uint8Array;
  /** Of the leader's identity key, 64 bytes. */
  readonly signature: Uint8Array;
  readonly engineData: Uint8Array;
  /** Empty where the block travels by relay. */
  readonly appBlock: Uint8Array;
  readonly valueId: Uint8Array;
}

/** The payload of a PROPOSAL message. */
export function encodeProposal(proposal: Proposal): Uint8Array {
  return concat(
    u64(proposal.epoch),
    u64(proposal.height),
    u32(proposal.view),
    u16(proposal.leader),
    proposal.appBlockId,
    proposal.engineHash,
    blob(proposal.timeoutCertificate),
    proposal.signature,
    blob(proposal.engineData),
    blob(proposal.appBlock),
  );
}

/**
 * Reads the payload of a PROPOSAL.
 *
 * @throws {@link BbftError} `length` | `limit`
 */
export function decodeProposal(payload: Uint8Array): Proposal {
  const reader = new Reader(payload);
  const proposal = readProposal(reader);
  reader.finish();
  return proposal;
}

function readProposal(reader: Reader): Proposal {
  const position = { epoch: reader.u64(), height: reader.u64(), view: reader.u32() };
  const leader = reader.u16();
  const appBlockId = reader.take(32);
  const engineHash = reader.take(32);
  const timeoutCertificate = reader.blob(MAX_PAYLOAD);
  const signature = reader.take(64);
  const engineData = reader.blob(MAX_ENGINE_DATA);
  const appBlock = reader.blob(MAX_BLOCK_PAYLOAD);
  return {
    ...position,
    leader,
    appBlockId,
    engineHash,
    timeoutCertificate,
    signature,
    engineData,
    appBlock,
    valueId: valueIdOf(appBlockId, engineHash),
  };
}

/** The same proposal without what need not be kept as evidence. */
export function proposalHeader(proposal: Proposal): Proposal {
  return { ...proposal, engineData: new Uint8Array(0), appBlock: new Uint8Array(0) };
}

/** Does the engine data belong to the signed hash? */
export function hasMatchingEngineData({ engineData, engineHash }: Proposal): boolean {
  const actual = hash(engineData);
  return actual.every((byte, at) => byte === engineHash[at]);
}
