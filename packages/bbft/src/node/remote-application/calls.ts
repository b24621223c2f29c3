/**
 * The calls of an application, each with its parameters and its result as JSON both ways: what one
 * side writes the other reads, here.
 */
import { keyOf } from "../../bytes.ts";
import { BbftError } from "../../error.ts";
import type { Application, BlockContext } from "../../host/interfaces.ts";
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
import {
  type ContextOf,
  decisionFromJson,
  decisionToJson,
  nextEpochFromJson,
  nextEpochToJson,
  nextSetFromJson,
  nextSetToJson,
  offenseFromJson,
  offenseToJson,
  proofFromJson,
  proofToJson,
  setFromJson,
  setToJson,
} from "./values.ts";

export type Method =
  | "state"
  | "validators"
  | "prepare"
  | "validate"
  | "commit"
  | "load"
  | "hasOffense";
export type Params<M extends Method> = Parameters<NonNullable<Application[M]>>;
export type Result<M extends Method> = Awaited<ReturnType<NonNullable<Application[M]>>>;

export interface Call<M extends Method> {
  paramsToJson(...params: Params<M>): JsonObject;
  paramsFromJson(params: Fields, contextOf: ContextOf): Params<M>;
  resultToJson(result: Result<M>): Json;
  resultFromJson(result: unknown, contextOf: ContextOf): Result<M>;
}

const placeToJson = ({ height, view, lastAppBlockId }: BlockContext): JsonObject => ({
  height: `${height}`,
  view,
  lastAppBlockId: keyOf(lastAppBlockId),
});
const placeFromJson = (place: Fields): BlockContext => ({
  height: integer(place["height"]),
  view: count(place["view"]),
  lastAppBlockId: bytes(place["lastAppBlockId"]),
});

export const CALLS: { readonly [M in Method]: Call<M> } = {
  state: {
    paramsToJson: () => ({}),
    paramsFromJson: () => [],
    resultToJson: ({ height, appBlockId, proof }) => ({
      height: `${height}`,
      appBlockId: keyOf(appBlockId),
      proof: proof === undefined ? null : proofToJson(proof),
    }),
    resultFromJson(result, contextOf) {
      const { height, appBlockId, proof } = fields(result);
      return {
        height: integer(height),
        appBlockId: bytes(appBlockId),
        proof: proof === null ? undefined : proofFromJson(proof, contextOf),
      };
    },
  },
  validators: {
    paramsToJson: (epoch) => ({ epoch: `${epoch}` }),
    paramsFromJson: ({ epoch }) => [integer(epoch)],
    resultToJson: setToJson,
    resultFromJson: setFromJson,
  },
  prepare: {
    paramsToJson: ({ maxBytes, nowMs, ...place }) => ({ ...placeToJson(place), maxBytes, nowMs }),
    paramsFromJson: ({ maxBytes, nowMs, ...place }) => [
      { ...placeFromJson(place), maxBytes: count(maxBytes), nowMs: count(nowMs) },
    ],
    resultToJson: (made) => ({
      id: keyOf(made.id),
      bytes: keyOf(made.bytes),
      ...nextEpochToJson(made),
    }),
    resultFromJson(result) {
      const made = fields(result);
      return { id: bytes(made["id"]), bytes: bytes(made["bytes"]), ...nextEpochFromJson(made) };
    },
  },
  validate: {
    paramsToJson: (place, block, isReproposed) => ({
      ...placeToJson(place),
      ...{ id: keyOf(block.id), bytes: keyOf(block.bytes), isReproposed },
    }),
    paramsFromJson: ({ id, bytes: content, isReproposed, ...place }) => [
      placeFromJson(place),
      { id: bytes(id), bytes: bytes(content) },
      isReproposed === true,
    ],
    resultToJson: ({ isAccepted, ...next }) => ({ isAccepted, ...nextEpochToJson(next) }),
    resultFromJson(result) {
      const { isAccepted, ...next } = fields(result);
      return { isAccepted: isAccepted === true, ...nextEpochFromJson(next) };
    },
  },
  commit: {
    paramsToJson: (decision, offenses) => ({
      decision: decisionToJson(decision),
      offenses: offenses.map(offenseToJson),
    }),
    paramsFromJson: ({ decision, offenses }, contextOf) => [
      decisionFromJson(decision, contextOf),
      list(offenses).map(offenseFromJson),
    ],
    resultToJson: ({ nextValidators }) => ({ nextValidators: nextSetToJson(nextValidators) }),
    resultFromJson: (result) => ({
      nextValidators: nextSetFromJson(fields(result)["nextValidators"]),
    }),
  },
  load: {
    paramsToJson: (height) => ({ height: `${height}` }),
    paramsFromJson: ({ height }) => [integer(height)],
    resultToJson: (decision) => (decision === undefined ? null : decisionToJson(decision)),
    resultFromJson: (found, contextOf) =>
      found === null ? undefined : decisionFromJson(found, contextOf),
  },
  hasOffense: {
    paramsToJson: (offense) => ({ offense: keyOf(offense) }),
    paramsFromJson: ({ offense }) => [bytes(offense)],
    resultToJson: (isKnown) => isKnown,
    resultFromJson: (isKnown) => isKnown === true,
  },
};

/**
 * Calls a method of an application by its name.
 *
 * @throws {@link BbftError} `remote` when there is no such method or its parameters are not its own
 */
export async function callByName(
  application: Application,
  method: string,
  params: Fields,
  contextOf: ContextOf,
): Promise<Json> {
  const run = async <M extends Method>(
    { paramsFromJson, resultToJson }: Call<M>,
    call: (...params: Params<M>) => Promise<Result<M>>,
  ): Promise<Json> => resultToJson(await call(...paramsFromJson(params, contextOf)));
  switch (method) {
    case "state":
      return run(CALLS.state, () => application.state());
    case "validators":
      return run(CALLS.validators, (epoch) => application.validators(epoch));
    case "prepare":
      return run(CALLS.prepare, (place) => application.prepare(place));
    case "validate":
      return run(CALLS.validate, (...judged) => application.validate(...judged));
    case "commit":
      return run(CALLS.commit, (...decided) => application.commit(...decided));
    case "load":
      return run(CALLS.load, (height) => application.load(height));
    case "hasOffense":
      return run(CALLS.hasOffense, async (offense) => {
        if (application.hasOffense === undefined) throw new BbftError("remote");
        return application.hasOffense(offense);
      });
    case "abilities":
      return { hasOffense: application.hasOffense !== undefined };
    case "evidence": {
      const { evidence, validator } = params;
      application.onEvidence(bytes(evidence), count(validator));
      return null;
    }
    case "invalidProposal": {
      const { proposal, leader } = params;
      application.onInvalidProposal?.(bytes(proposal), count(leader));
      return null;
    }
    default:
      throw new BbftError("remote");
  }
}
