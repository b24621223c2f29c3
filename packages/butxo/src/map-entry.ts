/** Inputs and outputs as entries. @see spec 10-ledger, section 4.2; spec 80-vapor, section 3.3 */
import { EMPTY } from "./bytes.ts";
import type {
  InputEntry,
  OutputEntry,
  Program,
  ResultEntry,
  ValueDestination,
  ValueSource,
} from "./entry.ts";
import type { AssetAmount, Output, SpendCommitment } from "./transaction.ts";
import { type KnownInput, resultName } from "./transaction-ids.ts";

type PlainName = OutputEntry["type"];

/** An input entry's place in the graph. */
export interface InputLinks {
  readonly id: Uint8Array;
  /** Id of the output entry that the input refers to, or the hash of an issuance's nonce. */
  readonly ref: Uint8Array;
  readonly ordinal: number;
  readonly destination: ValueDestination;
  readonly outputEntryName: PlainName;
}

/** The entry of an input. */
export function mapInput(input: KnownInput, links: InputLinks): InputEntry {
  const { id, ref, ordinal, destination, outputEntryName } = links;
  // Fields one by one: spreading costs as much as all the rest of the mapping.
  switch (input.type) {
    case "spend":
      return {
        id,
        ordinal,
        destination,
        type: "spend1",
        spentOutputId: ref,
        spentOutput: plainOutput(outputEntryName, ref, input),
        arguments: input.arguments,
      };
    case "veto":
      return {
        id,
        ordinal,
        destination,
        type: "vetoInput1",
        spentOutputId: ref,
        spentOutput: {
          type: "voteoutput1",
          id: ref,
          source: spentSource(input),
          program: spentProgram(input),
          vote: input.vote,
        },
        arguments: input.arguments,
      };
    case "cross-chain-in":
      return {
        id,
        ordinal,
        destination,
        type: "crosschaininput1",
        mainchainOutputId: ref,
        mainchainOutput: plainOutput(outputEntryName, ref, input),
        issuanceProgram: { vmVersion: input.issuanceVmVersion, code: input.issuanceProgram },
        assetDefinition: input.assetDefinition,
        arguments: input.arguments,
      };
    case "issuance":
      return {
        id,
        ordinal,
        destination,
        type: "issuance1",
        nonceHash: ref,
        value: amountOf(input),
        issuanceProgram: { vmVersion: input.vmVersion, code: input.issuanceProgram },
        assetDefinition: input.assetDefinition,
        arguments: input.arguments,
      };
    case "coinbase":
      return { type: "coinbase1", id, ordinal, destination, arbitrary: input.arbitrary };
    default:
      return input satisfies never;
  }
}

/**
 * The entry of an output.
 *
 * @param source its place among the mux's destinations, with what it takes
 */
export function mapOutput(
  output: Output,
  id: Uint8Array,
  source: ValueSource,
  plainName: PlainName,
): ResultEntry {
  const type = resultName(output, plainName);
  if (type === "retirement1") return { type, id, source };
  const program =
    output.type === "unknown"
      ? { vmVersion: 0n, code: EMPTY }
      : { vmVersion: output.vmVersion, code: output.controlProgram };
  if (type !== "voteoutput1") return { type, id, source, program };
  return { type, id, source, program, vote: output.type === "vote" ? output.vote : EMPTY };
}

/** Just the value of something that has one. */
export function amountOf({ assetId, amount }: AssetAmount): AssetAmount {
  return { assetId, amount };
}

function plainOutput(type: PlainName, id: Uint8Array, input: SpendCommitment): OutputEntry {
  return { type, id, source: spentSource(input), program: spentProgram(input) };
}

function spentSource(input: SpendCommitment): ValueSource {
  return { ref: input.sourceId, value: amountOf(input), position: input.sourcePosition };
}

function spentProgram({ vmVersion, controlProgram }: SpendCommitment): Program {
  return { vmVersion, code: controlProgram };
}
