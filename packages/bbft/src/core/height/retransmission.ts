/**
 * What is said again because it may have been lost.
 *
 * @see spec 90-bbft, section 9.5 "Retransmission"
 */
import { COMMIT, PREPARE } from "../../signing.ts";
import { tcMessage, timeoutMessage } from "./keys.ts";
import type { HeightState } from "./state.ts";
import { sendTimeout } from "./timeout-routes.ts";
import { backupsBesidesParent, nextHops, sendBelow, sendOwnVotes } from "./vote-routes.ts";

const RETRANSMIT_MS = 1000;

export function startRetransmission(state: HeightState): void {
  state.setTimer("retransmit", RETRANSMIT_MS);
}

/** The last own timeout, the votes of the current view to where they go. */
export function retransmit(state: HeightState): void {
  const { view, lastTimeout, pools } = state;
  if (state.decided !== undefined) return;
  if (lastTimeout !== undefined && lastTimeout.view >= view) sendTimeout(state, lastTimeout);
  const pool = pools.latest;
  if (pool !== undefined && pool.view === view)
    sendBelow(state, pool, nextHops(state.roleIn(pool.view)), "recovery");
  sendOwnVotes(state, backupsBesidesParent(state));
  startRetransmission(state);
}

/** What somebody would have by now who was connected all the time. */
export function repeatTo(state: HeightState, peer: number): void {
  const { view, host, lastTimeout, pools } = state;
  if (!state.isStarted || state.decided !== undefined || !state.mayAnswer(peer)) return;
  if (view > 0) sendTimeoutCertificate(state, peer);
  const role = state.roleIn(view);
  const owesPeers = role.leader === host.index && role.peers.includes(peer);
  if (owesPeers || state.isBelow(peer, view)) sendViewTo(state, peer);
  const pool = pools.latest;
  const hasVoted = pool !== undefined && pool.view === view;
  if (hasVoted && nextHops(role).includes(peer)) sendBelow(state, pool, [peer], "recovery");
  if (backupsBesidesParent(state).includes(peer)) sendOwnVotes(state, [peer]);
  if (lastTimeout !== undefined && lastTimeout.view >= view)
    host.send([peer], timeoutMessage(lastTimeout), "recovery");
}

/** What the current view has come to: its proposal, its certificates. */
export function sendViewTo({ view, host, values, certificates }: HeightState, to: number): void {
  for (const proposal of values.proposals(view))
    host.send([to], { type: "proposal", proposal }, "recovery");
  for (const kind of [PREPARE, COMMIT]) {
    const certificate = certificates.find(kind, view);
    if (certificate !== undefined)
      host.send([to], { type: "certificate", certificate }, "recovery");
  }
}

/** To somebody in an earlier view: what opened the current one. */
export function sendTimeoutCertificate({ host, lastTc }: HeightState, to: number): void {
  if (lastTc !== undefined) host.send([to], tcMessage(lastTc), "recovery");
}
