/** What a node and its application tell each other, as JSON; 64-bit integers are decimal strings. */
import { keyOf } from "../../bytes.ts";
import { type CommitProof, decodeCommitProof, encodeCommitProof } from "../../certificate.ts";
import type { NextEpoch } from "../../core/epochs.ts";
import type { Decision } from "../../core/events.ts";
import { EVIDENCE_TYPE } from "../../core/evidence.ts";
import type { DecodeContext } from "../../core/message-codec.ts";
import type { Offense } from "../../core/offense.ts";
import { BbftError } from "../../error.ts";
import { encodeParameters, readParameters } from "../../parameters.ts";
import type { ValidatorSet } from "../../validator-set.ts";
import {
  bytes,
  count,
  type Fields,
  fields,
  integer,
  type Json,
  type JsonObject,
  list,
} from "./json.ts";

/** Reads certificates against the set of their epoch. */
export type ContextOf = (epoch: bigint) => DecodeContext | undefined;

export function setToJson({ epoch, scheme, validators }: ValidatorSet): Json {
  return {
    epoch: `${epoch}`,
    scheme,
    validators: validators.map(({ power, stake, voteKey, idKey }) => ({
      power: `${power}`,
      stake: `${stake}`,
      voteKey: keyOf(voteKey),
      idKey: keyOf(idKey),
    })),
  };
}

export function setFromJson(value: unknown): ValidatorSet {
  const { epoch, scheme, validators } = fields(value);
  return {
    epoch: integer(epoch),
    scheme: count(scheme),
    validators: list(validators).map((entry) => {
      const one = fields(entry);
      return {
        power: integer(one["power"]),
        stake: integer(one["stake"]),
        voteKey: bytes(one["voteKey"]),
        idKey: bytes(one["idKey"]),
      };
    }),
  };
}

export const nextSetToJson = (next: ValidatorSet | undefined): Json =>
  next === undefined ? null : setToJson(next);
export const nextSetFromJson = (value: unknown): ValidatorSet | undefined =>
  value === null ? undefined : setFromJson(value);

export function nextEpochToJson({ nextValidators, nextParameters }: NextEpoch): JsonObject {
  return {
    nextValidators: nextSetToJson(nextValidators),
    nextParameters: nextParameters === undefined ? null : keyOf(encodeParameters(nextParameters)),
  };
}

/** An application of before may leave the parameters out. */
export function nextEpochFromJson({ nextValidators, nextParameters = null }: Fields): NextEpoch {
  return {
    nextValidators: nextSetFromJson(nextValidators),
    nextParameters: nextParameters === null ? undefined : readParameters(bytes(nextParameters)),
  };
}

export function proofToJson(proof: CommitProof): Json {
  return { epoch: `${proof.certificate.epoch}`, bytes: keyOf(encodeCommitProof(proof)) };
}

export function proofFromJson(value: unknown, contextOf: ContextOf): CommitProof {
  const { epoch, bytes: encoded } = fields(value);
  const context = contextOf(integer(epoch));
  if (context === undefined) throw new BbftError("valset");
  return decodeCommitProof(bytes(encoded), context.electorate, context.scheme);
}

export function offenseToJson({ epoch, height, ...rest }: Offense): Json {
  return { ...rest, epoch: `${epoch}`, height: `${height}` };
}

export function offenseFromJson(value: unknown): Offense {
  const { type, validator, kind, epoch, height, view } = fields(value);
  const known = Object.values(EVIDENCE_TYPE).find((one) => one === type);
  if (known === undefined) throw new BbftError("remote");
  return {
    type: known,
    validator: count(validator),
    kind: count(kind),
    epoch: integer(epoch),
    height: integer(height),
    view: count(view),
  };
}

/** A decision as JSON; what a host may store or send. */
export function decisionToJson({ height, view, proof, body }: Decision): JsonObject {
  return {
    height: `${height}`,
    view,
    proof: proofToJson(proof),
    appBlockId: keyOf(body.appBlockId),
    engineData: keyOf(body.engineData),
    appBlock: keyOf(body.appBlock),
  };
}

/** @throws {@link BbftError} `remote` when it is no decision, and those of `decodeCommitProof` */
export function decisionFromJson(value: unknown, contextOf: ContextOf): Decision {
  const one = fields(value);
  return {
    height: integer(one["height"]),
    view: count(one["view"]),
    proof: proofFromJson(one["proof"], contextOf),
    body: {
      appBlockId: bytes(one["appBlockId"]),
      engineData: bytes(one["engineData"]),
      appBlock: bytes(one["appBlock"]),
    },
  };
}
