/** The application of a simulated validator: the blocks it holds, and what it wants of epochs. */
import { keyOf, u32, u64 } from "../bytes.ts";
import type { EpochContext } from "../core/epoch-context.ts";
import { type DecidedData, outcomeOf } from "../core/epoch-outcome.ts";
import type { NextEpoch } from "../core/epochs.ts";
import type { Decision } from "../core/events.ts";
import { type Offense, offenseId } from "../core/offense.ts";
import type { Parameters } from "../parameters.ts";
import { hash } from "../signing.ts";
import { epochOf, isLastOfEpoch } from "../validator-set.ts";
import type { World } from "./world.ts";

/** What happens at the ends of epochs; nothing when left out. */
export interface EpochPlan {
  /** How many of all validators, from the first on, are in the set of an epoch. */
  readonly members?: ((epoch: bigint) => number) | undefined;
  /** Parameters that an epoch changes for the next one. */
  readonly changes?: ReadonlyMap<bigint, Partial<Parameters>> | undefined;
  /** Do validators report what they measure? */
  readonly hasReports?: boolean | undefined;
}

export class SimApplication {
  readonly #world: World;
  readonly #plan: EpochPlan;
  /** What is durable, by height. */
  readonly #decisions: Map<bigint, Decision> = new Map();
  /** Names of the offenses in those blocks. */
  readonly #offenses: Set<string> = new Set();
  #height = 0n;

  constructor(world: World, plan: EpochPlan) {
    this.#world = world;
    this.#plan = plan;
  }

  decisionAt(height: bigint): Decision | undefined {
    return this.#decisions.get(height);
  }

  /** Idempotent by height: a repeated commit changes nothing. */
  commit(decision: Decision, offenses: readonly Offense[]): void {
    if (decision.height <= this.#height) return;
    for (const offense of offenses) this.#offenses.add(keyOf(offenseId(offense)));
    this.#height = decision.height;
    this.#decisions.set(decision.height, decision);
  }

  hasOffense(offense: Uint8Array): boolean {
    return this.#offenses.has(keyOf(offense));
  }

  /** The contexts for a height, worked out from the blocks held. */
  contextsFor(height: bigint): {
    context: EpochContext;
    previousContext: EpochContext | undefined;
    decided: DecidedData[];
  } {
    let { context } = this.#world;
    const { epochLength } = context.parameters;
    const epoch = epochOf(height, epochLength);
    const blocksOf = (one: bigint): DecidedData[] =>
      [...this.#decisions.values()]
        .filter((decision) => decision.height < height)
        .filter((decision) => epochOf(decision.height, epochLength) === one)
        .map((decision) => ({ height: decision.height, engineData: decision.body.engineData }));
    let previousContext: EpochContext | undefined;
    let decided: DecidedData[] = [];
    while (context.epoch < epoch) {
      previousContext = context;
      decided = blocksOf(context.epoch);
      const set = this.#world.setOf(context.epoch + 1n);
      context = this.#world.createContext(set, context, outcomeOf(context, decided));
    }
    return { context, previousContext, decided: [...decided, ...blocksOf(epoch)] };
  }

  /** What it wants of the next epoch: the same on every node. */
  nextEpoch(height: bigint, { parameters, epoch }: EpochContext): NextEpoch {
    if (!isLastOfEpoch(height, parameters.epochLength)) return {};
    const change = this.#plan.changes?.get(epoch);
    return {
      nextValidators: this.#plan.members === undefined ? undefined : this.#world.setOf(epoch + 1n),
      nextParameters: change === undefined ? undefined : { ...parameters, ...change },
    };
  }
}

const identities: WeakMap<Uint8Array, Uint8Array> = new WeakMap();

/** The id of a simulated block: its hash, computed once for all validators. */
export function identifyBlock(appBlock: Uint8Array): Uint8Array {
  const known = identities.get(appBlock);
  if (known !== undefined) return known;
  const id = hash(appBlock);
  identities.set(appBlock, id);
  return id;
}

export function makeBlock(height: bigint, view: number, proposer: number): Uint8Array {
  return Uint8Array.from([...u64(height), ...u32(view), ...u32(proposer)]);
}
