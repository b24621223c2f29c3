/**
 * The identity keys behind the indexes by which the core and the wire know validators.
 *
 * An index is a place in the set of an epoch, and sets change: an index in a message, of its sender
 * or its receiver, is a place in the set of the epoch that the message is about.
 *
 * @see spec 90-bbft, section 13.1 "Envelope and types"
 */
import { Reader, sameBytes } from "../bytes.ts";
import type { BbftCore } from "../core/core.ts";
import type { EpochContext } from "../core/epoch-context.ts";
import { MESSAGE_TYPE } from "../core/message.ts";
import { epochInMessage } from "../core/message-codec.ts";
import { epochOf } from "../validator-set.ts";

type KnownEpochs = Pick<BbftCore, "context" | "contextOf" | "indexIn">;

export class Peers {
  readonly #core: KnownEpochs;
  readonly #epochLength: number;

  constructor(core: KnownEpochs, epochLength: number) {
    this.#core = core;
    this.#epochLength = epochLength;
  }

  /** Own index in the current set; -1 for an observer. */
  get ownIndex(): number {
    return this.#core.indexIn(this.#core.context);
  }

  /** Own index in a set; -1 for an observer. */
  ownIndexIn(context: EpochContext): number {
    return this.#core.indexIn(context);
  }

  /** A key in the current set. */
  keyAt(index: number): Uint8Array | undefined {
    return keyIn(this.#core.context, index);
  }

  /** Index in the current set; -1 for anybody else. */
  indexOf(key: Uint8Array): number {
    return indexIn(this.#core.context, key);
  }

  /** By which set an encoded message is meant; the current one where it does not say. */
  contextOf(message: Uint8Array): EpochContext {
    const epoch = this.#epochOf(message);
    return (epoch === undefined ? undefined : this.#core.contextOf(epoch)) ?? this.#core.context;
  }

  /** Is a message about an epoch that is not reached yet? */
  isAhead(message: Uint8Array): boolean {
    const epoch = this.#epochOf(message);
    return epoch !== undefined && epoch > this.#core.context.epoch;
  }

  #epochOf(message: Uint8Array): bigint | undefined {
    const named = epochInMessage(message);
    if (named !== undefined) return named;
    const [type = 0] = message;
    if (type === MESSAGE_TYPE["votes-response"]) return u64At(message, FIRST_VOTE_AT);
    const at = HEIGHT_AT.get(type);
    const height = at === undefined ? undefined : u64At(message, at);
    return height ? epochOf(height, this.#epochLength) : undefined;
  }
}

export function keyIn({ electorate }: EpochContext, index: number): Uint8Array | undefined {
  return electorate.set.validators[index]?.idKey;
}

export function indexIn({ electorate }: EpochContext, key: Uint8Array): number {
  return electorate.set.validators.findIndex(({ idKey }) => sameBytes(idKey, key));
}

function u64At(message: Uint8Array, at: number): bigint | undefined {
  return message.length < at + 8 ? undefined : new Reader(message.subarray(at)).u64();
}

/** Behind type, number of votes and kind: its epoch. */
const FIRST_VOTE_AT = 4;

/** Where messages that name no epoch have their height. */
const HEIGHT_AT: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [MESSAGE_TYPE.attach, 1],
  [MESSAGE_TYPE["block-request"], 1],
  [MESSAGE_TYPE["block-response"], 1],
  [MESSAGE_TYPE["proof-request"], 1],
  [MESSAGE_TYPE["votes-request"], 2],
]);
