/**
 * Building a certificate from what arrived: contributions of subtrees and single votes.
 *
 * @see spec 90-bbft, section 7.7 "Contributions and merging"
 */
import type { SignatureScheme } from "./scheme/scheme.ts";
import {
  addSigner,
  addSigners,
  areDisjoint,
  hasSigner,
  type SignerSet,
  signerSet,
  signersOf,
} from "./signer-set.ts";
import { type Electorate, powerOf } from "./validator-set.ts";

/** Votes that arrived combined. */
export interface Contribution {
  /** Validator that combined them. */
  readonly source: number;
  readonly signers: SignerSet;
  readonly signature: Uint8Array;
}

export interface Merged {
  readonly usedSources: readonly number[];
  readonly usedSingles: readonly number[];
  readonly signers: SignerSet;
  readonly power: number;
  readonly isQuorum: boolean;
  /** Everybody whose vote is somewhere, overlapping contributions included. */
  readonly union: SignerSet;
}

/**
 * Chooses disjoint contributions, the most powerful first, then fills up with single votes.
 *
 * @param singles signature by validator
 */
export function merge(
  electorate: Electorate,
  contributions: readonly Contribution[],
  singles: ReadonlyMap<number, Uint8Array>,
): Merged {
  const ordered = contributions
    .map((contribution) => ({ contribution, power: powerOf(electorate, contribution.signers) }))
    .sort((a, b) => b.power - a.power || a.contribution.source - b.contribution.source);
  const signers = signerSet(electorate.n);
  const union = signerSet(electorate.n);
  const usedSources: number[] = [];
  for (const { contribution } of ordered) {
    addSigners(union, contribution.signers);
    if (!areDisjoint(signers, contribution.signers)) continue;
    addSigners(signers, contribution.signers);
    usedSources.push(contribution.source);
  }
  const usedSingles: number[] = [];
  for (const signer of [...singles.keys()].sort((a, b) => a - b)) {
    addSigner(union, signer);
    if (hasSigner(signers, signer)) continue;
    addSigner(signers, signer);
    usedSingles.push(signer);
  }
  const power = powerOf(electorate, signers);
  return {
    usedSources,
    usedSingles,
    signers,
    power,
    isQuorum: power >= electorate.quorumPower,
    union,
  };
}

/** The combined signature of what {@link merge} chose. */
export function combineMerged(
  scheme: SignatureScheme,
  { usedSources, usedSingles }: Merged,
  contributions: readonly Contribution[],
  singles: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const bySource = new Map(
    contributions.map((contribution) => [contribution.source, contribution]),
  );
  const parts = usedSources.flatMap((source) => {
    const contribution = bySource.get(source);
    return contribution === undefined
      ? []
      : [{ signers: signersOf(contribution.signers), signature: contribution.signature }];
  });
  for (const signer of usedSingles) {
    const signature = singles.get(signer);
    if (signature !== undefined) parts.push({ signers: [signer], signature });
  }
  return scheme.combine(parts);
}
