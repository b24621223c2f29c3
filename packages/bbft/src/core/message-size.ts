/** How long messages are on the wire, without encoding them: what a simulation accounts for. */
import type { Certificate } from "../certificate.ts";
import type { Message } from "./message.ts";

const certificateSize = ({ signers, signature }: Certificate): number =>
  56 + signers.length + signature.length;

/** Length of an encoded message, bytes. */
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
