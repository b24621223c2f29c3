/**
 * The three counters of a voting phase, as the running core keeps them.
 *
 * @see spec 90-bbft, section 5.2 "Count"
 */
import { COMMIT, PREPARE, type VoteKind } from "../signing.ts";
import type { Stage } from "./events.ts";
import type { Message } from "./message.ts";
import { KEPT_HEIGHTS } from "./past-heights.ts";

/** Messages that one validator (or, summed, all of them) sent in one height. */
export interface MessageCounts {
  /** Proposals. */
  distribute: number;
  /** By phase: PREPARE first, then COMMIT. */
  readonly vote: [number, number];
  readonly exchange: [number, number];
  readonly finalizeA: [number, number];
  readonly finalize: [number, number];
  /** Copies that a leader delivered to itself: proposal, both certificates. */
  readonly loopback: [number, number, number];
  /** Everything that is sent because something failed. */
  recovery: number;
}

export function createCounts(): MessageCounts {
  return {
    distribute: 0,
    vote: [0, 0],
    exchange: [0, 0],
    finalizeA: [0, 0],
    finalize: [0, 0],
    loopback: [0, 0, 0],
    recovery: 0,
  };
}

const phaseIndex = (kind: VoteKind): 0 | 1 => (kind === PREPARE ? 0 : 1);

/** Counts a message to `receivers` validators. */
export function countSent(
  counts: MessageCounts,
  stage: Stage,
  message: Message,
  receivers: number,
): void {
  const kind =
    message.type === "vote"
      ? message.vote.kind
      : message.type === "aggregate"
        ? message.contribution.kind
        : message.type === "certificate"
          ? message.certificate.kind
          : PREPARE;
  const phase = phaseIndex(kind);
  if (stage === "distribute") counts.distribute += receivers;
  else if (stage === "vote") counts.vote[phase] += receivers;
  else if (stage === "exchange") counts.exchange[phase] += receivers;
  else if (stage === "finalize-a") counts.finalizeA[phase] += receivers;
  else if (stage === "finalize") counts.finalize[phase] += receivers;
  else counts.recovery += receivers;
}

export function addCounts(total: MessageCounts, more: MessageCounts): void {
  total.distribute += more.distribute;
  for (const phase of [0, 1] as const) {
    total.vote[phase] += more.vote[phase];
    total.exchange[phase] += more.exchange[phase];
    total.finalizeA[phase] += more.finalizeA[phase];
    total.finalize[phase] += more.finalize[phase];
  }
  for (const copy of [0, 1, 2] as const) total.loopback[copy] += more.loopback[copy];
  total.recovery += more.recovery;
}

/** The counters of one validator, of the last heights. */
export class HeightCounts {
  readonly #counts: Map<bigint, MessageCounts> = new Map();

  /** The counters of a height; zero for one that is forgotten. */
  find(height: bigint): MessageCounts {
    return this.#counts.get(height) ?? createCounts();
  }

  /** The counters of a height to count on, made when first asked for. */
  open(height: bigint): MessageCounts {
    const known = this.#counts.get(height);
    if (known !== undefined) return known;
    const counts = createCounts();
    this.#counts.set(height, counts);
    this.#counts.delete(height - KEPT_HEIGHTS);
    return counts;
  }
}

/** One phase as section 5.2 counts it. The finalize of PREPARE is the distribute of COMMIT. */
export function phaseTotals(
  counts: MessageCounts,
  kind: VoteKind,
): {
  distribute: number;
  vote: number;
  exchange: number;
  finalize: number;
  loopback: number;
  arrows: number;
  wire: number;
} {
  const phase = phaseIndex(kind);
  const certificates = counts.finalizeA[phase] + counts.finalize[phase];
  const distribute = kind === COMMIT ? counts.finalizeA[0] + counts.finalize[0] : counts.distribute;
  const [vote, exchange] = [counts.vote[phase], counts.exchange[phase]];
  const wire = distribute + vote + exchange + certificates;
  return {
    distribute,
    vote,
    exchange,
    finalize: certificates,
    loopback: counts.loopback[phase] + counts.loopback[phase + 1 === 1 ? 1 : 2],
    arrows: wire - counts.finalizeA[phase],
    wire,
  };
}

/** Messages of the whole decision: both phases, the certificate between them once. */
export function decisionTotal(counts: MessageCounts): number {
  const sum = ([prepare, commit]: readonly [number, number]): number => prepare + commit;
  return (
    counts.distribute +
    sum(counts.vote) +
    sum(counts.exchange) +
    sum(counts.finalizeA) +
    sum(counts.finalize)
  );
}
