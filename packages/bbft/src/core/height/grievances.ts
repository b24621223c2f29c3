/**
 * Notices gateways that leave their members alone. Two kinds of validators can: a member that
 * attached and was helped by others while its gateway gave it nothing, and a gateway to which
 * members of another one attached for something that was to be had.
 *
 * @see spec 90-bbft, sections 10.1 "Attach" and 11.5 "Exclusion and rotation"
 */
import { COMMIT, PREPARE } from "../../signing.ts";
import { gatewayAccusedBy } from "../complaint-pool.ts";
import { VIEW_WINDOW } from "./bounds.ts";
import type { HeightState } from "./state.ts";

export class Grievances {
  readonly #state: HeightState;
  /** Last view of which the own parent gave a proposal or certificate. */
  #servedIn = -1;
  /** Last hierarchical view in which this node attached. */
  #attachedIn = -1;

  constructor(state: HeightState) {
    this.#state = state;
  }

  /** A proposal or certificate of a view arrived, new or not. */
  noteReceived(from: number, view: number): void {
    if (view <= this.#servedIn || view > this.#state.view + VIEW_WINDOW) return;
    if (this.#state.roleIn(view).parent === from) this.#servedIn = view;
  }

  /** This node attaches to others. */
  noteOwnAttach(view: number): void {
    if (this.#state.roleIn(view).mode === "hier") this.#attachedIn = view;
  }

  /** Another validator attaches to this one in the current view. */
  noteAttach(from: number): void {
    const { host, view } = this.#state;
    const gateway = gatewayAccusedBy(from, this.#state.roleIn(view), host.index);
    if (gateway !== undefined && this.#isWithheld(gateway)) host.recordAttach(gateway, from);
  }

  /** Is there something that a gateway's members should have by now? */
  #isWithheld(gateway: number): boolean {
    const { view, certificates, values } = this.#state;
    if (certificates.has(PREPARE, view) || certificates.has(COMMIT, view)) return true;
    // A gateway that voted has the proposal, and its members may wait for others.
    return values.proposals(view).length > 0 && this.#isSilent(gateway, view);
  }

  /** Was nothing heard of a gateway in a view? */
  #isSilent(gateway: number, view: number): boolean {
    const { pools } = this.#state;
    if (this.#state.roleIn(view).leader === gateway) return false;
    for (const pool of pools.all())
      if (pool.view === view && pool.answered.has(gateway)) return false;
    return true;
  }

  /** The height is decided: which gateways were of no help? */
  conclude(decidedIn: number): void {
    const isHierarchical = this.#state.roleIn(decidedIn).mode === "hier";
    if (this.#attachedIn >= 0)
      this.#judgeParent(isHierarchical ? decidedIn : this.#attachedIn, decidedIn);
    const { attached, host } = this.#state;
    if (!isHierarchical || attached.size === 0) return;
    const role = this.#state.roleIn(decidedIn);
    for (const member of attached) {
      const gateway = gatewayAccusedBy(member, role, host.index);
      if (gateway !== undefined && this.#isSilent(gateway, decidedIn))
        host.recordAttach(gateway, member);
    }
  }

  /** Did the own gateway give nothing in a view in which others did? */
  #judgeParent(view: number, decidedIn: number): void {
    if (this.#servedIn >= view) return;
    const { host, values } = this.#state;
    const { parent, topology } = this.#state.roleIn(view);
    const isTop = parent >= 0 && topology.parent[parent] === -1;
    const wasHelped = values.proposals(view).length > 0 || decidedIn === view;
    if (isTop && wasHelped) host.complain(parent);
  }
}
