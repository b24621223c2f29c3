/**
 * The contexts of the current epoch and the one before, and the set that follows.
 *
 * @see spec 90-bbft, section 12.2 "Epochs"
 */
import { BbftError } from "../error.ts";
import { checkParameters, type Parameters } from "../parameters.ts";
import { createElectorate, epochOf, type ValidatorSet } from "../validator-set.ts";
import type { EpochContext } from "./epoch-context.ts";

/** What the application wants of the next epoch; in the last block of an epoch only. */
export interface NextEpoch {
  /** The same validators again when left out. */
  readonly nextValidators?: ValidatorSet | undefined;
  /** The same parameters again when left out. */
  readonly nextParameters?: Parameters | undefined;
}

export class Epochs {
  readonly #contexts: Map<bigint, EpochContext> = new Map();

  constructor(first: EpochContext, previous: EpochContext | undefined) {
    if (previous !== undefined) this.enter(previous);
    this.enter(first);
  }

  /** The context of an epoch, if it is known. */
  find(epoch: bigint): EpochContext | undefined {
    return this.#contexts.get(epoch);
  }

  /** The context of a height, which must be known. */
  at(height: bigint): EpochContext {
    const [first] = this.#contexts.values();
    const length = first?.parameters.epochLength ?? 1;
    const context = this.#contexts.get(epochOf(height, length));
    if (context === undefined) throw new RangeError(`no context for height ${height}`);
    return context;
  }

  enter(context: EpochContext): void {
    this.#contexts.set(context.epoch, context);
    this.#contexts.delete(context.epoch - 2n);
  }
}

/** The set of the next epoch: what the application wants, or the same validators again. */
export function followingSet(
  context: EpochContext,
  proposed: ValidatorSet | undefined,
): ValidatorSet {
  const { set } = context.electorate;
  const epoch = context.epoch + 1n;
  if (proposed === undefined || proposed.validators.length === 0) return { ...set, epoch };
  return { ...proposed, epoch };
}

/** Length of a vote key, bytes, by scheme. */
const VOTE_KEY_LENGTH: { readonly [scheme: number]: number } = { 1: 32, 2: 48 };

/**
 * Checks what the application wants of the next epoch.
 *
 * The length of an epoch cannot change: the epoch of a height is a function of the height alone,
 * and it is in everything that is signed. The simulation scheme cannot be changed to.
 *
 * @throws {@link BbftError} `limit` | `scheme` | `valset`
 */
export function checkNextEpoch(
  context: EpochContext,
  { nextValidators, nextParameters }: NextEpoch,
): void {
  const parameters = nextParameters ?? context.parameters;
  const set = followingSet(context, nextValidators);
  const { scheme } = parameters;
  if (nextParameters !== undefined) {
    checkParameters(nextParameters);
    const { epochLength, m } = nextParameters;
    const isWithin = epochLength === context.parameters.epochLength && m <= set.validators.length;
    if (!isWithin) throw new BbftError("limit", { found: m, expected: set.validators.length });
    if (scheme !== context.parameters.scheme && VOTE_KEY_LENGTH[scheme] === undefined)
      throw new BbftError("scheme", { found: scheme });
  }
  createElectorate(set);
  const keyLength = VOTE_KEY_LENGTH[scheme];
  const hasKeys =
    set.scheme === scheme &&
    (keyLength === undefined || set.validators.every((one) => one.voteKey.length === keyLength));
  if (!hasKeys) throw new BbftError("scheme", { found: set.scheme, expected: scheme });
}
