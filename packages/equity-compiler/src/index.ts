export { parseArgument } from "./argument-text.ts";
export {
  type Artifact,
  type ArtifactClause,
  type ArtifactParameter,
  artifactOf,
  type ContractInterface,
  parseArtifact,
  type SourceMapEntry,
} from "./artifact.ts";
export { artifactModule } from "./artifact-source.ts";
export type { InstructionOrigin } from "./assemble-contract.ts";
export { type ClauseShifts, clauseShifts } from "./clause-shift.ts";
export {
  answerCompileRequest,
  type CompileAnswer,
  type CompileAnswerData,
  type HttpAnswer,
} from "./compile-request.ts";
export type {
  CompiledClause,
  CompiledContract,
  CompiledParameter,
  GenerationStep,
} from "./compiled.ts";
export { type CheckResult, type CompileOptions, check, compile } from "./compiler.ts";
export { type Contract, contract, signatureBy } from "./contract.ts";
export type {
  ArgumentOf,
  ArgumentsOf,
  ClauseArguments,
  ClauseName,
  ClauseOf,
  ClauseWitness,
  ContractArguments,
  HasSignature,
  SignaturePlaceholder,
  WitnessArgument,
} from "./contract-types.ts";
export { type Diagnostic, formatDiagnostic } from "./diagnostics.ts";
export type { Dialect } from "./dialect.ts";
export {
  type CompileErrorCode,
  EquityError,
  type EquityErrorCode,
  type EquityErrorFacts,
  type ImportErrorCode,
  type LimitErrorCode,
  type ParseErrorCode,
  type UseErrorCode,
} from "./error.ts";
export { type FormatOptions, formatSource } from "./format.ts";
export type { HashCall } from "./generation.ts";
export { type ContractArgument, type Instantiable, instantiate } from "./instantiate.ts";
export type { ImportResolver, ResolvedFile } from "./load.ts";
export type { ClauseValue, ConditionalValues, ContractCall, NameType } from "./metadata.ts";
export { optimizeText } from "./optimize.ts";
export {
  type ClauseJson,
  type ConditionalValuesJson,
  type ContractCallJson,
  type ContractJson,
  contractJson,
  type HashCallJson,
  type NameTypeJson,
  type ParameterJson,
  type ValueJson,
} from "./output-json.ts";
export { referenceMessage } from "./reference-message.ts";
export type { Place, Position, Range, SourceText } from "./source.ts";
export type { HashSubtype, NamedType, Type } from "./types.ts";
export type { WarningCode } from "./warning.ts";
