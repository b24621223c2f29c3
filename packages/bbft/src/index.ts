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
export { BbftError, type BbftErrorCode, type BbftErrorFacts } from "./error.ts";
export {
  effectiveHierViews,
  type LeaderRule,
  leaderOf,
  type ViewLeader,
  viewTopology,
} from "./leader.ts";
export { type Contribution, combineMerged, type Merged, merge } from "./merge.ts";
export { decisionWire, type PhaseCounts, phaseCounts } from "./message-counts.ts";
export { decodeProposal, encodeProposal, type Proposal } from "./proposal.ts";
export { createBls12381 } from "./scheme/bls12-381.ts";
export { type BlstModule, type BlstSignature, createBlst } from "./scheme/blst.ts";
export { createEd25519, type Ed25519Backend } from "./scheme/ed25519.ts";
export { createFakeScheme, FAKE_SCHEME_ID } from "./scheme/fake.ts";
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
