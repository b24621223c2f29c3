/** The values of one height: what was proposed in which view, and the bodies that are known. */
import { keyOf, sameBytes } from "../../bytes.ts";
import type { Proposal } from "../../proposal.ts";
import { hash, valueIdOf } from "../../signing.ts";
import type { NextEpoch } from "../epochs.ts";
import type { Body } from "../message.ts";

type Verdict = "unknown" | "pending" | "accepted" | "rejected";

export interface Value {
  readonly valueId: Uint8Array;
  appBlockId: Uint8Array | undefined;
  engineHash: Uint8Array | undefined;
  body: Body | undefined;
  verdict: Verdict;
  /** The next epoch, as the application computed it. */
  next: NextEpoch;
}

/** Proposals of one view that are kept: the second only proves that there are two. */
export const PROPOSALS_PER_VIEW = 2;
/** Values of one height that are kept, bodies included. */
const MAX_VALUES = 64;

export class ValueBook {
  readonly #proposals: Map<number, Proposal[]> = new Map();
  readonly #values: Map<string, Value> = new Map();

  proposals(view: number): readonly Proposal[] {
    return this.#proposals.get(view) ?? [];
  }

  addProposal(proposal: Proposal): void {
    this.#proposals.set(proposal.view, [...this.proposals(proposal.view), proposal]);
  }

  /** The value with this id, made empty when first asked for. */
  value(valueId: Uint8Array): Value {
    const key = keyOf(valueId);
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    if (this.#values.size >= MAX_VALUES) {
      const [oldest] = this.#values.keys();
      if (oldest !== undefined) this.#values.delete(oldest);
    }
    const value: Value = {
      valueId,
      appBlockId: undefined,
      engineHash: undefined,
      body: undefined,
      verdict: "unknown",
      next: {},
    };
    this.#values.set(key, value);
    return value;
  }

  find(valueId: Uint8Array): Value | undefined {
    return this.#values.get(keyOf(valueId));
  }

  /**
   * Takes a body in, if it is what its value id says.
   *
   * @param identify the application's block id of bytes
   * @returns the value; undefined when the bytes are not the block that they claim to be
   */
  addBody(
    { appBlockId, appBlock, engineData }: Body,
    identify: (appBlock: Uint8Array) => Uint8Array,
  ): Value | undefined {
    if (!sameBytes(identify(appBlock), appBlockId)) return undefined;
    const engineHash = hash(engineData);
    const value = this.value(valueIdOf(appBlockId, engineHash));
    value.body ??= { appBlockId, appBlock, engineData };
    value.appBlockId = appBlockId;
    value.engineHash = engineHash;
    return value;
  }
}
