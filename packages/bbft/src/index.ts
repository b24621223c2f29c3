export {
  type Certificate,
  type CommitProof,
  checkCertificate,
  checkContribution,
  checkProofBinding,
  decodeCertificate,
  decodeCommitProof,
  encodeCertificate,
  encodeCommitProof,
  verifyCertificateSignature,
} from "./certificate.ts";
export {
  type Complaint,
  complaintBytes,
  complaintCheck,
  decodeComplaint,
  encodeComplaint,
  excludedGateways,
} from "./core/complaint.ts";
export { BbftCore } from "./core/core.ts";
export type { CoreOptions } from "./core/core-options.ts";
export {
  addCounts,
  createCounts,
  decisionTotal,
  type MessageCounts,
  phaseTotals,
} from "./core/counters.ts";
export {
  decodeEngineData,
  ENGINE_ITEM,
  type EngineItem,
  type EngineItemType,
  encodeEngineData,
} from "./core/engine-data.ts";
export {
  createEpochContext,
  type EpochContext,
  roleOf,
  type ViewRole,
} from "./core/epoch-context.ts";
export { type DecidedData, type EpochOutcome, outcomeOf } from "./core/epoch-outcome.ts";
export type { NextEpoch } from "./core/epochs.ts";
export type {
  Check,
  Decision,
  Effect,
  Event,
  SignRequest,
  SignState,
  SignStep,
  Stage,
  WalRecord,
} from "./core/events.ts";
export { SIGN_STEP } from "./core/events.ts";
export {
  type ContextOfEpoch,
  type Contradiction,
  decodeEvidence,
  EVIDENCE_TYPE,
  type Evidence,
  type EvidenceType,
  encodeEvidence,
  evidenceCheck,
  evidenceOfConflict,
  type FalseAggregate,
} from "./core/evidence.ts";
export {
  decodeLatencyReport,
  distancesFromReports,
  encodeLatencyReport,
  type LatencyEntry,
  type LatencyReport,
  latencyBytes,
  reportHeight,
} from "./core/latency-report.ts";
export {
  type Body,
  heightOf,
  MESSAGE_TYPE,
  type Message,
  type Timeout,
  type Vote,
} from "./core/message.ts";
export {
  type DecodeContext,
  decodeMessage,
  encodeMessage,
  epochInMessage,
} from "./core/message-codec.ts";
export { messageSize } from "./core/message-size.ts";
export { type Offense, offenseId, offenseOf } from "./core/offense.ts";
export { checkSignRequest, isLaterStep } from "./core/sign-guard.ts";
export { runCheck, type VerifyContext } from "./core/verify.ts";
export {
  INITIAL_VOTE_STATE,
  isJustified,
  mayCommit,
  mayEnter,
  mayPrepare,
  mayTimeout,
  timeoutClaim,
  type VoteState,
} from "./core/voting-rules.ts";
export {
  ANY_RECEIVER,
  decodeEnvelope,
  type Envelope,
  encodeEnvelope,
  needsSignature,
} from "./envelope.ts";
export { BbftError, type BbftErrorCode, type BbftErrorFacts } from "./error.ts";
export { BbftNode } from "./host/bbft-node.ts";
export type {
  Application,
  ApplicationState,
  Block,
  BlockContext,
  Clock,
  MessageClass,
  Signer,
  TimerId,
  Transport,
  Verifier,
  Wal,
  WalEntry,
} from "./host/interfaces.ts";
export {
  createLocalSigner,
  createMemoryHub,
  createMemoryWal,
  type MemoryHub,
} from "./host/memory.ts";
export { beginLog } from "./host/node-log.ts";
export type { NodeEvents, NodeModules, NodeOptions } from "./host/node-options.ts";
export {
  type CreateContext,
  findStartingPoint,
  type StartingPoint,
} from "./host/starting-point.ts";
export {
  crc32c,
  decodeFrames,
  decodeWalRecord,
  type EpochRecord,
  encodeEpoch,
  encodeFrame,
  encodeWalRecord,
  endedHeight,
  epochOfEntry,
  signStateOf,
  WAL_TYPE,
} from "./host/wal-codec.ts";
export {
  effectiveHierViews,
  type LeaderRule,
  leaderOf,
  type ViewLeader,
  viewTopology,
} from "./leader.ts";
export {
  areConflicting,
  DEFAULT_TRUSTING_PERIOD_SECONDS,
  type Fraction,
  type LightClientOptions,
  type TrustedState,
  verifyEpochChange,
  verifySkipping,
  verifyWithinEpoch,
} from "./light-client.ts";
export { type Contribution, combineMerged, type Merged, merge } from "./merge.ts";
export { decisionWire, type PhaseCounts, phaseCounts } from "./message-counts.ts";
export {
  checkParameters,
  DEFAULT_PARAMETERS,
  decodeParameters,
  encodeParameters,
  type Parameters,
  viewTimeout,
} from "./parameters.ts";
export { decodeProposal, encodeProposal, type Proposal } from "./proposal.ts";
export { createBls12381 } from "./scheme/bls12-381.ts";
export { type BlstModule, type BlstSignature, createBlst } from "./scheme/blst.ts";
export { createEd25519, type Ed25519Backend } from "./scheme/ed25519.ts";
export { createFakeScheme, FAKE_SCHEME_ID } from "./scheme/fake.ts";
export { checkPossession } from "./scheme/registration.ts";
export type {
  MessageGroup,
  SignaturePart,
  SignatureScheme,
  SingleSignature,
} from "./scheme/scheme.ts";
export {
  addSigner,
  areDisjoint,
  hasSigner,
  type SignerSet,
  signerSet,
  signersOf,
} from "./signer-set.ts";
export {
  COMMIT,
  envelopeBytes,
  hash,
  type Position,
  PREPARE,
  proposalBytes,
  SIGN_KIND,
  type SignKind,
  signBytes,
  timeoutBytes,
  type VoteKind,
  valueIdOf,
  voteBytes,
} from "./signing.ts";
export {
  checkTimeoutCertificate,
  decodeTimeoutCertificate,
  encodeTimeoutCertificate,
  forcedValue,
  type TimeoutCertificate,
  type TimeoutGroup,
  timeoutSigners,
} from "./timeout-certificate.ts";
export {
  type AdaptiveInput,
  chooseM,
  type Prediction,
  predictCandidates,
  predictDecisionTime,
} from "./topology/adaptive-m.ts";
export { type Grouping, type GroupingInput, groupValidators } from "./topology/k-medoid.ts";
export {
  type Distances,
  distanceOf,
  medianLatency,
  NO_LATENCY,
  normalizeLatency,
  oneWayFromRoundTrip,
  uniformDistances,
} from "./topology/latency.ts";
export {
  createContextFactory,
  standardTopology,
  type TopologyInput,
  type TopologyProvider,
} from "./topology/provider.ts";
export { spanningTreeTopology } from "./topology/spanning-tree.ts";
export { predictTimeline, type Timeline } from "./topology/timeline.ts";
export {
  createTopology,
  fullTopology,
  integerSquareRoot,
  starTopology,
  type Topology,
} from "./topology/topology.ts";
export {
  createElectorate,
  type Electorate,
  epochOf,
  faultsTolerated,
  isLastOfEpoch,
  MAX_VALIDATORS,
  powerOf,
  type Validator,
  type ValidatorSet,
  valsetHash,
} from "./validator-set.ts";
