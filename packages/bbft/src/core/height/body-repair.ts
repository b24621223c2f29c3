/**
 * Fetches the one body that this node misses, and gives bodies to others.
 *
 * @see spec 90-bbft, section 9.4 "Repair messages"
 */
import { sameBytes } from "../../bytes.ts";
import { hash, valueIdOf } from "../../signing.ts";
import type { Body } from "../message.ts";
import type { HeightState } from "./state.ts";
import type { HeightSteps } from "./steps.ts";

/** How often a missing body is asked for, as a part of the timeout of view 0. */
const REPAIR_PART = 8;

interface WantedBody {
  readonly valueId: Uint8Array;
  /** Whom to ask, in turn. */
  readonly from: readonly number[];
}

export class BodyRepair {
  readonly #state: HeightState;
  readonly #steps: Pick<HeightSteps, "deliver" | "judge" | "propose">;
  #wanted: WantedBody | undefined;
  #cursor = 0;

  constructor(state: HeightState, steps: Pick<HeightSteps, "deliver" | "judge" | "propose">) {
    this.#state = state;
    this.#steps = steps;
  }

  want(valueId: Uint8Array, from: readonly number[]): void {
    const isSame = this.#wanted !== undefined && sameBytes(this.#wanted.valueId, valueId);
    const sources = isSame ? [...from, ...(this.#wanted?.from ?? [])] : from;
    // Those who should have it first, then everybody: the others may have learned it since.
    const others = [...new Set([...sources, ...this.#state.everybodyElse()])];
    const askable = others.filter((source) => source !== this.#state.host.index);
    this.#wanted = { valueId, from: askable };
    if (!isSame) this.#cursor = 0;
    this.ask();
  }

  /** Asks the next of those who may have it. */
  ask(): void {
    const wanted = this.#wanted;
    const { values, host, height } = this.#state;
    if (wanted === undefined || values.find(wanted.valueId)?.body !== undefined) return;
    const { from, valueId } = wanted;
    const source = from[this.#cursor++ % Math.max(1, from.length)];
    if (source !== undefined)
      host.send([source], { type: "block-request", height, valueId }, "recovery");
    this.#state.setTimer("repair", host.context.parameters.viewTimeoutMs / REPAIR_PART);
  }

  onRequest(from: number, valueId: Uint8Array): void {
    const { values, host, height } = this.#state;
    const body = values.find(valueId)?.body;
    if (body === undefined || !this.#state.mayAnswer(from)) return;
    host.send([from], { type: "block-response", height, body }, "recovery");
  }

  onResponse(body: Body): void {
    const wanted = this.#wanted;
    const { values, host } = this.#state;
    if (wanted === undefined) return;
    // Anything else was not asked for.
    if (!sameBytes(valueIdOf(body.appBlockId, hash(body.engineData)), wanted.valueId)) return;
    const value = values.addBody(body, host.identify);
    if (value === undefined) return;
    this.#wanted = undefined;
    host.emit({ type: "clear-timer", key: "repair" });
    if (this.#state.decided !== undefined) {
      this.#steps.deliver([]);
      return;
    }
    const { view } = this.#state;
    const isLeader = this.#state.leads(view);
    const [proposal] = values.proposals(view);
    if (proposal !== undefined && sameBytes(proposal.valueId, value.valueId))
      this.#steps.judge(value, proposal.leader);
    else if (isLeader) this.#steps.propose();
  }
}
