/**
 * The own votes of both phases.
 *
 * @see spec 90-bbft, section 6.3 rules V2 and V3
 */
import { COMMIT, PREPARE, type VoteKind, voteBytes } from "../../signing.ts";
import { SIGN_STEP, type SignRequest } from "../events.ts";
import type { Message, Vote } from "../message.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";

export class Voting {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "addOwnVote">;

  constructor(state: HeightState, steps: Pick<HeightSteps, "addOwnVote">) {
    this.#state = state;
    this.#steps = steps;
  }

  tryPrepare(view: number): void {
    const { values, votes, host } = this.#state;
    const [proposal, second] = values.proposals(view);
    if (proposal === undefined || second !== undefined) return;
    if (this.#state.decided !== undefined) return;
    if (values.find(proposal.valueId)?.verdict !== "accepted") return;
    if (!host.rules.mayPrepare(votes, view) || host.isSilent()) return;
    this.#state.votes = { ...votes, preparedIn: view };
    this.#sign(PREPARE, view, proposal.valueId);
  }

  tryCommit(view: number): void {
    const { certificates, votes, host } = this.#state;
    const certificate = certificates.find(PREPARE, view);
    if (certificate === undefined || this.#state.decided !== undefined) return;
    if (!host.rules.mayCommit(votes, view) || host.isSilent()) return;
    this.#state.votes = { ...votes, committedIn: view };
    this.#sign(COMMIT, view, certificate.valueId);
  }

  #sign(kind: VoteKind, view: number, valueId: Uint8Array): void {
    const { host, height } = this.#state;
    const position = this.#state.position(view);
    const request: SignRequest = {
      kind,
      height,
      view,
      step: kind === PREPARE ? SIGN_STEP.PREPARE : SIGN_STEP.COMMIT,
      bytes: voteBytes(kind, host.chainId, position, valueId),
    };
    host.sign(request, (signature) => {
      const vote: Vote = { ...position, kind, valueId, signer: host.index, signature };
      const message: Message = { type: "vote", vote };
      host.persist({ type: "sign-state", state: { ...request, signature }, message }, true);
      this.#steps.addOwnVote(vote);
    });
  }

  /** Takes in an own vote of the write-ahead log. */
  restore({ kind, view, valueId, signature }: Vote): void {
    const { votes, host, pools } = this.#state;
    const field = kind === PREPARE ? "preparedIn" : "committedIn";
    const last = Math.max(votes[field], view);
    this.#state.votes = { ...votes, [field]: last, view: Math.max(votes.view, view) };
    const pool = pools.open(kind, view, valueId, host.index);
    if (pool === undefined) return;
    pool.addVerifiedSingle(host.index, signature, true);
    pool.hasOwn = true;
    pools.latest = pool;
  }
}
