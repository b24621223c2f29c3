/**
 * What a program can learn about the transaction that it guards.
 *
 * @see spec 20-bvm, section 2.1 "Context" and section 9
 */
import { equalBytes } from "./bytes.ts";
import type { FaultCode } from "./error.ts";

/**
 * The surroundings of a run. An instruction that needs an absent field stops the run with
 * `context`. Integers are unsigned 64-bit; a program sees those from 2^63 on as negative numbers.
 *
 * @see spec 20-bvm, section 2.1
 */
export interface Context {
  /** 1; every other version stops the run with `unsupported-vm`. */
  readonly vmVersion: bigint;
  /** Id of the input entry, 32 bytes. */
  readonly entryId: Uint8Array;
  /** Version of the transaction. Expansion opcodes are refused if it is 1, free otherwise. */
  readonly txVersion?: bigint | undefined;
  /** Height of the block that is validated, blocks. */
  readonly blockHeight?: bigint | undefined;
  /** Asset of the value that is spent or issued, 32 bytes. */
  readonly assetId?: Uint8Array | undefined;
  /** Amount of that value, in the asset's smallest unit. */
  readonly amount?: bigint | undefined;
  /** Position of the input among the sources of the mux. */
  readonly destinationPosition?: bigint | undefined;
  /** Id of the output that is spent, 32 bytes; absent for issuances. */
  readonly spentOutputId?: Uint8Array | undefined;
  /** Gives the signature hash of the input, 32 bytes. Asked only when a program needs it. */
  readonly signatureHash?: (() => Uint8Array) | undefined;
  /** Answers CHECKOUTPUT; see {@link checkOutputAmong}. */
  readonly checkOutput?: CheckOutput | undefined;
}

/** What CHECKOUTPUT asks. */
export interface OutputQuery {
  /** Position among the destinations of the mux. */
  readonly index: bigint;
  readonly amount: bigint;
  readonly assetId: Uint8Array;
  readonly vmVersion: bigint;
  readonly program: Uint8Array;
  /** May a retirement have any program? True at the top level of transactions of version 1. */
  readonly expansion: boolean;
}

/** Is there such an output? A code instead of an answer stops the program with it. */
export type CheckOutput = (
  query: OutputQuery,
) => boolean | Extract<FaultCode, "bad-value" | "context" | "missing-entry">;

/**
 * A destination of the mux, as CHECKOUTPUT sees it: `other` is an entry that it cannot look at
 * (a cross-chain output), `missing` one that the transaction does not have.
 */
export type Destination =
  | {
      readonly type: "output";
      readonly assetId: Uint8Array;
      readonly amount: bigint;
      readonly vmVersion: bigint;
      readonly program: Uint8Array;
    }
  | { readonly type: "retirement"; readonly assetId: Uint8Array; readonly amount: bigint }
  | { readonly type: "other" }
  | { readonly type: "missing" };

/**
 * The `checkOutput` of a transaction whose mux has these destinations, in order.
 *
 * @example
 * const checkOutput = checkOutputAmong([{ type: "retirement", assetId, amount: 5n }]);
 * @see spec 20-bvm, section 9.4 "checkOutput"
 */
export function checkOutputAmong(destinations: readonly Destination[]): CheckOutput {
  return (query) => {
    const destination = destinations[Number(query.index)];
    if (destination === undefined) return "bad-value";
    switch (destination.type) {
      case "output":
        return (
          destination.vmVersion === query.vmVersion &&
          sameValue(destination, query) &&
          equalBytes(destination.program, query.program)
        );
      case "retirement":
        return (
          query.vmVersion === 0n &&
          (query.expansion || query.program.length === 0) &&
          sameValue(destination, query)
        );
      case "other":
        return "context";
      case "missing":
        return "missing-entry";
      default:
        return destination satisfies never;
    }
  };
}

interface Value {
  readonly assetId: Uint8Array;
  readonly amount: bigint;
}

function sameValue(a: Value, b: Value): boolean {
  return a.amount === b.amount && equalBytes(a.assetId, b.assetId);
}
