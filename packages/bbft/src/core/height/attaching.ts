/**
 * Around a gateway that fails: its members attach to others, inside of the view.
 *
 * @see spec 90-bbft, section 10.1 "Attach"
 */
import { sameBytes } from "../../bytes.ts";
import { viewTimeout } from "../../parameters.ts";
import type { Proposal } from "../../proposal.ts";
import type { ViewRole } from "../epoch-context.ts";
import { sendTimeoutCertificate, sendViewTo } from "./retransmission.ts";
import type { HeightState } from "./state.ts";
import { requestVotes } from "./vote-requests.ts";
import { sendOwnVotes } from "./vote-routes.ts";

export class Attaching {
  readonly #state: HeightState;
  /** The next backup to attach to. */
  #cursor = 0;
  readonly #helped: Set<number> = new Set();

  constructor(state: HeightState) {
    this.#state = state;
  }

  /** A new view: waits for its proposal, then for what becomes of the own vote. */
  start(view: number): void {
    this.#cursor = 0;
    this.#wait(view);
  }

  #wait(view: number): void {
    const { parameters } = this.#state.host.context;
    this.#state.setTimer("attach", viewTimeout(parameters, view) / 4);
  }

  onTimer(): void {
    const { view, host, height, values, pools } = this.#state;
    if (this.#state.decided !== undefined) return;
    const role = this.#state.roleIn(view);
    const pool = pools.latest?.view === view ? pools.latest : undefined;
    const hasProposal = values.proposals(view).length > 0;
    if (!hasProposal || pool !== undefined) {
      const backups = this.#nextBackups(role);
      for (const backup of backups) this.#state.backups.add(backup);
      host.send(backups, { type: "attach", height, view }, "recovery");
      this.#state.grievances.noteOwnAttach(view);
      if (pool !== undefined && !role.isGateway) sendOwnVotes(this.#state, backups);
      if (pool !== undefined && role.isGateway) requestVotes(this.#state, pool, role.peers);
    }
    this.#wait(view);
  }

  /** The next gateways after the own one, the leader last; in a direct view only the leader. */
  #nextBackups({ mode, leader, topology }: ViewRole): number[] {
    const { index, context } = this.#state.host;
    let list = [leader];
    if (mode === "hier") {
      const { gateways, root } = topology;
      const position = gateways.indexOf(root[index] ?? -1);
      list = [...gateways.slice(position + 1), ...gateways.slice(0, position), leader];
    }
    const backups = [...new Set(list)].filter((gateway) => gateway !== index);
    const count = Math.min(context.parameters.attachFanout, backups.length);
    const chosen: number[] = [];
    for (let i = 0; i < count; i++) {
      const backup = backups[this.#cursor++ % backups.length];
      if (backup !== undefined) chosen.push(backup);
    }
    return chosen;
  }

  /** Gives the decided proposal, once to each who attached after the decision. */
  giveDecided(to: number): void {
    const { decided, host, values } = this.#state;
    if (decided === undefined || this.#helped.has(to)) return;
    const isDecided = (one: Proposal): boolean => sameBytes(one.valueId, decided.valueId);
    const proposal = values.proposals(decided.view).find(isDecided);
    if (proposal === undefined) return;
    this.#helped.add(to);
    host.send([to], { type: "proposal", proposal }, "recovery");
  }

  onAttach(from: number, view: number): void {
    if (!this.#state.mayAnswer(from)) return;
    this.#state.attached.add(from);
    // Somebody ahead gets what comes here; somebody behind is taken along.
    if (view > this.#state.view) return;
    if (view < this.#state.view) sendTimeoutCertificate(this.#state, from);
    else this.#state.grievances.noteAttach(from);
    sendViewTo(this.#state, from);
  }
}
