export { assemble } from "./assemble.ts";
export { type JumpTarget, ProgramBuilder } from "./builder.ts";
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
export { int64Bytes, isTrueBytes, MAX_INT64, MIN_INT64, parseInt64 } from "./int64.ts";
export {
  mainChainOpcodes,
  type OpcodeGroup,
  type OpcodeInfo,
  type OpcodeTable,
  sideChainOpcodes,
} from "./opcodes.ts";
export { pushdata, pushdataInt, pushdataPrefix } from "./push.ts";
