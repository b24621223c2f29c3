/**
 * The rules that keep BBFT safe, as pure functions. The core votes by them and the explorer
 * explores them; they are written nowhere else.
 *
 * @see spec 90-bbft, section 6.3 "Rules"
 */

import { COMMIT, type VoteKind } from "../signing.ts";
import { isLaterStep } from "./sign-guard.ts";

/** What a validator must never forget within a height. -1 stands for "none". */
export interface VoteState {
  readonly view: number;
  /** Last view in which a PREPARE was sent. */
  readonly preparedIn: number;
  /** Last view in which a COMMIT was sent. */
  readonly committedIn: number;
  /** Last view for which a TIMEOUT was sent. */
  readonly timedOut: number;
  /** View of the highest prepare certificate seen. */
  readonly highQcView: number;
}

export const INITIAL_VOTE_STATE: VoteState = {
  view: 0,
  preparedIn: -1,
  committedIn: -1,
  timedOut: -1,
  highQcView: -1,
};

/** V2: no PREPARE and no COMMIT in this view yet, and no TIMEOUT for it or a later one. */
export function mayPrepare(state: VoteState, view: number): boolean {
  return (
    state.view === view &&
    state.preparedIn < view &&
    state.committedIn < view &&
    state.timedOut < view
  );
}

/** V3: once a view, and never after a TIMEOUT for it or a later one. */
export function mayCommit(state: VoteState, view: number): boolean {
  return state.view === view && state.committedIn < view && state.timedOut < view;
}

/**
 * V5: once for each view, never for one already left. Nor for one below the highest certificate's:
 * no timeout certificate may hold such a claim, and one of that view exists already.
 */
export function mayTimeout(state: VoteState, view: number): boolean {
  return view >= state.view && view > state.timedOut && view >= state.highQcView;
}

/** V5: what an honest TIMEOUT claims. */
export function timeoutClaim(state: VoteState): number {
  return state.highQcView + 1;
}

/** V6: a certificate of a view not left yet opens the next. */
export function mayEnter(state: VoteState, nextView: number): boolean {
  return nextView > state.view;
}

/**
 * V1 and V2: may this value be proposed in this view?
 *
 * @param isOpening view 0 without a timeout certificate
 * @param forced value of the highest certificate in the timeout certificate, if it holds one
 */
export function isJustified<Value>(
  isOpening: boolean,
  forced: Value | undefined,
  value: Value,
  isSame: (a: Value, b: Value) => boolean,
): boolean {
  return isOpening || forced === undefined || isSame(forced, value);
}

/** V4: may a certificate of this phase decide? */
function isDecisive(kind: VoteKind): boolean {
  return kind === COMMIT;
}

/** All rules together: what a core votes by. */
export interface VotingRules {
  readonly mayPrepare: typeof mayPrepare;
  readonly mayCommit: typeof mayCommit;
  readonly mayTimeout: typeof mayTimeout;
  readonly timeoutClaim: typeof timeoutClaim;
  readonly mayEnter: typeof mayEnter;
  readonly isDecisive: typeof isDecisive;
  /** Section 15: the order in which a validator signs. */
  readonly isLaterStep: typeof isLaterStep;
}

export const VOTING_RULES: VotingRules = {
  mayPrepare,
  mayCommit,
  mayTimeout,
  timeoutClaim,
  mayEnter,
  isDecisive,
  isLaterStep,
};
