/**
 * Exhaustive exploration of the model, breadth first, up to symmetry of the honest validators and
 * of the two values.
 *
 * @see spec 90-bbft, section 14.4 "Model checking"
 */
import {
  createNetwork,
  INITIAL_NODE,
  isStuck,
  isViolated,
  type Network,
  type NodeState,
  nextStates,
  VALIDATORS,
  type Variant,
} from "./model.ts";
import { NumberSet } from "./number-set.ts";

export interface ExplorationOptions {
  readonly variant: Variant;
  /** Views explored, 1 to 3. */
  readonly views: number;
  /** Byzantine validators among the four. */
  readonly byzantine: number;
  /** Gives up after so many states; 20 million when left out. */
  readonly maxStates?: number | undefined;
}

export interface Exploration {
  readonly verdict: "safe" | "violated" | "stuck" | "unfinished";
  /** States found until the verdict. */
  readonly states: number;
  /** A shortest way to the violation, as states of the honest validators. */
  readonly counterexample: readonly (readonly NodeState[])[];
}

/** Numbers from here on are those of a validator that restarted; there is one at most. */
const RESTARTED = 2 ** 20;
const DEFAULT_MAX_STATES = 20_000_000;

/** Numbers node states in the order they are met, and knows each one's mirror image. */
class NodeStates {
  readonly #states: NodeState[] = [];
  readonly #restarted: NodeState[] = [];
  readonly #ids: Map<number, number> = new Map();
  readonly #mirrors: Map<number, number> = new Map();

  state(id: number): NodeState {
    const list = id >= RESTARTED ? this.#restarted : this.#states;
    return list[id % RESTARTED] ?? INITIAL_NODE;
  }

  idOf(state: NodeState): number {
    const code = encode(state);
    const known = this.#ids.get(code);
    if (known !== undefined) return known;
    const list = state.hasRestarted ? this.#restarted : this.#states;
    const id = list.length + (state.hasRestarted ? RESTARTED : 0);
    list.push(state);
    this.#ids.set(code, id);
    return id;
  }

  /** The same state with the two values exchanged. */
  mirror(id: number): number {
    const known = this.#mirrors.get(id);
    if (known !== undefined) return known;
    const state = this.state(id);
    const mirrored = this.idOf({
      ...state,
      prepares: swapPairs(state.prepares),
      commits: swapPairs(state.commits),
      highValue: state.highQcView < 0 ? 0 : 1 - state.highValue,
    });
    this.#mirrors.set(id, mirrored);
    return mirrored;
  }
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

/** Explores everything that can happen. */
export function explore(options: ExplorationOptions): Exploration {
  const { variant, views, byzantine, maxStates = DEFAULT_MAX_STATES } = options;
  if (views < 1 || views > 3) throw new RangeError(`not 1 to 3 views: ${views}`);
  const honest = VALIDATORS - byzantine;
  const nodes = new NodeStates();
  const seen = new NumberSet();
  // Four digits and the room of a restarted one must fit into 53 bits.
  const base = honest >= 4 ? 2 ** 12 : 2 ** 16;

  const scratch = new Array<number>(honest).fill(0);
  /** The key of node states in any order; the order does not matter. */
  const keyOf = (ids: readonly number[], isMirrored: boolean): number => {
    for (let i = 0; i < honest; i++) {
      const own = ids[i] ?? 0;
      const id = isMirrored ? nodes.mirror(own) : own;
      let at = i;
      for (; at > 0 && (scratch[at - 1] ?? 0) < id; at--) scratch[at] = scratch[at - 1] ?? 0;
      scratch[at] = id;
    }
    // A restarted validator sorts first and becomes the top digit, which has room for it.
    const [top = 0] = scratch;
    const digit = top >= RESTARTED ? base + top - RESTARTED : top;
    if (digit >= base * 16 || (scratch[1] ?? 0) >= base)
      throw new RangeError("more node states than a key can hold");
    let key = digit;
    for (let i = 1; i < honest; i++) key = key * base + (scratch[i] ?? 0);
    return key;
  };
  const canonical = (ids: readonly number[]): number =>
    Math.min(keyOf(ids, false), keyOf(ids, true));
  const idsOf = (key: number): number[] => {
    const ids: number[] = [];
    let rest = key;
    for (let i = 0; i < honest; i++) {
      const isTop = i === honest - 1;
      if (isTop) ids.push(rest >= base ? rest - base + RESTARTED : rest);
      else ids.push(rest % base);
      rest = Math.floor(rest / base);
    }
    return ids;
  };
  const networkOf = (ids: readonly number[]): Network =>
    createNetwork(
      ids.map((id) => nodes.state(id)),
      variant,
      views,
      byzantine,
    );

  const start = canonical(new Array<number>(honest).fill(nodes.idOf(INITIAL_NODE)));
  seen.add(start);
  for (let at = 0; at < seen.size; at++) {
    const ids = idsOf(seen.at(at));
    const network = networkOf(ids);
    const verdict = isViolated(network, variant)
      ? "violated"
      : isStuck(network, variant)
        ? "stuck"
        : undefined;
    if (verdict !== undefined) {
      const counterexample = seen.pathTo(at).map((key) => networkOf(idsOf(key)).nodes);
      return { verdict, states: seen.size, counterexample };
    }
    if (seen.size > maxStates)
      return { verdict: "unfinished", states: seen.size, counterexample: [] };
    for (let index = 0; index < honest; index++) {
      // Equal neighbors do the same; one of them is enough.
      if (index > 0 && ids[index] === ids[index - 1]) continue;
      for (const state of nextStates(network, variant, views, index)) {
        const changed = [...ids];
        changed[index] = nodes.idOf(state);
        seen.add(canonical(changed), at);
      }
    }
  }
  return { verdict: "safe", states: seen.size, counterexample: [] };
}
