/**
 * Quorum certificates and contributions: the votes of many validators for one value as one object.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 1 | kind: 1 PREPARE, 2 COMMIT |
 * | 1 | 1 | scheme |
 * | 2 | 8 | epoch |
 * | 10 | 8 | height |
 * | 18 | 4 | view |
 * | 22 | 32 | value id |
 * | 54 | 2 | n |
 * | 56 | ceil(n/8) | bitmap of signers |
 * | .. | scheme's | combined signature |
 *
 * @see spec 90-bbft, section 7.5 "Encodings and order of checks"
 */
import { concat, Reader, u8, u16, u32, u64 } from "./bytes.ts";
import { BbftError } from "./error.ts";
import type { SignatureScheme } from "./scheme/scheme.ts";
import { bitmapLength, hasStrayBits, isEmptySet, type SignerSet, signersOf } from "./signer-set.ts";
import { COMMIT, type Position, PREPARE, type VoteKind, valueIdOf, voteBytes } from "./signing.ts";
import { type Electorate, powerOf } from "./validator-set.ts";

/** A certificate where the signers are a quorum, else a contribution to one. */
export interface Certificate extends Position {
  readonly kind: VoteKind;
  readonly scheme: number;
  readonly valueId: Uint8Array;
  readonly n: number;
  readonly signers: SignerSet;
  readonly signature: Uint8Array;
}

/** A commit certificate with what recomputes its value id: the finality proof of a block. */
export interface CommitProof {
  readonly certificate: Certificate;
  readonly appBlockId: Uint8Array;
  readonly engineHash: Uint8Array;
}

const HEADER_LENGTH = 56;

export function encodeCertificate(certificate: Certificate): Uint8Array {
  const { kind, scheme, epoch, height, view, valueId, n, signers, signature } = certificate;
  return concat(
    u8(kind),
    u8(scheme),
    u64(epoch),
    u64(height),
    u32(view),
    valueId,
    u16(n),
    signers,
    signature,
  );
}

/**
 * Reads a certificate that fills `bytes` and checks its form, not its quorum or signature.
 *
 * @throws {@link BbftError} `length` | `kind` | `scheme` | `valset` | `bitmap`
 */
export function decodeCertificate(
  bytes: Uint8Array,
  electorate: Electorate,
  scheme: SignatureScheme,
): Certificate {
  if (bytes.length < HEADER_LENGTH)
    throw new BbftError("length", { found: bytes.length, expected: HEADER_LENGTH });
  const reader = new Reader(bytes);
  const kind = reader.u8();
  if (kind !== PREPARE && kind !== COMMIT) throw new BbftError("kind", { found: kind });
  const schemeId = reader.u8();
  if (schemeId !== scheme.id) throw new BbftError("scheme", { found: schemeId });
  const position = { epoch: reader.u64(), height: reader.u64(), view: reader.u32() };
  const valueId = reader.take(32);
  const n = reader.u16();
  if (n !== electorate.n || position.epoch !== electorate.set.epoch)
    throw new BbftError("valset", { found: n, expected: electorate.n });
  const signers = reader.take(bitmapLength(n));
  if (hasStrayBits(signers, n)) throw new BbftError("bitmap", { expected: n });
  const signature = reader.rest();
  const expected = scheme.combinedLength(signersOf(signers).length);
  if (signature.length !== expected)
    throw new BbftError("length", { found: signature.length, expected });
  return { kind, scheme: schemeId, ...position, valueId, n, signers, signature };
}

/** Is the combined signature that of the named signers? */
export function verifyCertificateSignature(
  certificate: Certificate,
  chainId: Uint8Array,
  electorate: Electorate,
  scheme: SignatureScheme,
): boolean {
  const message = voteBytes(certificate.kind, chainId, certificate, certificate.valueId);
  const signers = signersOf(certificate.signers);
  return scheme.verifyCombined(electorate.voteKeys, signers, message, certificate.signature);
}

/**
 * Checks a decoded certificate: quorum, then signature.
 *
 * @throws {@link BbftError} `quorum` | `signature`
 */
export function checkCertificate(
  certificate: Certificate,
  chainId: Uint8Array,
  electorate: Electorate,
  scheme: SignatureScheme,
): void {
  const power = powerOf(electorate, certificate.signers);
  if (power < electorate.quorumPower)
    throw new BbftError("quorum", { found: power, expected: electorate.quorumPower });
  if (!verifyCertificateSignature(certificate, chainId, electorate, scheme))
    throw new BbftError("signature", { height: certificate.height, view: certificate.view });
}

/**
 * Checks a contribution: some signers, then signature.
 *
 * @throws {@link BbftError} `quorum` | `signature`
 */
export function checkContribution(
  contribution: Certificate,
  chainId: Uint8Array,
  electorate: Electorate,
  scheme: SignatureScheme,
): void {
  if (isEmptySet(contribution.signers)) throw new BbftError("quorum", { found: 0, expected: 1 });
  if (!verifyCertificateSignature(contribution, chainId, electorate, scheme))
    throw new BbftError("signature", { height: contribution.height, view: contribution.view });
}

export function encodeCommitProof(proof: CommitProof): Uint8Array {
  return concat(encodeCertificate(proof.certificate), proof.appBlockId, proof.engineHash);
}

/**
 * Reads a commit proof and checks its form and that the value id recomputes.
 *
 * @throws {@link BbftError} `length` | `kind` | `scheme` | `valset` | `bitmap`
 */
export function decodeCommitProof(
  bytes: Uint8Array,
  electorate: Electorate,
  scheme: SignatureScheme,
): CommitProof {
  if (bytes.length < HEADER_LENGTH + 64) throw new BbftError("length", { found: bytes.length });
  const split = bytes.length - 64;
  const certificate = decodeCertificate(bytes.subarray(0, split), electorate, scheme);
  const proof = {
    certificate,
    appBlockId: bytes.subarray(split, split + 32),
    engineHash: bytes.subarray(split + 32),
  };
  checkProofBinding(proof);
  return proof;
}

/**
 * A commit proof must be of the COMMIT phase and of the block it names.
 *
 * @throws {@link BbftError} `kind` | `justification`
 */
export function checkProofBinding({ certificate, appBlockId, engineHash }: CommitProof): void {
  if (certificate.kind !== COMMIT) throw new BbftError("kind", { found: certificate.kind });
  const valueId = valueIdOf(appBlockId, engineHash);
  if (!valueId.every((byte, at) => byte === certificate.valueId[at]))
    throw new BbftError("justification", { height: certificate.height });
}
