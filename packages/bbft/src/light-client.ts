/**
 * Finality for those who do not vote: commit proofs checked against a set that is trusted.
 *
 * @see spec 90-bbft, section 17.1 "Light clients"
 */
import { sameBytes } from "./bytes.ts";
import {
  type CommitProof,
  checkCertificate,
  checkProofBinding,
  decodeCommitProof,
} from "./certificate.ts";
import { decodeEngineData, ENGINE_ITEM, findItem } from "./core/engine-data.ts";
import { BbftError } from "./error.ts";
import { decodeParameters, type Parameters } from "./parameters.ts";
import type { SignatureScheme } from "./scheme/scheme.ts";
import { hasSigner } from "./signer-set.ts";
import { hash } from "./signing.ts";
import {
  createElectorate,
  type Electorate,
  epochOf,
  isLastOfEpoch,
  type ValidatorSet,
  valsetHash,
} from "./validator-set.ts";

/** A fraction in exact numbers. */
export interface Fraction {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export interface LightClientOptions {
  readonly chainId: Uint8Array;
  readonly epochLength: number;
  readonly scheme: SignatureScheme;
  /** Schemes that the chain may change to. */
  readonly otherSchemes?: readonly SignatureScheme[] | undefined;
  /** How long a set may be trusted after it was last confirmed; shorter than the unbonding time. */
  readonly trustingPeriodSeconds: number;
  /** Part of the trusted power that must have signed when skipping, 1/3 to 1; 1/3 when left out. */
  readonly trustLevel?: Fraction | undefined;
}

/** What a light client believes. A plain value: store it, replace it by what verification gives. */
export interface TrustedState {
  readonly set: ValidatorSet;
  readonly height: bigint;
  /** Application's block id at that height, 32 bytes. */
  readonly blockId: Uint8Array;
  /** When it was last confirmed. */
  readonly confirmedAtSeconds: number;
  /** As the last block of an epoch decided them; undefined while those of the genesis hold. */
  readonly parameters?: Parameters | undefined;
}

/** 13 days: the preset of the side chain, whose votes stay locked for 20. */
export const DEFAULT_TRUSTING_PERIOD_SECONDS: number = 13 * 24 * 3600;

const ONE_THIRD: Fraction = { numerator: 1n, denominator: 3n };

/** @throws {@link BbftError} `scheme` for a scheme that the options do not have */
function schemeOf({ scheme, otherSchemes = [] }: LightClientOptions, id: number): SignatureScheme {
  const found = [scheme, ...otherSchemes].find((one) => one.id === id);
  if (found === undefined) throw new BbftError("scheme", { found: id });
  return found;
}

function checkTrust(
  { trustingPeriodSeconds }: LightClientOptions,
  trusted: TrustedState,
  nowSeconds: number,
): void {
  const age = nowSeconds - trusted.confirmedAtSeconds;
  if (age > trustingPeriodSeconds)
    throw new BbftError("trust", { found: age, expected: trustingPeriodSeconds });
}

function checkProof(options: LightClientOptions, proof: CommitProof, electorate: Electorate): void {
  const { chainId, epochLength } = options;
  const scheme = schemeOf(options, electorate.set.scheme);
  const { certificate } = proof;
  if (certificate.height < 1n || certificate.epoch !== epochOf(certificate.height, epochLength))
    throw new BbftError("valset", { height: certificate.height });
  checkProofBinding(proof);
  checkCertificate(certificate, chainId, electorate, scheme);
}

/**
 * Verifies a block of the trusted epoch: a single proof suffices.
 *
 * @returns the new trusted state, never of a lower height
 * @throws {@link BbftError} `trust` when the trusted state is too old, or contradicts a proof of the
 *   same height; `valset` for another epoch; those of `decodeCommitProof` and `checkCertificate`
 */
export function verifyWithinEpoch(
  options: LightClientOptions,
  trusted: TrustedState,
  encodedProof: Uint8Array,
  nowSeconds: number,
): TrustedState {
  checkTrust(options, trusted, nowSeconds);
  const electorate = createElectorate(trusted.set);
  const scheme = schemeOf(options, trusted.set.scheme);
  const proof = decodeCommitProof(encodedProof, electorate, scheme);
  checkProof(options, proof, electorate);
  const { height } = proof.certificate;
  if (height === trusted.height && !sameBytes(proof.appBlockId, trusted.blockId))
    throw new BbftError("trust", { height });
  if (height <= trusted.height) return { ...trusted, confirmedAtSeconds: nowSeconds };
  return { ...trusted, height, blockId: proof.appBlockId, confirmedAtSeconds: nowSeconds };
}

/**
 * Verifies the last block of the trusted epoch and takes over the set that it announces, and the
 * parameters where it changes them.
 *
 * @param engineData of that block: holds the hash of the next set
 * @param next the announced set, from anywhere
 * @throws {@link BbftError} `valset` when the set is not the announced one or the block is not the
 *   last of its epoch; `scheme` when it is not of the scheme that was decided; `justification` when
 *   the engine data is not the block's; `limit` for impossible parameters; as
 *   {@link verifyWithinEpoch}
 */
export function verifyEpochChange(
  options: LightClientOptions,
  trusted: TrustedState,
  encodedProof: Uint8Array,
  engineData: Uint8Array,
  next: ValidatorSet,
  nowSeconds: number,
): TrustedState {
  const verified = verifyWithinEpoch(options, trusted, encodedProof, nowSeconds);
  const electorate = createElectorate(trusted.set);
  const { certificate, engineHash, appBlockId } = decodeCommitProof(
    encodedProof,
    electorate,
    schemeOf(options, trusted.set.scheme),
  );
  const { height } = certificate;
  if (!isLastOfEpoch(height, options.epochLength)) throw new BbftError("valset", { height });
  if (!sameBytes(hash(engineData), engineHash)) throw new BbftError("justification", { height });
  const items = decodeEngineData(engineData, height, options.epochLength);
  const announced = findItem(items, ENGINE_ITEM.NEXT_VALSET);
  const isAnnounced =
    announced !== undefined &&
    next.epoch === trusted.set.epoch + 1n &&
    sameBytes(announced, valsetHash(next));
  if (!isAnnounced) throw new BbftError("valset", { height });
  createElectorate(next);
  const changed = findItem(items, ENGINE_ITEM.PARAMS);
  const parameters = changed === undefined ? trusted.parameters : decodeParameters(changed);
  if (changed !== undefined && parameters?.epochLength !== options.epochLength)
    throw new BbftError("limit", { height });
  const expected = changed === undefined ? trusted.set.scheme : parameters?.scheme;
  if (next.scheme !== expected) throw new BbftError("scheme", { height, found: next.scheme });
  return { ...verified, set: next, height, blockId: appBlockId, parameters };
}

/**
 * Accepts a later set without those between: more than the trust level of the trusted power must be
 * in the new set and have signed, besides two thirds of the new set. Validators are known again by
 * their vote keys, so a change of scheme cannot be skipped; and parameters that were decided in
 * between are not learned.
 *
 * @throws {@link BbftError} `trust` when too little of the trusted power signed; `valset` for a set
 *   that is not later; those of `decodeCommitProof` and `checkCertificate`
 */
export function verifySkipping(
  options: LightClientOptions,
  trusted: TrustedState,
  encodedProof: Uint8Array,
  next: ValidatorSet,
  nowSeconds: number,
): TrustedState {
  checkTrust(options, trusted, nowSeconds);
  if (next.epoch <= trusted.set.epoch) throw new BbftError("valset", { height: trusted.height });
  const electorate = createElectorate(next);
  const proof = decodeCommitProof(encodedProof, electorate, schemeOf(options, next.scheme));
  checkProof(options, proof, electorate);
  const { height, signers } = proof.certificate;
  const { numerator, denominator } = options.trustLevel ?? ONE_THIRD;
  if (3n * numerator < denominator || numerator > denominator)
    throw new RangeError("a trust level is 1/3 to 1");
  const signed = trustedPowerOf(trusted.set, next, (index) => hasSigner(signers, index));
  const total = trusted.set.validators.reduce((sum, { power }) => sum + power, 0n);
  const isTrusted =
    numerator === denominator ? signed === total : denominator * signed > numerator * total;
  if (!isTrusted) throw new BbftError("trust", { height });
  return { set: next, height, blockId: proof.appBlockId, confirmedAtSeconds: nowSeconds };
}

/** Power in the trusted set of the validators that signed under their same keys in the new one. */
function trustedPowerOf(
  trusted: ValidatorSet,
  next: ValidatorSet,
  hasSigned: (index: number) => boolean,
): bigint {
  const counted = new Set<number>();
  let power = 0n;
  for (const [index, { voteKey }] of next.validators.entries()) {
    if (!hasSigned(index)) continue;
    const at = trusted.validators.findIndex((one) => sameBytes(one.voteKey, voteKey));
    const found = trusted.validators[at];
    if (found === undefined || counted.has(at)) continue;
    counted.add(at);
    power += found.power;
  }
  return power;
}

/**
 * Are two commit proofs of one height for different values: proof that more than f validators lie?
 * Both must have been verified.
 */
export function areConflicting(a: CommitProof, b: CommitProof): boolean {
  return (
    a.certificate.height === b.certificate.height &&
    !sameBytes(a.certificate.valueId, b.certificate.valueId)
  );
}
