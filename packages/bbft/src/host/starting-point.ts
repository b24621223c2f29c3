/**
 * The contexts with which a node starts inside a chain: those that its fellows have.
 *
 * The forest of an epoch depends on what the epoch before decided and, where the number of gateways
 * is adaptive, on the forest before. The log holds the last two epochs; without it everything is
 * worked out again from the blocks, from the first epoch on.
 *
 * @see spec 90-bbft, sections 11 "Topology manager" and 12.2 "Epochs"
 */
import { createEpochContext, type EpochContext } from "../core/epoch-context.ts";
import { type DecidedData, type EpochOutcome, outcomeOf } from "../core/epoch-outcome.ts";
import { BbftError } from "../error.ts";
import { createTopology } from "../topology/topology.ts";
import { epochOf, type ValidatorSet } from "../validator-set.ts";
import type { Application } from "./interfaces.ts";
import type { EpochRecord } from "./wal-codec.ts";

/** Makes the context of an epoch; without `previous` and `outcome` that of a chain's first. */
export type CreateContext = (
  set: ValidatorSet,
  previous: EpochContext | undefined,
  outcome: EpochOutcome | undefined,
) => EpochContext;

export interface StartingPoint {
  readonly context: EpochContext;
  /** Undefined in the first epoch. */
  readonly previousContext: EpochContext | undefined;
  /** The blocks since the epoch before began. */
  readonly decided: readonly DecidedData[];
}

/**
 * Finds the contexts of a height's epoch and of the one before.
 *
 * @throws {@link BbftError} `wal` when neither the log nor the application has what is needed
 */
export async function findStartingPoint(input: {
  /** The first height to decide. */
  readonly height: bigint;
  readonly epochLength: number;
  readonly application: Pick<Application, "validators" | "load">;
  readonly createContext: CreateContext;
  /** Of the log. */
  readonly records: readonly EpochRecord[];
}): Promise<StartingPoint> {
  const { height, epochLength, application, createContext, records } = input;
  const epoch = epochOf(height, epochLength);
  const before = epoch === 0n ? 0n : epoch - 1n;
  const setOf = async (at: bigint) => ({ ...(await application.validators(at)), epoch: at });
  const known = (at: bigint) => records.findLast((record) => record.epoch === at);
  const first = (at: bigint): bigint => at * BigInt(epochLength) + 1n;

  async function blocksOf(at: bigint): Promise<DecidedData[]> {
    const blocks: DecidedData[] = [];
    for (let one = first(at); one < first(at + 1n) && one < height; one++) {
      const decision = await application.load(one);
      if (decision === undefined) throw new BbftError("wal", { height: one });
      blocks.push({ height: one, engineData: decision.body.engineData });
    }
    return blocks;
  }

  /** The newest context that needs no other one. */
  async function anchor(): Promise<EpochContext> {
    for (let at = before; at > 0n; at--) {
      const record = known(at);
      if (record === undefined) continue;
      const { parameters } = record;
      const outcome = { latencyReports: [], excluded: [], parameters };
      return withForest(createContext(await setOf(at), undefined, outcome), record);
    }
    return withForest(createContext(await setOf(0n), undefined, undefined), known(0n));
  }

  let previousContext: EpochContext | undefined;
  let context = await anchor();
  let decided: DecidedData[] = [];
  while (context.epoch < epoch) {
    previousContext = context;
    decided = await blocksOf(context.epoch);
    const outcome = outcomeOf(context, decided);
    const next = context.epoch + 1n;
    context = withForest(createContext(await setOf(next), context, outcome), known(next));
  }
  return { context, previousContext, decided: [...decided, ...(await blocksOf(epoch))] };
}

/** The context with the forest that was in force, where the log knows it. */
function withForest(context: EpochContext, record: EpochRecord | undefined): EpochContext {
  if (record?.parent.length !== context.electorate.n) return context;
  const topology = createTopology(record.parent);
  return { ...createEpochContext({ ...context, topology }), answerMs: context.answerMs };
}
