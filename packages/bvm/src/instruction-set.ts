/**
 * The two instruction sets: each byte's data together with its operation. They share operations
 * and nothing else; a rule that only one chain has is an entry of its table and never a condition
 * inside an operation.
 *
 * @see spec 20-bvm, section 1 "Versions: who has what"
 */
import {
  mainChainOpcodes,
  type OpcodeInfo,
  type OpcodeTable,
  sideChainOpcodes,
} from "./opcodes.ts";
import { byteOperations } from "./operations/bytes.ts";
import { controlOperations, expansion } from "./operations/control.ts";
import { cryptographyOperations } from "./operations/cryptography.ts";
import { introspectionOperations } from "./operations/introspection.ts";
import { mulFraction, numberOperations } from "./operations/numbers.ts";
import type { Operation, Operations } from "./operations/operation.ts";
import { push, pushMinusOne } from "./operations/push.ts";
import { stackOperations } from "./operations/stack.ts";

/** What a machine can execute: one of the two sets of this module. */
export interface InstructionSet {
  readonly opcodes: OpcodeTable;
  /**
   * The entry of a byte.
   *
   * @internal
   */
  entry(opcode: number): InstructionEntry;
}

interface InstructionEntry {
  readonly info: OpcodeInfo;
  readonly operation: Operation;
}

/** The instructions of the main chain. */
export const mainChainInstructions: InstructionSet = /* @__PURE__ */ instructionSet(
  mainChainOpcodes,
  sharedOperations,
);

/** The instructions of the side chain. */
export const sideChainInstructions: InstructionSet = /* @__PURE__ */ instructionSet(
  sideChainOpcodes,
  sideChainOperations,
);

function sharedOperations(): Operations {
  return {
    ...controlOperations(),
    ...stackOperations(),
    ...byteOperations(),
    ...numberOperations(),
    ...cryptographyOperations(),
    ...introspectionOperations(),
  };
}

function sideChainOperations(): Operations {
  return { ...sharedOperations(), MULFRACTION: mulFraction };
}

function instructionSet(opcodes: OpcodeTable, make: () => Operations): InstructionSet {
  const operations = make();
  const entries = opcodes.byCode.map((info) => ({
    info,
    operation: operationOf(info, operations),
  }));
  return {
    opcodes,
    entry(opcode) {
      const entry = entries[opcode];
      if (entry === undefined) throw new RangeError(`not an opcode: ${opcode}`);
      return entry;
    },
  };
}

function operationOf({ group, name }: OpcodeInfo, operations: Operations): Operation {
  if (group === "expansion") return expansion;
  if (group === "push") return name === "1NEGATE" ? pushMinusOne : push;
  const operation = operations[name];
  if (operation === undefined) throw new Error(`opcode ${name} has no operation`);
  return operation;
}
