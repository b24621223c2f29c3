/**
 * The way of votes: up the tree from child to parent, across the mesh between gateways.
 *
 * @see spec 90-bbft, sections 5.1 "Flow", 7.7 and 9.1
 */
import { viewTimeout } from "../../parameters.ts";
import { isSubset } from "../../signer-set.ts";
import type { ViewRole } from "../epoch-context.ts";
import type { Stage } from "../events.ts";
import type { Message, Vote } from "../message.ts";
import type { HeightState } from "./state.ts";
import type { VotePool } from "./vote-pool.ts";

/** Repeats of an aggregate that has grown since it was sent. */
const MAX_REPEATS = 4;
const REPEAT_MS = 50;

/** Sends a pool's votes up when they are complete or overdue; else sees that a timer runs. */
export function passOn(state: HeightState, pool: VotePool, role: ViewRole, hasAll: boolean): void {
  const isUndecided = state.decided === undefined;
  if (pool.sent === undefined) {
    if (hasAll && pool.hasOwn) sendUp(state, pool, role, role.isGateway ? "exchange" : "vote");
    // Also when decided: the others may still wait for the votes that made it so.
    else if (pool.isOverdue) sendUp(state, pool, role, "recovery");
    else if (!pool.hasTimer && isUndecided && role.children.length > 0)
      setAggregateTimer(state, pool, aggregateWait(state, pool.view));
    return;
  }
  if (!isUndecided || pool.hasTimer || pool.repeats >= MAX_REPEATS) return;
  const { signers } = pool.mergeBelow(state.host.context.electorate);
  if (!isSubset(signers, pool.sent)) setAggregateTimer(state, pool, REPEAT_MS);
}

/** Sends a pool's votes up again, if there are more than were sent. */
export function repeatGrown(state: HeightState, pool: VotePool): void {
  const { signers } = pool.mergeBelow(state.host.context.electorate);
  if (pool.sent !== undefined && isSubset(signers, pool.sent)) return;
  pool.repeats++;
  sendUp(state, pool, state.roleIn(pool.view), "recovery");
}

function aggregateWait(state: HeightState, view: number): number {
  const { context, index } = state.host;
  const limit = viewTimeout(context.parameters, view) / 8;
  return Math.min(limit, 2 * (context.answerMs[index] ?? limit) + 20);
}

function setAggregateTimer(state: HeightState, pool: VotePool, ms: number): void {
  pool.hasTimer = true;
  state.setTimer(pool.key, ms);
}

function sendUp(state: HeightState, pool: VotePool, role: ViewRole, stage: Stage): void {
  const merged = pool.mergeBelow(state.host.context.electorate);
  if (merged.power === 0) return;
  pool.sent = merged.signers;
  sendBelow(state, pool, nextHops(role), stage);
}

/** Where votes go from a validator: to its parent, from a gateway to the other gateways. */
export function nextHops({ parent, peers }: ViewRole): readonly number[] {
  return parent >= 0 ? [parent] : peers;
}

/**
 * Where the own votes go besides: to the gateways attached to, which count this validator among
 * their children for the rest of the height.
 *
 * @see spec 90-bbft, section 10.1 "Attach"
 */
export function backupsBesidesParent(state: HeightState): readonly number[] {
  const { mode, parent, isGateway } = state.roleIn(state.view);
  if (mode !== "hier" || isGateway) return [];
  return [...state.backups].filter((backup) => backup !== parent);
}

/** Sends the own votes of the current view, each alone. */
export function sendOwnVotes(state: HeightState, to: readonly number[]): void {
  if (to.length === 0) return;
  const { host, pools, view } = state;
  const { index } = host;
  for (const pool of pools.all()) {
    const signature = pool.view === view && pool.hasOwn ? pool.single(index) : undefined;
    if (signature === undefined) continue;
    const { kind, valueId } = pool;
    const vote: Vote = { ...state.position(view), kind, valueId, signer: index, signature };
    host.send(to, { type: "vote", vote }, "recovery");
  }
}

/** Sends what a pool holds from below, as a single vote where it is only one. */
export function sendBelow(
  state: HeightState,
  pool: VotePool,
  to: readonly number[],
  stage: Stage,
): void {
  if (to.length === 0) return;
  const { electorate, scheme } = state.host.context;
  const merged = pool.mergeBelow(electorate);
  if (merged.power === 0) return;
  const signature = pool.combineBelow(scheme, merged);
  const position = state.position(pool.view);
  const { kind, valueId } = pool;
  const [single] = merged.usedSingles;
  const message: Message =
    merged.usedSources.length === 0 && merged.usedSingles.length === 1 && single !== undefined
      ? { type: "vote", vote: { ...position, kind, valueId, signer: single, signature } }
      : {
          type: "aggregate",
          contribution: {
            ...position,
            kind,
            scheme: scheme.id,
            valueId,
            n: electorate.n,
            signers: merged.signers,
            signature,
          },
        };
  state.host.send(to, message, stage);
}
