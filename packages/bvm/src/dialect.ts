/**
 * The two chains as the machine sees them.
 *
 * @see spec 20-bvm, section 9.2 "Conversion before the run"
 */
import {
  type InstructionSet,
  mainChainInstructions,
  sideChainInstructions,
} from "./instruction-set.ts";
import { p2mcProgram, parseP2wmcProgram } from "./magnetic.ts";
import { convertibleHash } from "./recognize.ts";
import { witnessProgram } from "./standard.ts";

/** What running control programs depends on, other than the transaction. */
export interface VmDialect {
  readonly instructions: InstructionSet;
  /**
   * What runs for a control program or an issuance program: the expanded form of a standard
   * program, the bytes themselves in all other cases.
   */
  convertProgram(program: Uint8Array): Uint8Array;
}

/** The main chain: P2WPKH and P2WSH are expanded. */
export const mainChain: VmDialect = {
  instructions: mainChainInstructions,
  convertProgram: convertWitnessProgram,
};

/** The side chain: P2WPKH, P2WSH and magnetic orders are expanded. */
export const sideChain: VmDialect = {
  instructions: sideChainInstructions,
  convertProgram(program) {
    const converted = convertWitnessProgram(program);
    if (converted !== program) return converted;
    const order = parseP2wmcProgram(program);
    return order === undefined ? program : p2mcProgram(order);
  },
};

function convertWitnessProgram(program: Uint8Array): Uint8Array {
  return convertibleHash(program) === undefined ? program : witnessProgram(program);
}
