/**
 * Checks, signatures and memories that the host was asked for and has not given yet.
 *
 * @see spec 90-bbft, section 15 "Durability: never sign twice", item 1
 */
import type { Check, Effect, SignRequest, SignState } from "./events.ts";
import type { DecodeContext } from "./message-codec.ts";
import { checkSignRequest } from "./sign-guard.ts";
import type { VotingRules } from "./voting-rules.ts";

interface PendingSign {
  readonly request: SignRequest;
  readonly then: (signature: Uint8Array) => void;
}

export class OpenRequests {
  readonly #emit: (effect: Effect) => void;
  readonly #rules: Pick<VotingRules, "isLaterStep">;
  readonly #checks: Map<number, (invalid: readonly number[]) => void> = new Map();
  readonly #signs: Map<number, PendingSign> = new Map();
  readonly #identitySigns: Map<number, (signature: Uint8Array) => void> = new Map();
  readonly #epochs: Map<number, (context: DecodeContext) => void> = new Map();
  readonly #offenses: Map<number, (isKnown: boolean) => void> = new Map();
  #nextId = 0;
  #lastSigned: SignState | undefined;

  constructor(emit: (effect: Effect) => void, rules: Pick<VotingRules, "isLaterStep">) {
    this.#emit = emit;
    this.#rules = rules;
  }

  /** The last signature given. */
  get lastSigned(): SignState | undefined {
    return this.#lastSigned;
  }

  verify(check: Check, then: (invalid: readonly number[]) => void): void {
    const id = this.#nextId++;
    this.#checks.set(id, then);
    this.#emit({ type: "verify", id, check });
  }

  onVerified(id: number, invalid: readonly number[]): void {
    const then = this.#checks.get(id);
    this.#checks.delete(id);
    then?.(invalid);
  }

  sign(request: SignRequest, then: (signature: Uint8Array) => void): void {
    const stored = this.#stored(request);
    if (stored !== undefined) {
      then(stored);
      return;
    }
    const id = this.#nextId++;
    this.#signs.set(id, { request, then });
    this.#emit({ type: "sign", id, request });
  }

  #stored(request: SignRequest): Uint8Array | undefined {
    return checkSignRequest(this.#lastSigned, request, this.#rules.isLaterStep);
  }

  signIdentity(bytes: Uint8Array, then: (signature: Uint8Array) => void): void {
    const id = this.#nextId++;
    this.#identitySigns.set(id, then);
    this.#emit({ type: "sign-identity", id, bytes });
  }

  recallEpoch(epoch: bigint, then: (context: DecodeContext) => void): void {
    const id = this.#nextId++;
    this.#epochs.set(id, then);
    this.#emit({ type: "recall-epoch", id, epoch });
  }

  onEpochRecalled(id: number, context: DecodeContext): void {
    const then = this.#epochs.get(id);
    this.#epochs.delete(id);
    then?.(context);
  }

  recallOffense(offense: Uint8Array, then: (isKnown: boolean) => void): void {
    const id = this.#nextId++;
    this.#offenses.set(id, then);
    this.#emit({ type: "recall-offense", id, offense });
  }

  onOffenseRecalled(id: number, isKnown: boolean): void {
    const then = this.#offenses.get(id);
    this.#offenses.delete(id);
    then?.(isKnown);
  }

  /** @param isLive is this height still worked on? */
  onSigned(id: number, signature: Uint8Array, isLive: (height: bigint) => boolean): void {
    const statement = this.#identitySigns.get(id);
    if (statement !== undefined) {
      this.#identitySigns.delete(id);
      statement(signature);
      return;
    }
    const pending = this.#signs.get(id);
    this.#signs.delete(id);
    if (pending === undefined) return;
    const { request, then } = pending;
    if (!isLive(request.height)) return;
    // A decided height that went on signs no more; its last vote may still be on its way.
    if (this.#stored(request) !== undefined) return;
    this.#lastSigned = { ...request, signature };
    then(signature);
  }

  /** Takes in a signature of the write-ahead log. */
  restore(state: SignState): void {
    this.#lastSigned = state;
  }
}
