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

/** What exists in the network: votes of the honest, counted. */
export interface Network {
  readonly nodes: readonly NodeState[];
  readonly byzantine: number;
  readonly quorum: number;
}

/** Could a certificate of these votes be shown to anybody? */
export function certificateExists(
  { nodes, byzantine, quorum }: Network,
  phase: "prepares" | "commits",
  view: number,
  value: number,
): boolean {
  const bit = 1 << (2 * view + value);
  let votes = byzantine;
  for (const node of nodes) if (node[phase] & bit) votes++;
  return votes >= quorum;
}

/** A timeout certificate by what matters of it: what it forces. */
interface TimeoutOption {
  /** View plus 1 of the certificate that is followed; 0 leaves the value free. */
  readonly claim: number;
  readonly value: number;
}

/** The timeout certificates of a view that could be shown to anybody. */
function timeoutOptions(network: Network, variant: Variant, view: number): TimeoutOption[] {
  const { nodes, byzantine, quorum } = network;
  const claims = nodes.map(({ timeouts }) => (timeouts >> (4 * view)) & 15);
  const within = (mask: number): number =>
    claims.filter((claim) => (claim & mask) !== 0).length + byzantine;
  const options: TimeoutOption[] = [];
  if (within(1) >= quorum) options.push({ claim: 0, value: 0 });
  if (variant === "single-phase") return options;
  for (let claim = 1; claim <= view + 1; claim++) {
    const reachable = variant === "tc-any-qc" ? 15 : (1 << (claim + 1)) - 1;
    if (within(reachable) < quorum) continue;
    const hasMember = byzantine > 0 || claims.some((mask) => (mask & (1 << claim)) !== 0);
    if (!hasMember) continue;
    for (const value of VALUES)
      if (certificateExists(network, "prepares", claim - 1, value)) options.push({ claim, value });
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
  const optionsBefore = node.view === 0 ? [] : timeoutOptions(network, variant, node.view - 1);

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
        if (!certificateExists(network, "prepares", view, value)) continue;
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
    const isCalled =
      view === node.view || network.nodes.some(({ timeouts }) => (timeouts >> (4 * view)) & 15);
    if (!isCalled || !mayTimeout(node, view)) continue;
    const claim = variant === "single-phase" ? 0 : timeoutClaim(node);
    if (claim > view + 1) continue;
    const timeouts = node.timeouts | (1 << (4 * view + claim));
    next.push({ ...node, timeouts, timedOut: view });
  }

  for (let view = node.view; view < views - 1; view++) {
    if (!mayEnter(node, view + 1)) continue;
    for (const { claim, value } of timeoutOptions(network, variant, view)) {
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
export function isViolated(network: Network, variant: Variant, views: number): boolean {
  const phase = variant.startsWith("single-phase") ? "prepares" : "commits";
  const decided = VALUES.map((value) => {
    for (let view = 0; view < views; view++)
      if (certificateExists(network, phase, view, value)) return true;
    return false;
  });
  return decided.every(Boolean);
}

/**
 * Is there no way on: after everybody honest gave up, does no timeout certificate justify anything?
 */
export function isStuck(network: Network, variant: Variant): boolean {
  const highest = Math.max(...network.nodes.map(({ highQcView }) => highQcView));
  if (highest < 0 || variant === "single-phase") return false;
  // The highest claim must be one that can be shown.
  return !VALUES.some((value) => certificateExists(network, "prepares", highest, value));
}
