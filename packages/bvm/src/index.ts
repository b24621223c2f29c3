export { assemble } from "./assemble.ts";
export { type JumpTarget, ProgramBuilder } from "./builder.ts";
export {
  type CheckOutput,
  type Context,
  checkOutputAmong,
  type Destination,
  type OutputQuery,
} from "./context.ts";
export {
  type DecodeFault,
  decodeInstruction,
  type Instruction,
  jumpAddress,
  MAX_PROGRAM_LENGTH,
  parseProgram,
} from "./decode.ts";
export { disassemble, formatInstructions } from "./disassemble.ts";
export { BvmError, type BvmErrorCode, type FaultCode } from "./error.ts";
export { execute } from "./execute.ts";
export type { Verify } from "./frame.ts";
export {
  type InstructionSet,
  mainChainInstructions,
  sideChainInstructions,
} from "./instruction-set.ts";
export { int64Bytes, isTrueBytes, MAX_INT64, MIN_INT64, parseInt64 } from "./int64.ts";
export { type ExecuteOptions, type Execution, MAX_RUN_LIMIT, Machine } from "./machine.ts";
export {
  mainChainOpcodes,
  type OpcodeGroup,
  type OpcodeInfo,
  type OpcodeTable,
  sideChainOpcodes,
} from "./opcodes.ts";
export { pushdata, pushdataInt, pushdataPrefix } from "./push.ts";
