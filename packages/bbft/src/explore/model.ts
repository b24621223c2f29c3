/**
 * The voting rules as a transition system, small enough to be explored whole.
 *
 * Every message that was ever sent may arrive anywhere at any time, so the network is the set of
 * votes sent. Leaders are arbitrary: any justified value may be proposed to anybody. A Byzantine
 * validator votes for everything and claims any certificate that exists. What an honest one does is
 * decided by the functions of `voting-rules.ts`, the same ones that the core votes by; a variant
 * replaces one of them by a mistake.
 *
 * @see spec 90-bbft, section 14.4 "Model checking"
 */
import {
  INITIAL_VOTE_STATE,
  isJustified,
  mayCommit,
  mayEnter,
  mayPrepare,
  mayTimeout,
  timeoutClaim,
  type VoteState,
} from "../core/voting-rules.ts";

import { hasCertificate, type Shown } from "./network.ts";

/** The protocol, or one mistake in it. */
export type Variant =
  | "full"
  /** One voting phase; a view change carries nothing, as in the papers. */
  | "single-phase"
  | "single-phase-carry-qc"
  | "commit-after-timeout"
  /** A leader may follow any certificate of the timeout certificate, not only the highest. */
  | "tc-any-qc"
  | "amnesia-one-node"
  | "quorum-2";

export const VARIANTS: readonly Variant[] = [
  "full",
  "single-phase",
  "single-phase-carry-qc",
  "commit-after-timeout",
  "tc-any-qc",
  "amnesia-one-node",
  "quorum-2",
];

/** An honest validator: what it remembers, and what it ever sent. */
export interface NodeState extends VoteState {
  /** Value of the highest certificate; 0 without one. */
  readonly highValue: number;
  /** Bit `2 * view + value`. */
  readonly prepares: number;
  readonly commits: number;
  /** Bit `4 * view + claim`. */
  readonly timeouts: number;
  readonly hasRestarted: boolean;
}

export const INITIAL_NODE: NodeState = {
  ...INITIAL_VOTE_STATE,
  highValue: 0,
  prepares: 0,
  commits: 0,
  timeouts: 0,
  hasRestarted: false,
};

export const VALIDATORS = 4;
const VALUES = [0, 1] as const;

const isSame = (a: number, b: number): boolean => a === b;

/** Everything that one honest validator could do next; its new states. */
export function nextStates(
  node: NodeState,
  shown: Shown,
  variant: Variant,
  views: number,
): NodeState[] {
  const next: NodeState[] = [];
  const isSinglePhase = variant === "single-phase" || variant === "single-phase-carry-qc";
  const optionsBefore = node.view === 0 ? [] : (shown.timeouts[node.view - 1] ?? []);

  for (const value of VALUES) {
    const isOpen =
      node.view === 0 ||
      optionsBefore.some((option) =>
        isJustified(false, option.claim === 0 ? undefined : option.value, value, isSame),
      );
    if (!isOpen || !mayPrepare(node, node.view)) continue;
    const prepares = node.prepares | (1 << (2 * node.view + value));
    next.push({ ...node, prepares, preparedIn: node.view });
  }

  if (variant !== "single-phase")
    for (let view = 0; view < views; view++)
      for (const value of VALUES) {
        if (!hasCertificate(shown.prepareQcs, view, value)) continue;
        const learned = learn(node, view, value);
        const mayVote =
          variant === "commit-after-timeout"
            ? mayCommit({ ...learned, timedOut: -1 }, view)
            : mayCommit(learned, view);
        if (!isSinglePhase && mayVote) {
          const commits = learned.commits | (1 << (2 * view + value));
          next.push({ ...learned, commits, committedIn: view });
        } else if (learned !== node) next.push(learned);
      }

  // A timeout of the last explored view could change nothing any more.
  for (let view = node.view; view < views - 1; view++) {
    // A weak quorum holds an honest validator that gave up this view or, with a Byzantine one
    // that gave up this view, a later one.
    const isCalled = view === node.view || view <= shown.lastGivenUp;
    if (!isCalled || !mayTimeout(node, view)) continue;
    const claim = variant === "single-phase" ? 0 : timeoutClaim(node);
    const timeouts = node.timeouts | (1 << (4 * view + claim));
    next.push({ ...node, timeouts, timedOut: view });
  }

  for (let view = node.view; view < views - 1; view++) {
    if (!mayEnter(node, view + 1)) continue;
    for (const { claim, value } of shown.timeouts[view] ?? []) {
      const learned = claim === 0 ? node : learn(node, claim - 1, value);
      next.push({ ...learned, view: view + 1 });
    }
  }

  if (variant === "amnesia-one-node" && !shown.hasRestarted) {
    const { prepares, commits, timeouts } = node;
    next.push({ ...INITIAL_NODE, prepares, commits, timeouts, hasRestarted: true });
  }
  return next;
}

/** V3: a certificate of a higher view replaces the one held. */
function learn(node: NodeState, view: number, value: number): NodeState {
  return view > node.highQcView ? { ...node, highQcView: view, highValue: value } : node;
}
