/**
 * What this node thinks of a value: the engine's data first, then the application.
 *
 * @see spec 90-bbft, sections 6.3 rule V2 and 12.1 "engineData"
 */
import { sameBytes } from "../../bytes.ts";
import { BbftError } from "../../error.ts";
import type { NextEpoch } from "../epochs.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";
import type { Value } from "./value-book.ts";

export class Verdicts {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "tryPrepare" | "wantBody" | "giveUp">;

  constructor(state: HeightState, steps: Pick<HeightSteps, "tryPrepare" | "wantBody" | "giveUp">) {
    this.#state = state;
    this.#steps = steps;
  }

  /** Has the application look at a value, or votes if it did. */
  judge(value: Value, source: number): void {
    if (value.verdict === "accepted") {
      this.#steps.tryPrepare(this.#state.view);
      return;
    }
    if (value.verdict !== "unknown") return;
    if (value.body === undefined) {
      this.#steps.wantBody(value.valueId, [source]);
      return;
    }
    const { body } = value;
    const { host } = this.#state;
    value.verdict = "pending";
    const isReproposed = this.#state.certificates.isCertified(value.valueId);
    host.checkEngineData(body.engineData, (isValid) => {
      if (!isValid) {
        this.#onVerdict(value, false);
        return;
      }
      host.emit({
        type: "validate",
        height: this.#state.height,
        view: this.#state.view,
        valueId: value.valueId,
        lastAppBlockId: host.lastAppBlockId,
        body,
        isReproposed,
      });
    });
  }

  onValidated(valueId: Uint8Array, isAccepted: boolean, next: NextEpoch): void {
    const { host, values } = this.#state;
    const value = values.find(valueId);
    if (value?.body === undefined || value.verdict !== "pending") return;
    value.next = next;
    const isRight = host.isNextEpochRight(value.body.engineData, next);
    this.#onVerdict(value, isAccepted && isRight);
  }

  #onVerdict(value: Value, isAccepted: boolean): void {
    value.verdict = isAccepted ? "accepted" : "rejected";
    if (this.#state.decided !== undefined) return;
    const { view, host, height, values } = this.#state;
    if (isAccepted) {
      this.#steps.tryPrepare(view);
      return;
    }
    if (this.#state.certificates.isCertified(value.valueId)) {
      host.emit({ type: "fatal", error: new BbftError("app-divergence", { height, view }) });
      return;
    }
    const [proposal] = values.proposals(view);
    if (proposal === undefined || !sameBytes(proposal.valueId, value.valueId)) return;
    host.emit({ type: "invalid-proposal", proposal });
    this.#steps.giveUp(view);
  }
}
