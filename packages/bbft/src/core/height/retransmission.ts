/**
 * What is said again because it may have been lost.
 *
 * @see spec 90-bbft, section 9.5 "Retransmission"
 */
import { tcMessage, timeoutMessage } from "./keys.ts";
import type { HeightState } from "./state.ts";
import { nextHops, sendBelow } from "./vote-routes.ts";

const RETRANSMIT_MS = 1000;

export function startRetransmission(state: HeightState): void {
  state.setTimer("retransmit", RETRANSMIT_MS);
}

/** The last own timeout to everybody, the votes of the current view to where they go. */
export function retransmit(state: HeightState): void {
  const { view, host, lastTimeout, pools } = state;
  if (state.decided !== undefined) return;
  if (lastTimeout !== undefined && lastTimeout.view >= view)
    host.send(state.everybodyElse(), timeoutMessage(lastTimeout), "recovery");
  const pool = pools.latest;
  if (pool !== undefined && pool.view === view)
    sendBelow(state, pool, nextHops(state.roleIn(pool.view)), "recovery");
  startRetransmission(state);
}

/** To somebody in an earlier view: what opened the current one. */
export function sendTimeoutCertificate({ host, lastTc }: HeightState, to: number): void {
  if (lastTc !== undefined) host.send([to], tcMessage(lastTc), "recovery");
}
