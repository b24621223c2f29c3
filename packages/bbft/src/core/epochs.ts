/**
 * The contexts of the current epoch and the one before, and the set that follows.
 *
 * @see spec 90-bbft, section 12.2 "Epochs"
 */
import { epochOf, type ValidatorSet } from "../validator-set.ts";
import type { EpochContext } from "./epoch-context.ts";

export class Epochs {
  readonly #contexts: Map<bigint, EpochContext> = new Map();

  constructor(first: EpochContext) {
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
