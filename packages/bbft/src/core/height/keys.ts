/** Names of things within one height, and small conversions. */
import { BbftError } from "../../error.ts";
import type { Proposal } from "../../proposal.ts";
import type { VoteKind } from "../../signing.ts";
import type { TimeoutCertificate } from "../../timeout-certificate.ts";
import type { Message, Timeout, Vote } from "../message.ts";

export const certificateKey = (kind: VoteKind, view: number): string => `${kind}/${view}`;

export const voterKey = ({ kind, view, signer }: Pick<Vote, "kind" | "view" | "signer">): string =>
  `${kind}/${view}/${signer}`;

export const timeoutMessage = (timeout: Timeout): Message => ({ type: "timeout", timeout });

export const tcMessage = (certificate: TimeoutCertificate): Message => ({
  type: "timeout-certificate",
  certificate,
});

/** The timeout certificate of a proposal, if it has one that is well formed and of the view before. */
export function readTimeoutCertificate(
  { view, height, timeoutCertificate }: Proposal,
  decode: () => TimeoutCertificate,
): TimeoutCertificate | undefined | "unreadable" {
  if (timeoutCertificate.length === 0) return undefined;
  try {
    const tc = decode();
    return tc.view + 1 === view && tc.height === height ? tc : "unreadable";
  } catch (error) {
    if (error instanceof BbftError) return "unreadable";
    throw error;
  }
}
