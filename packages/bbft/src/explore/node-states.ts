/** The states of single validators, numbered in the order they are met. */
import { INITIAL_NODE, type NodeState, type Variant } from "./model.ts";
import { ballotOf } from "./network.ts";

/** Restarted validators have numbers from `base` on; there is room for so many times more. */
const ROOM = 16;

export class NodeStates {
  readonly #variant: Variant;
  readonly #base: number;
  readonly #states: Map<number, NodeState> = new Map();
  readonly #ids: Map<number, number> = new Map();
  #restarted = 0;
  /** By number: what the validator adds to the network, as of `ballotOf`. */
  readonly strong: Int32Array;
  readonly weak: Int32Array;
  /** By number: that of the same state with the two values exchanged. */
  readonly mirrors: Int32Array;

  /** @param base of the digits that the numbers are to be */
  constructor(variant: Variant, base: number) {
    this.#variant = variant;
    this.#base = base;
    const room = variant === "amnesia-one-node" ? ROOM * base : base;
    this.strong = new Int32Array(room);
    this.weak = new Int32Array(room);
    this.mirrors = new Int32Array(room);
  }

  state(id: number): NodeState {
    return this.#states.get(id) ?? INITIAL_NODE;
  }

  idOf(state: NodeState): number {
    const known = this.#ids.get(encode(state));
    if (known !== undefined) return known;
    const id = this.#number(state);
    const mirror = mirrorOf(state);
    this.mirrors[id] = encode(mirror) === encode(state) ? id : this.#number(mirror);
    this.mirrors[this.mirrors[id] ?? id] = id;
    return id;
  }

  #number(state: NodeState): number {
    const plain = this.#states.size - this.#restarted;
    const id = state.hasRestarted ? this.#base + this.#restarted : plain;
    if (plain >= this.#base || id >= this.strong.length)
      throw new RangeError("more node states than a key can hold");
    if (state.hasRestarted) this.#restarted++;
    this.#ids.set(encode(state), id);
    this.#states.set(id, state);
    const { strong, weak } = ballotOf(state, this.#variant);
    this.strong[id] = strong;
    this.weak[id] = weak;
    return id;
  }
}

function mirrorOf(state: NodeState): NodeState {
  return {
    ...state,
    prepares: swapPairs(state.prepares),
    commits: swapPairs(state.commits),
    highValue: state.highQcView < 0 ? 0 : 1 - state.highValue,
  };
}

const swapPairs = (mask: number): number => ((mask & 0x555) << 1) | ((mask >> 1) & 0x555);

/** 36 bits. */
function encode(state: NodeState): number {
  const memory =
    state.view |
    ((state.preparedIn + 1) << 2) |
    ((state.committedIn + 1) << 4) |
    ((state.timedOut + 1) << 6) |
    ((state.highQcView + 1) << 8) |
    (state.highValue << 10) |
    ((state.hasRestarted ? 1 : 0) << 11);
  return (memory * 64 + state.prepares) * 64 * 4096 + state.commits * 4096 + state.timeouts;
}
