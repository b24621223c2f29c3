/**
 * Around a gateway that fails: its members attach to others, inside of the view.
 *
 * @see spec 90-bbft, section 10.1 "Attach"
 */
import { viewTimeout } from "../../parameters.ts";
import { COMMIT, PREPARE } from "../../signing.ts";
import type { ViewRole } from "../epoch-context.ts";
import type { Vote } from "../message.ts";
import { sendTimeoutCertificate } from "./retransmission.ts";
import type { HeightState } from "./state.ts";
import { requestVotes } from "./vote-requests.ts";

export class Attaching {
  readonly #state: HeightState;
  /** The next backup to attach to. */
  #cursor = 0;

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
      host.send(backups, { type: "attach", height, view }, "recovery");
      if (pool !== undefined && !role.isGateway) this.#sendOwnVotes(backups, view);
      if (pool !== undefined && role.isGateway) requestVotes(this.#state, pool, role.peers);
    }
    this.#wait(view);
  }

  #sendOwnVotes(to: readonly number[], view: number): void {
    const { host, pools } = this.#state;
    const { index } = host;
    for (const pool of pools.all()) {
      const signature = pool.view === view && pool.hasOwn ? pool.single(index) : undefined;
      if (signature === undefined) continue;
      const { kind, valueId } = pool;
      const position = this.#state.position(view);
      const vote: Vote = { ...position, kind, valueId, signer: index, signature };
      host.send(to, { type: "vote", vote }, "recovery");
    }
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

  onAttach(from: number, view: number): void {
    const { host, values, certificates, attached } = this.#state;
    if (!this.#state.mayAnswer(from)) return;
    if (view < this.#state.view) {
      sendTimeoutCertificate(this.#state, from);
      return;
    }
    if (view > this.#state.view) return;
    attached.add(from);
    for (const proposal of values.proposals(view))
      host.send([from], { type: "proposal", proposal }, "recovery");
    for (const kind of [PREPARE, COMMIT]) {
      const certificate = certificates.find(kind, view);
      if (certificate !== undefined)
        host.send([from], { type: "certificate", certificate }, "recovery");
    }
  }
}
