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
export { mainChain, sideChain, type VmDialect } from "./dialect.ts";
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
export {
  type ExecuteOptions,
  type Execution,
  MAX_RUN_LIMIT,
  Machine,
  type PredicateResult,
} from "./machine.ts";
export {
  cancelOrderWitness,
  fullTradeWitness,
  isP2wmcProgram,
  type MagneticClause,
  type MagneticOrder,
  magneticClause,
  p2mcProgram,
  p2wmcProgram,
  parseP2wmcProgram,
  partialTradeWitness,
} from "./magnetic.ts";
export {
  mainChainOpcodes,
  type OpcodeGroup,
  type OpcodeInfo,
  type OpcodeTable,
  sideChainOpcodes,
} from "./opcodes.ts";
export { pushdata, pushdataInt, pushdataPrefix } from "./push.ts";
export {
  isP2wpkhProgram,
  isP2wshProgram,
  isPush,
  isStandardProgram,
  isStraightforwardProgram,
  issuanceHeight,
  isUnspendableProgram,
} from "./recognize.ts";
export { cachedVerify, type SignatureCache } from "./signature-cache.ts";
export {
  coinbaseProgram,
  type MultisigOptions,
  multisigProgram,
  p2pkhProgram,
  p2shProgram,
  p2wpkhProgram,
  p2wshProgram,
  publicKeyHash,
  retireProgram,
  scriptHash,
  witnessProgram,
} from "./standard.ts";
export { formatTraceStep, type MachineState, type TraceStep, trace } from "./trace.ts";
export { clauseWitness, multisigWitness, p2wpkhWitness, p2wshWitness } from "./witness.ts";
