/**
 * Gives a message to the height that it is about.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import { epochOf } from "../validator-set.ts";
import type { HeightInstance } from "./height/height.ts";
import type { Message } from "./message.ts";

/**
 * @param epochLength heights of an epoch; a message of another epoch than its height's is dropped
 * @param envelope the signed envelope of a contribution
 */
export function dispatch(
  instance: HeightInstance,
  from: number,
  message: Message,
  epochLength: number,
  envelope?: Uint8Array,
): void {
  if (!isOfEpoch(message, epochLength)) return;
  switch (message.type) {
    case "proposal":
      instance.onProposal(from, message.proposal);
      return;
    case "vote":
      instance.onVote(from, message.vote);
      return;
    case "timeout":
      instance.onTimeout(from, message.timeout);
      return;
    case "aggregate":
      instance.onContribution(from, message.contribution, envelope);
      return;
    case "certificate":
      instance.onCertificateMessage(from, message.certificate);
      return;
    case "timeout-certificate":
      instance.onTimeoutCertificate(from, message.certificate);
      return;
    case "attach":
      instance.onAttach(from, message.view);
      return;
    case "block-request":
      instance.onBlockRequest(from, message.valueId);
      return;
    case "block-response":
      instance.onBlockResponse(message.body);
      return;
    case "commit-proof":
      instance.onCommitProof(from, message.proof);
      return;
    case "votes-request":
      instance.onVotesRequest(from, message);
      return;
    case "votes-response":
      for (const vote of message.votes)
        if (vote.height === instance.height) instance.onVote(from, vote);
      return;
    default:
      return;
  }
}

/** The epoch inside a message is redundant with its height and must agree with it. */
function isOfEpoch(message: Message, epochLength: number): boolean {
  const position = positionOf(message);
  return position === undefined || position.epoch === epochOf(position.height, epochLength);
}

function positionOf(
  message: Message,
): { readonly epoch: bigint; readonly height: bigint } | undefined {
  switch (message.type) {
    case "proposal":
      return message.proposal;
    case "vote":
      return message.vote;
    case "timeout":
      return message.timeout;
    case "aggregate":
      return message.contribution;
    case "certificate":
    case "timeout-certificate":
      return message.certificate;
    default:
      return undefined;
  }
}

/** Messages whose sender is in trouble and wants an answer. */
export function isCall({ type }: Message): boolean {
  return type === "timeout" || type === "attach" || type === "proposal" || type === "vote";
}

/** Messages about the last height that are still taken in: gateways exchange its votes. */
export function isLateExchange({ type }: Message): boolean {
  return type === "vote" || type === "aggregate" || type === "votes-request";
}
