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

const VALUES = [0, 1] as const;
export const VALIDATORS = 4;
/** Three of four. */
export const QUORUM = 3;

/** What exists in the network: what can be shown to anybody at any time. */
export interface Network {
  readonly nodes: readonly NodeState[];
  /** Certificates of each phase, bit `2 * view + value`. */
  readonly prepareQcs: number;
  readonly commitQcs: number;
  /** Timeout certificates by view. */
  readonly timeouts: readonly (readonly TimeoutOption[])[];
}

/** A timeout certificate by what matters of it: what it forces. */
interface TimeoutOption {
  /** View plus 1 of the certificate that is followed; 0 leaves the value free. */
  readonly claim: number;
  readonly value: number;
}

/** Derives what can be shown from what was sent; a Byzantine validator adds a vote to everything. */
export function createNetwork(
  nodes: readonly NodeState[],
  variant: Variant,
  views: number,
  byzantine: number,
): Network {
  const quorum = variant === "quorum-2" ? 2 : QUORUM;
  const certified = (phase: "prepares" | "commits"): number => {
    let found = 0;
    for (let bit = 0; bit < 2 * views; bit++) {
      let votes = byzantine;
      for (const node of nodes) votes += (node[phase] >> bit) & 1;
      if (votes >= quorum) found |= 1 << bit;
    }
    return found;
  };
  const prepareQcs = certified("prepares");
  const timeouts: TimeoutOption[][] = [];
  for (let view = 0; view < views - 1; view++)
    timeouts.push(timeoutOptions(nodes, prepareQcs, variant, view, byzantine, quorum));
  return { nodes, prepareQcs, commitQcs: certified("commits"), timeouts };
}

/** Does a set of certificates hold one for this view and value? */
export function hasCertificate(certificates: number, view: number, value: number): boolean {
  return ((certificates >> (2 * view + value)) & 1) === 1;
}

/** What the timeout certificates can force that a view's timeouts can be put together to. */
export function timeoutOptions(
  nodes: readonly NodeState[],
  prepareQcs: number,
  variant: Variant,
  view: number,
  byzantine: number,
  quorum: number,
): TimeoutOption[] {
  let anyClaim = 0;
  for (const { timeouts } of nodes) anyClaim |= (timeouts >> (4 * view)) & 15;
  const within = (mask: number): number => {
    let count = byzantine;
    for (const { timeouts } of nodes) if ((timeouts >> (4 * view)) & mask) count++;
    return count;
  };
  if (within(15) < quorum) return [];
  const options: TimeoutOption[] = [];
  if (within(1) >= quorum) options.push({ claim: 0, value: 0 });
  if (variant === "single-phase") return options;
  for (let claim = 1; claim <= view + 1; claim++) {
    const hasMember = byzantine > 0 || (anyClaim & (1 << claim)) !== 0;
    const reachable = variant === "tc-any-qc" ? 15 : (1 << (claim + 1)) - 1;
    if (!hasMember || within(reachable) < quorum) continue;
    for (const value of VALUES)
      if (hasCertificate(prepareQcs, claim - 1, value)) options.push({ claim, value });
  }
  return options;
}

const isSame = (a: number, b: number): boolean => a === b;

/** Everything that one honest validator could do next; its new states. */
export function nextStates(
  network: Network,
  variant: Variant,
  views: number,
  index: number,
): NodeState[] {
  const node = network.nodes[index];
  if (node === undefined) return [];
  const next: NodeState[] = [];
  const isSinglePhase = variant === "single-phase" || variant === "single-phase-carry-qc";
  const optionsBefore = node.view === 0 ? [] : (network.timeouts[node.view - 1] ?? []);

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
        if (!hasCertificate(network.prepareQcs, view, value)) continue;
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
    const isCalled =
      view === node.view || network.nodes.some(({ timeouts }) => timeouts >> (4 * view) !== 0);
    if (!isCalled || !mayTimeout(node, view)) continue;
    const claim = variant === "single-phase" ? 0 : timeoutClaim(node);
    const timeouts = node.timeouts | (1 << (4 * view + claim));
    next.push({ ...node, timeouts, timedOut: view });
  }

  for (let view = node.view; view < views - 1; view++) {
    if (!mayEnter(node, view + 1)) continue;
    for (const { claim, value } of network.timeouts[view] ?? []) {
      const learned = claim === 0 ? node : learn(node, claim - 1, value);
      next.push({ ...learned, view: view + 1 });
    }
  }

  const canRestart =
    variant === "amnesia-one-node" && network.nodes.every(({ hasRestarted }) => !hasRestarted);
  if (canRestart) {
    const { prepares, commits, timeouts } = node;
    next.push({ ...INITIAL_NODE, prepares, commits, timeouts, hasRestarted: true });
  }
  return next;
}

/** V3: a certificate of a higher view replaces the one held. */
function learn(node: NodeState, view: number, value: number): NodeState {
  return view > node.highQcView ? { ...node, highQcView: view, highValue: value } : node;
}

/** Are both values decided? */
export function isViolated({ prepareQcs, commitQcs }: Network, variant: Variant): boolean {
  const decided = variant.startsWith("single-phase") ? prepareQcs : commitQcs;
  return (decided & 0x555) !== 0 && (decided & 0xaaa) !== 0;
}

/**
 * Is there no way on: after everybody honest gave up, does no timeout certificate justify anything?
 */
export function isStuck({ nodes, prepareQcs }: Network, variant: Variant): boolean {
  let highest = -1;
  for (const { highQcView } of nodes) highest = Math.max(highest, highQcView);
  if (highest < 0 || variant === "single-phase") return false;
  // The highest claim must be one that can be shown.
  return !VALUES.some((value) => hasCertificate(prepareQcs, highest, value));
}
