/**
 * Timeout certificates: a quorum that gave up a view, each with the highest prepare certificate
 * that it claims to hold, and the certificate that proves the highest claim.
 *
 * @see spec 90-bbft, section 6.1 "Certificates" and section 7.5
 */
import { concat, Reader, u8, u16, u32, u64 } from "./bytes.ts";
import {
  type Certificate,
  checkCertificate,
  decodeCertificate,
  encodeCertificate,
} from "./certificate.ts";
import { BbftError } from "./error.ts";
import type { SignatureScheme } from "./scheme/scheme.ts";
import {
  addSigners,
  areDisjoint,
  bitmapLength,
  hasStrayBits,
  isEmptySet,
  type SignerSet,
  signerSet,
  signersOf,
} from "./signer-set.ts";
import { type Position, PREPARE, timeoutBytes } from "./signing.ts";
import { type Electorate, powerOf } from "./validator-set.ts";

/** First byte of the encoding. */
const TIMEOUT_CERTIFICATE_KIND = 3;

/** Validators with the same claim. */
export interface TimeoutGroup {
  /** View of the claimed prepare certificate plus 1; 0 claims none. */
  readonly qcViewPlus1: number;
  readonly signers: SignerSet;
}

export interface TimeoutCertificate extends Position {
  readonly scheme: number;
  readonly n: number;
  /** Strictly descending claims. */
  readonly groups: readonly TimeoutGroup[];
  readonly signature: Uint8Array;
  /** The prepare certificate of the highest claim; undefined when nobody claims one. */
  readonly highQc: Certificate | undefined;
}

export function encodeTimeoutCertificate(tc: TimeoutCertificate): Uint8Array {
  return concat(
    u8(TIMEOUT_CERTIFICATE_KIND),
    u8(tc.scheme),
    u64(tc.epoch),
    u64(tc.height),
    u32(tc.view),
    u16(tc.n),
    u8(tc.groups.length),
    ...tc.groups.flatMap(({ qcViewPlus1, signers }) => [u32(qcViewPlus1), signers]),
    tc.signature,
    u8(tc.highQc === undefined ? 0 : 1),
    ...(tc.highQc === undefined ? [] : [encodeCertificate(tc.highQc)]),
  );
}

/** Everybody who gave up the view. */
export function timeoutSigners(tc: TimeoutCertificate): SignerSet {
  return unionOf(tc.n, tc.groups);
}

function unionOf(n: number, groups: readonly TimeoutGroup[]): SignerSet {
  const union = signerSet(n);
  for (const { signers } of groups) addSigners(union, signers);
  return union;
}

/**
 * Reads a timeout certificate that fills `bytes` and checks everything except its signatures.
 *
 * @throws {@link BbftError} `length` | `kind` | `scheme` | `valset` | `bitmap` | `tc-groups` |
 *   `quorum` | `tc-qc`
 */
export function decodeTimeoutCertificate(
  bytes: Uint8Array,
  electorate: Electorate,
  scheme: SignatureScheme,
): TimeoutCertificate {
  const reader = new Reader(bytes);
  const kind = reader.u8();
  if (kind !== TIMEOUT_CERTIFICATE_KIND) throw new BbftError("kind", { found: kind });
  const schemeId = reader.u8();
  if (schemeId !== scheme.id) throw new BbftError("scheme", { found: schemeId });
  const position = { epoch: reader.u64(), height: reader.u64(), view: reader.u32() };
  const n = reader.u16();
  if (n !== electorate.n || position.epoch !== electorate.set.epoch)
    throw new BbftError("valset", { found: n, expected: electorate.n });
  const count = reader.u8();
  const groups: TimeoutGroup[] = [];
  for (let i = 0; i < count; i++) {
    const qcViewPlus1 = reader.u32();
    const signers = reader.take(bitmapLength(n));
    if (hasStrayBits(signers, n)) throw new BbftError("bitmap", { expected: n });
    groups.push({ qcViewPlus1, signers });
  }
  const union = unionOf(n, groups);
  const signature = reader.take(scheme.combinedLength(signersOf(union).length));
  const hasQc = reader.u8();
  const rest = reader.rest();
  const partial = { scheme: schemeId, ...position, n, groups, signature };
  checkTimeoutGroups({ ...partial, highQc: undefined }, electorate);
  const [first] = groups;
  const claim = first?.qcViewPlus1 ?? 0;
  if (hasQc > 1 || (hasQc === 1) !== claim > 0) throw new BbftError("tc-qc", { view: claim - 1 });
  if (hasQc === 0) {
    if (rest.length !== 0) throw new BbftError("length", { found: bytes.length });
    return { ...partial, highQc: undefined };
  }
  let highQc: Certificate;
  try {
    highQc = decodeCertificate(rest, electorate, scheme);
  } catch (cause) {
    throw new BbftError("tc-qc", { view: claim - 1 }, { cause });
  }
  const tc = { ...partial, highQc };
  checkHighQc(tc);
  return tc;
}

/**
 * Checks claims and quorum.
 *
 * @throws {@link BbftError} `tc-groups` | `quorum`
 */
function checkTimeoutGroups(tc: TimeoutCertificate, electorate: Electorate): void {
  const { groups, view, n } = tc;
  if (groups.length === 0) throw new BbftError("tc-groups", { view, found: 0 });
  let claimAbove = Number.POSITIVE_INFINITY;
  const union = signerSet(n);
  for (const { qcViewPlus1, signers } of groups) {
    const isSound =
      qcViewPlus1 < claimAbove &&
      qcViewPlus1 <= view + 1 &&
      !isEmptySet(signers) &&
      areDisjoint(union, signers);
    if (!isSound) throw new BbftError("tc-groups", { view, found: qcViewPlus1 });
    claimAbove = qcViewPlus1;
    addSigners(union, signers);
  }
  const power = powerOf(electorate, union);
  if (power < electorate.quorumPower)
    throw new BbftError("quorum", { found: power, expected: electorate.quorumPower });
}

function checkHighQc({ groups, highQc, epoch, height }: TimeoutCertificate): void {
  const claim = groups[0]?.qcViewPlus1 ?? 0;
  const isSound =
    highQc === undefined
      ? claim === 0
      : highQc.kind === PREPARE &&
        highQc.epoch === epoch &&
        highQc.height === height &&
        highQc.view + 1 === claim;
  if (!isSound) throw new BbftError("tc-qc", { height, view: claim - 1 });
}

/**
 * Checks a decoded timeout certificate completely: the prepare certificate, then the signatures.
 *
 * @throws {@link BbftError} `tc-qc` | `signature`
 */
export function checkTimeoutCertificate(
  tc: TimeoutCertificate,
  chainId: Uint8Array,
  electorate: Electorate,
  scheme: SignatureScheme,
): void {
  checkHighQc(tc);
  if (tc.highQc !== undefined) {
    try {
      checkCertificate(tc.highQc, chainId, electorate, scheme);
    } catch (cause) {
      throw new BbftError("tc-qc", { height: tc.height, view: tc.highQc.view }, { cause });
    }
  }
  const groups = tc.groups.map(({ qcViewPlus1, signers }) => ({
    signers: signersOf(signers),
    message: timeoutBytes(chainId, tc, qcViewPlus1),
  }));
  if (!scheme.verifyMany(groups, electorate.voteKeys, tc.signature))
    throw new BbftError("signature", { height: tc.height, view: tc.view });
}

/** The value that a proposal justified by this certificate must have; undefined: any value. */
export function forcedValue(tc: TimeoutCertificate): Uint8Array | undefined {
  return tc.highQc?.valueId;
}
