/**
 * The way of timeouts: from everybody to everybody, or, in the hierarchical views of a large
 * network, up the tree and across the mesh like votes.
 *
 * The tree is for speed, not for progress: who has no timeout certificate after a while sends to
 * everybody all the same, so gateways that fail cost that while.
 *
 * @see spec 90-bbft, section 9.2 "Timeouts"
 */
import { viewTimeout } from "../../parameters.ts";
import type { TimeoutCertificate } from "../../timeout-certificate.ts";
import type { Timeout } from "../message.ts";
import { tcMessage, timeoutMessage } from "./keys.ts";
import type { HeightState } from "./state.ts";
import { nextHops } from "./vote-routes.ts";

/** Above this number of validators hierarchical views use the tree. */
const LARGE_NETWORK = 128;

/** Do the timeouts of a view go up the tree? */
function usesTree(state: HeightState, view: number): boolean {
  return state.host.context.electorate.n > LARGE_NETWORK && state.roleIn(view).mode === "hier";
}

/** Sends an own timeout, for the first time or again. */
export function sendTimeout(state: HeightState, timeout: Timeout): void {
  const isForAll = !usesTree(state, timeout.view) || timeout.view <= state.spreadTimeout;
  const to = isForAll ? state.everybodyElse() : nextHops(state.roleIn(timeout.view));
  sendSparingly(state, to, timeout);
}

/** Without the certificate to those who have shown that they hold it. */
function sendSparingly(state: HeightState, to: readonly number[], timeout: Timeout): void {
  const { qcViewPlus1 } = timeout;
  const knows = (peer: number): boolean => qcViewPlus1 > 0 && state.isHolder(peer, qcViewPlus1 - 1);
  const send = (peers: readonly number[], one: Timeout): void =>
    state.host.send(peers, timeoutMessage(one), "recovery");
  send(
    to.filter((peer) => !knows(peer)),
    timeout,
  );
  send(to.filter(knows), { ...timeout, highQc: undefined });
}

/** Sends a new own timeout; by the tree only at first. */
export function startTimeout(state: HeightState, timeout: Timeout): void {
  sendTimeout(state, timeout);
  if (!usesTree(state, timeout.view)) return;
  state.setTimer("timeout", viewTimeout(state.host.context.parameters, timeout.view) / 4);
}

/** No certificate in time: to everybody. */
export function spreadTimeout(state: HeightState): void {
  const { lastTimeout, decided, view } = state;
  if (decided !== undefined || lastTimeout === undefined || lastTimeout.view < view) return;
  state.spreadTimeout = lastTimeout.view;
  sendTimeout(state, lastTimeout);
}

/** Must this node pass on what a peer brings? What came across the mesh stays. */
export function mustForward(state: HeightState, from: number, { view }: Timeout): boolean {
  return usesTree(state, view) && state.roleIn(view).children.includes(from);
}

/** Passes a verified timeout from below on. */
export function forwardTimeout(state: HeightState, from: number, timeout: Timeout): void {
  if (!mustForward(state, from, timeout)) return;
  sendSparingly(state, nextHops(state.roleIn(timeout.view)), timeout);
}

/** May this peer bring this validator's timeout: its own, or by the tree one from below it? */
export function mayBring(state: HeightState, from: number, { signer, view }: Timeout): boolean {
  if (from === signer) return true;
  if (!usesTree(state, view)) return false;
  const { parent } = state.host.context.topology;
  for (let at = parent[signer] ?? -1; at >= 0; at = parent[at] ?? -1) if (at === from) return true;
  return false;
}

/** Tells those below of a certificate that they could not make themselves. */
export function passDown(state: HeightState, certificate: TimeoutCertificate): void {
  if (!usesTree(state, certificate.view)) return;
  const { children } = state.roleIn(certificate.view);
  state.host.send(children, tcMessage(certificate), "recovery");
}
