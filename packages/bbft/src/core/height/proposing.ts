/**
 * The leader's part: what to propose in the current view, and signing it.
 *
 * @see spec 90-bbft, section 6.3 rule V1
 */
import type { Proposal } from "../../proposal.ts";
import { signersOf } from "../../signer-set.ts";
import { hash, proposalBytes, SIGN_KIND, valueIdOf } from "../../signing.ts";
import { encodeTimeoutCertificate, forcedValue } from "../../timeout-certificate.ts";
import type { NextEpoch } from "../epochs.ts";
import { SIGN_STEP, type SignRequest } from "../events.ts";
import type { Body, Message } from "../message.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";

export class Proposing {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "acceptProposal" | "wantBody">;
  /** Last view in which something was proposed. */
  #proposedIn = -1;

  constructor(state: HeightState, steps: Pick<HeightSteps, "acceptProposal" | "wantBody">) {
    this.#state = state;
    this.#steps = steps;
  }

  #maySign(view: number): boolean {
    const { votes, host, decided } = this.#state;
    const canSign = this.#proposedIn < view && votes.timedOut < view && !host.isSilent();
    return canSign && decided === undefined;
  }

  propose(): void {
    const { view, host, lastTc, values, height } = this.#state;
    if (!this.#maySign(view)) return;
    if (view > 0 && lastTc?.view !== view - 1) return;
    const forced = view > 0 && lastTc !== undefined ? forcedValue(lastTc) : undefined;
    if (forced === undefined) {
      host.emit({
        type: "prepare",
        height,
        view,
        lastAppBlockId: host.lastAppBlockId,
        maxBytes: host.context.parameters.maxBlockBytes,
      });
      return;
    }
    const body = values.find(forced)?.body;
    if (body !== undefined) this.#sign(body);
    else this.#steps.wantBody(forced, signersOf(lastTc?.highQc?.signers ?? new Uint8Array()));
  }

  /** A block was made for a view in which this validator leads. */
  onPrepared(
    view: number,
    block: { readonly appBlockId: Uint8Array; readonly appBlock: Uint8Array },
    next: NextEpoch,
  ): void {
    const { host, values } = this.#state;
    if (view !== this.#state.view || !this.#state.leads(view)) return;
    const engineData = host.makeEngineData(next);
    const { appBlockId, appBlock } = block;
    const body = { appBlockId, appBlock, engineData };
    const value = values.addBody(body, host.identify);
    if (value === undefined)
      throw new RangeError("the application's block does not have the id that it gave");
    value.verdict = "accepted";
    value.next = next;
    this.#sign(body);
  }

  #sign(body: Body): void {
    const { view, host, height, lastTc } = this.#state;
    if (!this.#maySign(view)) return;
    this.#proposedIn = view;
    const engineHash = hash(body.engineData);
    const valueId = valueIdOf(body.appBlockId, engineHash);
    const tc = view > 0 ? lastTc : undefined;
    const timeoutCertificate = tc === undefined ? new Uint8Array(0) : encodeTimeoutCertificate(tc);
    const position = this.#state.position(view);
    const request: SignRequest = {
      kind: SIGN_KIND.PROPOSAL,
      height,
      view,
      step: SIGN_STEP.PROPOSE,
      bytes: proposalBytes(host.chainId, position, valueId, timeoutCertificate),
    };
    host.sign(request, (signature) => {
      const proposal: Proposal = {
        ...position,
        leader: host.index,
        engineHash,
        timeoutCertificate,
        signature,
        valueId,
        ...body,
      };
      const message: Message = { type: "proposal", proposal };
      host.persist({ type: "sign-state", state: { ...request, signature }, message }, true);
      host.send(this.#state.roleIn(view).peers, message, "distribute");
      host.countLoopback(0);
      this.#steps.acceptProposal(proposal, tc);
    });
  }

  /** After a restart: sends the proposal of the current view again, where there was one. */
  resend(): void {
    const { view, host, values } = this.#state;
    const role = this.#state.roleIn(view);
    const [proposal] = values.proposals(view);
    if (role.leader !== host.index || proposal?.leader !== host.index) return;
    host.send([...role.peers, ...role.children], { type: "proposal", proposal }, "recovery");
  }

  /** Takes in a proposal of the write-ahead log. */
  restore(proposal: Proposal): void {
    const { host, values } = this.#state;
    values.addBody(proposal, host.identify);
    if (proposal.leader !== host.index) return;
    this.#proposedIn = Math.max(this.#proposedIn, proposal.view);
    values.addProposal(proposal);
    values.value(proposal.valueId).verdict = "accepted";
  }
}
