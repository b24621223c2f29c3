/**
 * What one validator says in a message: by itself, or as one of those in a certificate.
 *
 * @see spec 90-bbft, section 10.4 "Evidence"
 */
import { hasSigner } from "../signer-set.ts";
import type { Position, VoteKind } from "../signing.ts";
import type { Message } from "./message.ts";

export type Statement = { readonly place: Position } & (
  | { readonly type: "proposal"; readonly valueId: Uint8Array }
  | { readonly type: "vote"; readonly kind: VoteKind; readonly valueId: Uint8Array }
  /** It claims no prepare certificate of this view or a later one. */
  | { readonly type: "timeout"; readonly qcViewPlus1: number }
);

/** What a validator says in a message; undefined when it says nothing there. */
export function statementOf(message: Message, validator: number): Statement | undefined {
  switch (message.type) {
    case "proposal": {
      const { leader, valueId } = message.proposal;
      if (leader !== validator) return undefined;
      return { type: "proposal", place: placeOf(message.proposal), valueId };
    }
    case "vote": {
      const { kind, signer, valueId } = message.vote;
      if (signer !== validator) return undefined;
      return { type: "vote", place: placeOf(message.vote), kind, valueId };
    }
    case "certificate": {
      const { kind, signers, valueId } = message.certificate;
      if (!hasSigner(signers, validator)) return undefined;
      return { type: "vote", place: placeOf(message.certificate), kind, valueId };
    }
    case "timeout": {
      const { signer, qcViewPlus1 } = message.timeout;
      if (signer !== validator) return undefined;
      return { type: "timeout", place: placeOf(message.timeout), qcViewPlus1 };
    }
    case "timeout-certificate": {
      const { groups } = message.certificate;
      const group = groups.find(({ signers }) => hasSigner(signers, validator));
      if (group === undefined) return undefined;
      const { qcViewPlus1 } = group;
      return { type: "timeout", place: placeOf(message.certificate), qcViewPlus1 };
    }
    default:
      return undefined;
  }
}

const placeOf = ({ epoch, height, view }: Position): Position => ({ epoch, height, view });
