/**
 * Votes asked for one by one, and answers to those who repeat theirs.
 *
 * @see spec 90-bbft, section 9.4 "Repair messages"
 */
import { signerSet } from "../../signer-set.ts";
import type { VoteKind } from "../../signing.ts";
import { type Message, wantedSigners } from "../message.ts";
import type { HeightState } from "./state.ts";
import type { VotePool } from "./vote-pool.ts";

/** Asks for the single votes that a pool does not hold. */
export function requestVotes(state: HeightState, pool: VotePool, sources: readonly number[]): void {
  const { n } = state.host.context.electorate;
  const held = signerSet(
    n,
    [...Array(n).keys()].filter((one) => pool.single(one) !== undefined),
  );
  const wanted = signerSet(n, [...Array(n).keys()]);
  for (let at = 0; at < wanted.length; at++) wanted[at] = (wanted[at] ?? 0) & ~(held[at] ?? 0);
  const { kind, view, valueId } = pool;
  const { height, host } = state;
  host.send(sources, { type: "votes-request", kind, height, view, valueId, wanted }, "recovery");
}

export function answerVotesRequest(
  state: HeightState,
  from: number,
  request: Extract<Message, { type: "votes-request" }>,
): void {
  const { kind, view, valueId } = request;
  const pool = state.pools.find(kind, view, valueId);
  if (pool === undefined || !state.mayAnswer(from)) return;
  const { host } = state;
  const position = state.position(view);
  const wanted = wantedSigners(request.wanted, host.context.electorate.n);
  const votes = pool.singlesOf(wanted).map((single) => ({ ...position, kind, valueId, ...single }));
  if (votes.length > 0) host.send([from], { type: "votes-response", votes }, "recovery");
}

/** Gives the certificate of a phase to somebody who still votes in it. */
export function answerWithCertificate(
  state: HeightState,
  peer: number,
  kind: VoteKind,
  view: number,
): void {
  const certificate = state.certificates.find(kind, view);
  if (certificate === undefined || !state.mayAnswer(peer)) return;
  state.host.send([peer], { type: "certificate", certificate }, "recovery");
}
