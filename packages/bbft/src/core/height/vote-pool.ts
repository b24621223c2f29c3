/**
 * The votes of one (kind, view, value) as one validator holds them, and what it may pass on.
 *
 * What goes up or into the mesh holds only votes from below: of the own subtree, of attached nodes
 * and the own one. Votes learned from the mesh serve the certificate, never another exchange.
 *
 * @see spec 90-bbft, section 7.7 "Contributions and merging"
 */
import { type Contribution, combineMerged, type Merged, merge } from "../../merge.ts";
import type { SignatureScheme } from "../../scheme/scheme.ts";
import { addSigners, isSubset, type SignerSet, signerSet } from "../../signer-set.ts";
import type { VoteKind } from "../../signing.ts";
import { type Electorate, powerOf } from "../../validator-set.ts";

/** Something that arrived and is not verified yet. */
export interface PendingPart {
  readonly from: number;
  /** From the own subtree or an attached node. */
  readonly isBelow: boolean;
  /** The signer of a single vote; undefined for a contribution. */
  readonly single: number | undefined;
  readonly signers: readonly number[];
  readonly set: SignerSet;
  readonly signature: Uint8Array;
  /** The signed envelope of a contribution. */
  readonly envelope?: Uint8Array | undefined;
}

export class VotePool {
  readonly kind: VoteKind;
  readonly view: number;
  readonly valueId: Uint8Array;
  /** What every signer of this pool signs. */
  readonly message: Uint8Array;
  readonly key: string;
  pending: PendingPart[] = [];
  /** Children that sent something, valid or not: nothing more is waited for. */
  readonly answered: Set<number> = new Set();
  isChecking = false;
  hasOwn = false;
  /** The time to wait for children is over. */
  isOverdue = false;
  hasTimer = false;
  /** Signers of what was last sent up. */
  sent: SignerSet | undefined;
  repeats = 0;
  /** Sources that were asked for single votes. */
  readonly asked: Set<number> = new Set();
  readonly #singles: Map<number, Uint8Array> = new Map();
  readonly #singlesBelow: Map<number, Uint8Array> = new Map();
  readonly #contributions: Map<number, Contribution> = new Map();
  readonly #contributionsBelow: Map<number, Contribution> = new Map();

  constructor(input: {
    kind: VoteKind;
    view: number;
    valueId: Uint8Array;
    message: Uint8Array;
    key: string;
  }) {
    this.kind = input.kind;
    this.view = input.view;
    this.valueId = input.valueId;
    this.message = input.message;
    this.key = input.key;
  }

  /** The verified single vote of a validator. */
  single(signer: number): Uint8Array | undefined {
    return this.#singles.get(signer);
  }

  /**
   * Is this vote held, or did the same sender bring it already? What somebody else brought is not
   * verified yet: it must not keep the real vote out.
   */
  hasSingle(signer: number, from: number): boolean {
    return (
      this.#singles.has(signer) ||
      this.pending.some((part) => part.single === signer && part.from === from)
    );
  }

  /** Does a contribution from this source bring nothing new? */
  hasContribution(source: number, set: SignerSet): boolean {
    const held = this.#contributions.get(source);
    return (
      (held !== undefined && isSubset(set, held.signers)) ||
      this.pending.some(
        (part) => part.single === undefined && part.from === source && isSubset(set, part.set),
      )
    );
  }

  addVerifiedSingle(signer: number, signature: Uint8Array, isBelow: boolean): void {
    this.#singles.set(signer, signature);
    if (isBelow) this.#singlesBelow.set(signer, signature);
  }

  /** Adds what a check found valid. */
  addVerified(part: PendingPart): void {
    if (part.single !== undefined) {
      this.addVerifiedSingle(part.single, part.signature, part.isBelow);
      return;
    }
    const contribution = { source: part.from, signers: part.set, signature: part.signature };
    this.#contributions.set(part.from, contribution);
    if (part.isBelow) this.#contributionsBelow.set(part.from, contribution);
  }

  /** Power of everybody whose vote is held or pending: could this become a certificate? */
  potentialPower(electorate: Electorate): number {
    const union = this.verifiedUnion(electorate.n);
    for (const { set } of this.pending) addSigners(union, set);
    return powerOf(electorate, union);
  }

  verifiedUnion(n: number): SignerSet {
    const union = signerSet(n, this.#singles.keys());
    for (const { signers } of this.#contributions.values()) addSigners(union, signers);
    return union;
  }

  /** Sources of contributions that hold votes which a merge had to leave out. */
  overlappingSources(merged: Merged): number[] {
    return [...this.#contributions.values()]
      .filter(
        ({ source, signers }) =>
          !merged.usedSources.includes(source) && !isSubset(signers, merged.signers),
      )
      .map(({ source }) => source);
  }

  mergeAll(electorate: Electorate): Merged {
    return merge(electorate, [...this.#contributions.values()], this.#singles);
  }

  combineAll(scheme: SignatureScheme, merged: Merged): Uint8Array {
    return combineMerged(scheme, merged, [...this.#contributions.values()], this.#singles);
  }

  mergeBelow(electorate: Electorate): Merged {
    return merge(electorate, [...this.#contributionsBelow.values()], this.#singlesBelow);
  }

  combineBelow(scheme: SignatureScheme, merged: Merged): Uint8Array {
    return combineMerged(
      scheme,
      merged,
      [...this.#contributionsBelow.values()],
      this.#singlesBelow,
    );
  }

  /** The single votes held of those wanted. */
  singlesOf(wanted: readonly number[]): { signer: number; signature: Uint8Array }[] {
    return wanted.flatMap((signer) => {
      const signature = this.#singles.get(signer);
      return signature === undefined ? [] : [{ signer, signature }];
    });
  }
}
