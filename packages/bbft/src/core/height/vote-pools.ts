/** The vote pools of one height, and how many of them a peer may open. */
import { keyOf } from "../../bytes.ts";
import { type VoteKind, voteBytes } from "../../signing.ts";
import type { HeightHost } from "./host.ts";
import { VotePool } from "./vote-pool.ts";

/** Values of one view and phase that a peer can bring up; an honest leader causes one. */
const VALUES_PER_PEER = 4;

export class VotePools {
  /** The pool of the last own vote. */
  latest: VotePool | undefined;
  readonly #host: HeightHost;
  readonly #isTracked: (valueId: Uint8Array) => boolean;
  readonly #pools: Map<string, VotePool> = new Map();
  /** Unknown values that each peer brought up, by kind and view. */
  readonly #broughtUp: Map<string, number> = new Map();

  /** @param isTracked was this value proposed or certified? */
  constructor(host: HeightHost, isTracked: (valueId: Uint8Array) => boolean) {
    this.#host = host;
    this.#isTracked = isTracked;
  }

  find(kind: VoteKind, view: number, valueId: Uint8Array): VotePool | undefined {
    return this.#pools.get(this.#keyOf(kind, view, valueId));
  }

  /** The pool whose timer has this key. */
  ofTimer(key: string): VotePool | undefined {
    return this.#pools.get(key);
  }

  all(): Iterable<VotePool> {
    return this.#pools.values();
  }

  /** The pool of a value, made when first asked for; undefined when a peer brings up too many. */
  open(kind: VoteKind, view: number, valueId: Uint8Array, from: number): VotePool | undefined {
    const key = this.#keyOf(kind, view, valueId);
    const known = this.#pools.get(key);
    if (known !== undefined) return known;
    const { chainId, context, height, index } = this.#host;
    if (!this.#isTracked(valueId) && from !== index) {
      const peer = `${kind}/${view}/${from}`;
      const broughtUp = this.#broughtUp.get(peer) ?? 0;
      if (broughtUp >= VALUES_PER_PEER) return undefined;
      this.#broughtUp.set(peer, broughtUp + 1);
    }
    const position = { epoch: context.epoch, height, view };
    const message = voteBytes(kind, chainId, position, valueId);
    const pool = new VotePool({ kind, view, valueId, message, key });
    this.#pools.set(key, pool);
    return pool;
  }

  #keyOf(kind: VoteKind, view: number, valueId: Uint8Array): string {
    return `aggregate/${this.#host.height}/${kind}/${view}/${keyOf(valueId)}`;
  }
}
