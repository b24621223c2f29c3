/**
 * What Byzantine validators do: each strategy rewrites what an honest core would send. It may sign
 * with the keys of its own validator, nobody else's.
 *
 * @see spec 90-bbft, section 16.1 "Simulation harness"
 */

import { keyOf, sameBytes } from "../bytes.ts";
import { complaintBytes, encodeComplaint } from "../core/complaint.ts";
import type { Stage } from "../core/events.ts";
import type { Message, Timeout, Vote } from "../core/message.ts";
import type { Proposal } from "../proposal.ts";
import { COMMIT, hash, proposalBytes, timeoutBytes, valueIdOf, voteBytes } from "../signing.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** One message to one receiver. */
export interface Outgoing {
  readonly to: number;
  readonly message: Message;
  readonly stage: Stage;
  /** Added to the network's delay. */
  readonly delayUs?: number;
}

/** What a strategy can see and do. */
export interface AdversaryView {
  readonly index: number;
  readonly world: World;
  readonly random: Random;
  readonly nowUs: number;
  /** Shared by all Byzantine validators of a run: they conspire. */
  readonly memory: Map<string, unknown>;
}

/** Gives what is really sent instead. */
export type AdversaryFunction = (outgoing: Outgoing, view: AdversaryView) => readonly Outgoing[];

export type StrategyName =
  | "silent"
  | "silent-gateways"
  | "equivocate"
  | "withhold-cert"
  | "selective-aggregate"
  | "bad-vote"
  | "late"
  | "lock-hide"
  | "latency-liar"
  | "slander";

/** Strategies that a random campaign draws from. */
export const STRATEGIES: readonly StrategyName[] = [
  "silent",
  "equivocate",
  "withhold-cert",
  "selective-aggregate",
  "bad-vote",
  "late",
  "lock-hide",
];

const LATE_US = 3_000_000;

const strategies: { readonly [name in StrategyName]: AdversaryFunction } = {
  silent: () => [],
  "silent-gateways": () => [],
  equivocate,
  "withhold-cert": withholdCertificate,
  "selective-aggregate": selectiveAggregate,
  "bad-vote": badVote,
  late: (outgoing, { random }) => [{ ...outgoing, delayUs: random.integer(0, LATE_US) }],
  "lock-hide": hideLock,
  // It lies in its reports, before the run; its votes are honest.
  "latency-liar": (outgoing) => [outgoing],
  slander,
};

/** Does a strategy of this name exist? */
export function isStrategyName(name: string): name is StrategyName {
  return Object.hasOwn(strategies, name);
}

export function strategyOf(name: StrategyName): AdversaryFunction {
  return strategies[name];
}

/** Two proposals a view, one for each half; votes for both wherever it votes. */
/** Half of all, and half of those with even or odd numbers: gateways often have one kind only. */
function isInFirstHalf(validator: number): boolean {
  return ((validator ^ (validator >> 1)) & 1) === 0;
}

function equivocate(outgoing: Outgoing, view: AdversaryView): readonly Outgoing[] {
  const { message, to } = outgoing;
  if (message.type === "proposal" && message.proposal.leader === view.index) {
    const other = twinProposal(message.proposal, view);
    if (isInFirstHalf(to)) return [outgoing];
    // Now and then somebody gets both.
    const twin: Outgoing = { ...outgoing, message: { type: "proposal", proposal: other } };
    return view.random.chance(0.1) ? [outgoing, twin] : [twin];
  }
  if (message.type === "vote" && message.vote.signer === view.index) {
    const twin = twinVote(message.vote, view);
    return twin === undefined
      ? [outgoing]
      : [outgoing, { ...outgoing, message: { type: "vote", vote: twin } }];
  }
  return [outgoing];
}

const twinKey = (height: bigint, view: number): string => `twin/${height}/${view}`;

function twinProposal(proposal: Proposal, view: AdversaryView): Proposal {
  const { world, memory } = view;
  const key = twinKey(proposal.height, proposal.view);
  const known = memory.get(key) as { readonly proposal: Proposal } | undefined;
  if (known !== undefined) return known.proposal;
  const appBlock = Uint8Array.from([...proposal.appBlock, 1]);
  const appBlockId = hash(appBlock);
  const valueId = valueIdOf(appBlockId, proposal.engineHash);
  const bytes = proposalBytes(world.chainId, proposal, valueId, proposal.timeoutCertificate);
  const secret = world.idSecrets[view.index] ?? new Uint8Array(32);
  const signature = world.identity.sign(secret, bytes);
  const twin = { ...proposal, appBlock, appBlockId, valueId, signature };
  memory.set(key, { proposal: twin, original: proposal });
  return twin;
}

/** The vote for the other value of a view in which some conspirator proposed two. */
function twinVote(vote: Vote, { index, world, memory }: AdversaryView): Vote | undefined {
  const known = memory.get(twinKey(vote.height, vote.view)) as
    | { readonly proposal: Proposal; readonly original: Proposal }
    | undefined;
  if (known === undefined) return undefined;
  const { proposal, original } = known;
  const other = sameBytes(vote.valueId, proposal.valueId) ? original.valueId : proposal.valueId;
  const bytes = voteBytes(vote.kind, world.chainId, vote, other);
  const secret = world.voteSecrets[index] ?? new Uint8Array(32);
  return { ...vote, valueId: other, signature: world.context.scheme.sign(secret, bytes) };
}

