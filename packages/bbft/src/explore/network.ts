/**
 * What exists in the network: what can be shown to anybody at any time. It follows from the votes
 * that were sent; a Byzantine validator adds one to everything.
 *
 * @see spec 90-bbft, section 14.4 "Model checking"
 */
import type { NodeState, Variant } from "./model.ts";
import { Tally } from "./tally.ts";

/** Three of four. */
export const QUORUM = 3;
const VALUES = [0, 1] as const;

/** A timeout certificate by what matters of it: what it forces. */
export interface TimeoutOption {
  /** View plus 1 of the certificate that is followed; 0 leaves the value free. */
  readonly claim: number;
  readonly value: number;
}

/** What makes a difference to what a validator may do. */
export interface Shown {
  /** Prepare certificates, bit `2 * view + value`. */
  readonly prepareQcs: number;
  /** Timeout certificates by view. */
  readonly timeouts: readonly (readonly TimeoutOption[])[];
  /** The last view that somebody honest gave up; -1 for none. */
  readonly lastGivenUp: number;
  readonly hasRestarted: boolean;
}

export interface Network extends Shown {
  /** Commit certificates, bit `2 * view + value`. */
  readonly commitQcs: number;
  /** View of the highest certificate that somebody honest holds; -1 for none. */
  readonly highestQc: number;
}

export interface Rules {
  readonly variant: Variant;
  readonly views: number;
  readonly byzantine: number;
}

/** What a validator did, by how many it takes to make something of it; of three views. */
export interface Ballot {
  /** A quorum: prepares, commits, claims at most so high. */
  readonly strong: number;
  /** One: timeouts, certificates held, a restart. */
  readonly weak: number;
}

// Where its parts begin. Strong: prepares, 6 bits; commits, 6; claims of two views, 8.
const COMMITS = 6;
const CLAIMS = 12;
const STRONG_BITS = 20;
// Weak: timeouts of two views, 8 bits; certificates held, by view, 3; a restart.
const HELD = 8;
const RESTARTED = 11;

export function ballotOf(node: NodeState, variant: Variant): Ballot {
  const { prepares, commits, timeouts, highQcView, hasRestarted } = node;
  const claims = claimsAtMost(timeouts, variant) & 0xff;
  return {
    strong: prepares | (commits << COMMITS) | (claims << CLAIMS),
    weak:
      (timeouts & 0xff) |
      (highQcView < 0 ? 0 : 1 << (HELD + highQcView)) |
      (hasRestarted ? 1 << RESTARTED : 0),
  };
}

/**
 * Timeouts that fit into a certificate in which no claim is higher, bit `4 * view + claim`; the last
 * bit of a view is any timeout of it.
 */
export function claimsAtMost(timeouts: number, variant: Variant): number {
  let found = 0;
  for (let view = 0; timeouts >> (4 * view) !== 0; view++) {
    const given = (timeouts >> (4 * view)) & 15;
    let within = 0;
    for (let claim = 0; claim < 4; claim++) {
      const isAnyGood = variant === "tc-any-qc" && claim > 0;
      const reach = isAnyGood ? 15 : (2 << claim) - 1;
      if (given & reach) within |= 1 << claim;
    }
    found |= within << (4 * view);
  }
  return found;
}

/** A number for all votes that were counted. */
export function votesKey(strong: number, weak: number): number {
  return (strong & ((1 << STRONG_BITS) - 1)) | (weak << STRONG_BITS);
}

/** How many honest votes a certificate needs. */
export function honestQuorum({ variant, byzantine }: Rules): number {
  return (variant === "quorum-2" ? 2 : QUORUM) - byzantine;
}

/**
 * The network in which so much was voted.
 *
 * @param strong what an honest quorum did
 * @param weak what at least one honest validator did
 */
export function networkOf(strong: number, weak: number, rules: Rules): Network {
  const { views } = rules;
  const all = (1 << (2 * views)) - 1;
  const prepareQcs = strong & all;
  const given = weak & 0xff;
  const counted = { certified: strong >> CLAIMS, given, prepareQcs };
  const timeouts: TimeoutOption[][] = [];
  for (let view = 0; view < views - 1; view++) timeouts.push(timeoutOptions(counted, view, rules));
  return {
    prepareQcs,
    commitQcs: (strong >> COMMITS) & all,
    timeouts,
    lastGivenUp: lastView(given),
    highestQc: highestBit((weak >> HELD) & 7),
    hasRestarted: ((weak >> RESTARTED) & 1) === 1,
  };
}

export function createNetwork(
  nodes: readonly NodeState[],
  variant: Variant,
  views: number,
  byzantine: number,
): Network {
  const rules = { variant, views, byzantine };
  const [strong, weak] = [new Tally(), new Tally()];
  for (const node of nodes) {
    const ballot = ballotOf(node, variant);
    strong.add(ballot.strong);
    weak.add(ballot.weak);
  }
  return networkOf(strong.atLeast(honestQuorum(rules)), weak.atLeast(1), rules);
}

/** Does a set of certificates hold one for this view and value? */
export function hasCertificate(certificates: number, view: number, value: number): boolean {
  return ((certificates >> (2 * view + value)) & 1) === 1;
}

/**
 * What the timeout certificates can force that a view's timeouts can be put together to.
 *
 * @param counted.certified claims at most so high of a quorum, as of `claimsAtMost`
 * @param counted.given timeouts that somebody gave, bit `4 * view + claim`
 */
export function timeoutOptions(
  counted: {
    readonly certified: number;
    readonly given: number;
    readonly prepareQcs: number;
  },
  view: number,
  { variant, byzantine }: Pick<Rules, "variant" | "byzantine">,
): TimeoutOption[] {
  const certified = (counted.certified >> (4 * view)) & 15;
  const given = (counted.given >> (4 * view)) & 15;
  const options: TimeoutOption[] = [];
  if (certified & 1) options.push({ claim: 0, value: 0 });
  if (variant === "single-phase") return options;
  for (let claim = 1; claim <= view + 1; claim++) {
    const hasMember = byzantine > 0 || ((given >> claim) & 1) === 1;
    if (!hasMember || ((certified >> claim) & 1) === 0) continue;
    for (const value of VALUES)
      if (hasCertificate(counted.prepareQcs, claim - 1, value)) options.push({ claim, value });
  }
  return options;
}

/** The last view of which there is a timeout; -1 without any. */
export function lastView(timeouts: number): number {
  return highestBit(timeouts) >> 2;
}

function highestBit(bits: number): number {
  return 31 - Math.clz32(bits);
}

/** Are both values decided? */
export function isViolated(
  { prepareQcs, commitQcs }: Pick<Network, "prepareQcs" | "commitQcs">,
  variant: Variant,
): boolean {
  const decided = variant.startsWith("single-phase") ? prepareQcs : commitQcs;
  return (decided & 0x555) !== 0 && (decided & 0xaaa) !== 0;
}

/**
 * Is there no way on: after everybody honest gave up, does no timeout certificate justify anything?
 */
export function isStuck({ highestQc, prepareQcs }: Network, variant: Variant): boolean {
  if (highestQc < 0 || variant === "single-phase") return false;
  // The highest claim must be one that can be shown.
  return !VALUES.some((value) => hasCertificate(prepareQcs, highestQc, value));
}
