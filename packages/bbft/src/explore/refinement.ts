/**
 * Does a real core do only what the model allows? Each step of a core must be a way of the model
 * through a network that holds nothing but what this core was shown.
 *
 * @see spec 90-bbft, section 14.4 "Model checking"
 */
import type { Gallery } from "./gallery.ts";
import { type NodeState, nextStates, VALIDATORS } from "./model.ts";
import { claimsAtMost, lastView, QUORUM, type Shown, timeoutOptions } from "./network.ts";
import { Tally } from "./tally.ts";

/** Transitions of the model that one step of a core may take at most. */
const MAX_TRANSITIONS = 5;

interface Stand {
  readonly projection: NodeState;
  readonly decided: number | undefined;
}

/** @param history what the core was shown, the exhibit of this step last */
export function isAllowed(
  gallery: Gallery,
  history: readonly number[],
  { projection: before }: Stand,
  { projection: after, decided }: Stand,
  views: number,
): boolean {
  const last = gallery.exhibits[history.at(-1) ?? -1];
  // V4: a commit certificate decides, whenever it comes, and is the end of voting.
  if (last?.type === "commit-qc") return decided === last.value && keepsVotes(before, after);
  // A restart forgets what was not signed: the model has no step for it, only the same votes.
  if (last?.type === "restart" || last?.type === "amnesia") return keepsVotes(before, after);
  const target = JSON.stringify(after);
  let frontier = [before];
  for (let step = 0; step <= MAX_TRANSITIONS; step++) {
    if (frontier.some((state) => JSON.stringify(state) === target)) return true;
    frontier = frontier.flatMap((state) =>
      nextStates(state, shownTo(gallery, history, state, views), "full", views),
    );
  }
  return false;
}

function keepsVotes(before: NodeState, after: NodeState): boolean {
  const fields = ["prepares", "commits", "timeouts"] as const;
  return fields.every((field) => before[field] === after[field]);
}

/** The network as one core knows it. */
function shownTo(
  gallery: Gallery,
  history: readonly number[],
  own: NodeState,
  views: number,
): Shown {
  let prepareQcs = 0;
  const heard = new Array<number>(VALIDATORS).fill(0);
  const shown: { claim: number; value: number }[][] = Array.from({ length: views }, () => []);
  for (const number of history) {
    const exhibit = gallery.exhibits[number];
    if (exhibit === undefined || !("view" in exhibit)) continue;
    const { view } = exhibit;
    if (exhibit.type === "prepare-qc") prepareQcs |= 1 << (2 * view + exhibit.value);
    else if (exhibit.type !== "commit-qc" && exhibit.by !== undefined) {
      const { claim, value } = exhibit.by;
      if (exhibit.type === "tc") shown[view]?.push({ claim, value });
      else if (exhibit.type === "proposal") shown[view - 1]?.push({ claim, value });
      else heard[exhibit.signer] = (heard[exhibit.signer] ?? 0) | (1 << (4 * view + claim));
      if (claim > 0) prepareQcs |= 1 << (2 * (claim - 1) + value);
    }
  }
  const claims = new Tally();
  const given = new Tally();
  for (const timeouts of [own.timeouts, ...heard]) {
    claims.add(claimsAtMost(timeouts, "full"));
    given.add(timeouts);
  }
  const counted = { certified: claims.atLeast(QUORUM), given: given.atLeast(1), prepareQcs };
  const timeouts = shown.map((options, view) => [
    ...options,
    ...timeoutOptions(counted, view, { variant: "full", byzantine: 0 }),
  ]);
  return { prepareQcs, timeouts, lastGivenUp: lastView(counted.given), hasRestarted: false };
}