/** Shows each commit certificate to one validator only. */
function withholdCertificate(outgoing: Outgoing, view: AdversaryView): readonly Outgoing[] {
  const { message, to } = outgoing;
  if (message.type === "commit-proof") return [];
  if (message.type !== "certificate") return [outgoing];
  const { kind, height } = message.certificate;
  if (kind !== COMMIT) return view.random.chance(0.5) ? [outgoing] : [];
  const key = `shown/${height}`;
  const chosen = view.memory.get(key) ?? to;
  view.memory.set(key, chosen);
  return chosen === to ? [outgoing] : [];
}

/** Different subsets of its votes to different peers. */
function selectiveAggregate(outgoing: Outgoing, view: AdversaryView): readonly Outgoing[] {
  const { message } = outgoing;
  if (message.type !== "aggregate" || view.random.chance(0.3)) return [outgoing];
  if (view.random.chance(0.3)) return [];
  const { contribution } = message;
  const { scheme } = view.world.context;
  const bytes = voteBytes(
    contribution.kind,
    view.world.chainId,
    contribution,
    contribution.valueId,
  );
  const secret = view.world.voteSecrets[view.index] ?? new Uint8Array(32);
  const { epoch, height, kind, valueId } = contribution;
  const vote: Vote = {
    epoch,
    height,
    kind,
    valueId,
    view: contribution.view,
    signer: view.index,
    signature: scheme.sign(secret, bytes),
  };
  return [{ ...outgoing, message: { type: "vote", vote } }];
}

/** Signatures that do not verify. */
function badVote(outgoing: Outgoing, view: AdversaryView): readonly Outgoing[] {
  const { message } = outgoing;
  const spoil = (signature: Uint8Array): Uint8Array => {
    const out = Uint8Array.from(signature);
    out[out.length - 1] = (out[out.length - 1] ?? 0) ^ 1;
    return out;
  };
  if (view.random.chance(0.3)) return [outgoing];
  if (message.type === "vote") {
    const vote = { ...message.vote, signature: spoil(message.vote.signature) };
    return [{ ...outgoing, message: { type: "vote", vote } }];
  }
  if (message.type === "aggregate") {
    const signature = spoil(message.contribution.signature);
    const contribution = { ...message.contribution, signature };
    return [{ ...outgoing, message: { type: "aggregate", contribution } }];
  }
  if (message.type === "timeout") {
    const timeout = { ...message.timeout, signature: spoil(message.timeout.signature) };
    return [{ ...outgoing, message: { type: "timeout", timeout } }];
  }
  return [outgoing];
}

/** Claims to have seen no certificate, to some or to all. */
function hideLock(outgoing: Outgoing, view: AdversaryView): readonly Outgoing[] {
  const { message } = outgoing;
  if (message.type !== "timeout" || message.timeout.signer !== view.index) return [outgoing];
  if (view.random.chance(0.2)) return [outgoing];
  const { timeout } = message;
  const bytes = timeoutBytes(view.world.chainId, timeout, 0);
  const secret = view.world.voteSecrets[view.index] ?? new Uint8Array(32);
  const hidden: Timeout = {
    ...timeout,
    qcViewPlus1: 0,
    highQc: undefined,
    signature: view.world.context.scheme.sign(secret, bytes),
  };
  return [{ ...outgoing, message: { type: "timeout", timeout: hidden } }];
}

/** Complaints about whomever, and calls for help without need, beside honest votes. */
function slander(outgoing: Outgoing, view: AdversaryView): readonly Outgoing[] {
  const { message } = outgoing;
  if (message.type !== "vote" && message.type !== "aggregate") return [outgoing];
  const { world, random, index } = view;
  const { epoch, height, view: at } = message.type === "vote" ? message.vote : message.contribution;
  const last = world.setOf(epoch).validators.length - 1;
  const to = random.integer(0, last);
  const statement = { gateway: random.integer(0, last), reporter: index, epoch };
  const secret = world.idSecrets[index] ?? new Uint8Array(32);
  const signature = world.identity.sign(secret, complaintBytes(world.chainId, statement));
  const complaint = encodeComplaint({ ...statement, signature });
  return [
    outgoing,
    { to, stage: "recovery", message: { type: "complaint", complaint } },
    { to, stage: "recovery", message: { type: "attach", height, view: at } },
  ];
}

/** What an honest validator may sign once only, as a key and a content. */
export function signedStatement(
  message: Message,
  sender: number,
): { readonly key: string; readonly content: string } | undefined {
  switch (message.type) {
    case "proposal": {
      const { leader, height, view, valueId } = message.proposal;
      if (leader !== sender) return undefined;
      return { key: `${sender}/proposal/${height}/${view}`, content: keyOf(valueId) };
    }
    case "vote": {
      const { signer, kind, height, view, valueId } = message.vote;
      if (signer !== sender) return undefined;
      return { key: `${sender}/${kind}/${height}/${view}`, content: keyOf(valueId) };
    }
    case "timeout": {
      const { signer, height, view, qcViewPlus1 } = message.timeout;
      if (signer !== sender) return undefined;
      return { key: `${sender}/timeout/${height}/${view}`, content: `${qcViewPlus1}` };
    }
    default:
      return undefined;
  }
}
