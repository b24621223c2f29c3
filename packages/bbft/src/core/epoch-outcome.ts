/**
 * What the blocks of an epoch decided about the next one. Everybody who knows the blocks knows it,
 * so a node that joins later comes to the same contexts as those that were there.
 *
 * @see spec 90-bbft, sections 11 "Topology manager" and 12 "Engine data, epochs, membership"
 */
import { decodeParameters, type Parameters } from "../parameters.ts";
import { type Complaint, decodeComplaint, excludedGateways } from "./complaint.ts";
import { decodeEngineData, ENGINE_ITEM } from "./engine-data.ts";
import type { EpochContext } from "./epoch-context.ts";

/** The engine's data of a decided block. */
export interface DecidedData {
  readonly height: bigint;
  readonly engineData: Uint8Array;
}

export interface EpochOutcome {
  /** Encoded, in the order they were decided. */
  readonly latencyReports: readonly Uint8Array[];
  /** Identity keys of validators that must not be top-level gateways. */
  readonly excluded: readonly Uint8Array[];
  /** In force from the next epoch on: changed by its last block, or as before. */
  readonly parameters: Parameters;
}

/**
 * Reads the outcome of an epoch from its blocks.
 *
 * @param context of that epoch
 * @param blocks of that epoch, ascending
 * @throws {@link BbftError} when the engine data are not those of decided blocks
 */
export function outcomeOf(context: EpochContext, blocks: Iterable<DecidedData>): EpochOutcome {
  const latencyReports: Uint8Array[] = [];
  const complaints: Complaint[] = [];
  let { parameters } = context;
  for (const { height, engineData } of blocks)
    for (const { type, bytes } of decodeEngineData(engineData, height, parameters.epochLength)) {
      if (type === ENGINE_ITEM.LATENCY) latencyReports.push(bytes);
      else if (type === ENGINE_ITEM.COMPLAINT) complaints.push(decodeComplaint(bytes));
      else if (type === ENGINE_ITEM.PARAMS) parameters = decodeParameters(bytes);
    }
  return concludeEpoch(context, { latencyReports, complaints, parameters });
}

/** The outcome of an epoch whose engine data are read already. */
export function concludeEpoch(
  context: EpochContext,
  decided: {
    readonly latencyReports: readonly Uint8Array[];
    readonly complaints: Iterable<Complaint>;
    readonly parameters: Parameters;
  },
): EpochOutcome {
  const { electorate, parameters } = context;
  const excluded = excludedGateways(electorate, decided.complaints, parameters.gatewayStrikes);
  return {
    latencyReports: decided.latencyReports,
    excluded: excluded.flatMap((gateway) => electorate.set.validators[gateway]?.idKey ?? []),
    parameters: decided.parameters,
  };
}
