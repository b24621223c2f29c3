/**
 * Exhaustive exploration of the model, breadth first, up to symmetry of the honest validators and
 * of the two values.
 *
 * @see spec 90-bbft, section 14.4 "Model checking"
 */

import { insert, keyAfter, keyOf, readKey } from "./keys.ts";
import { INITIAL_NODE, type NodeState, nextStates, VALIDATORS, type Variant } from "./model.ts";
import { honestQuorum } from "./network.ts";
import { NodeStates } from "./node-states.ts";
import { NumberLists } from "./number-lists.ts";
import { NumberSet } from "./number-set.ts";
import { Scenes } from "./scenes.ts";
import { checkSearch } from "./search-limits.ts";
import { Tally } from "./tally.ts";

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

const DEFAULT_MAX_STATES = 20_000_000;

/** Explores everything that can happen. */
export function explore(options: ExplorationOptions): Exploration {
  const { variant, views, byzantine, maxStates = DEFAULT_MAX_STATES } = options;
  checkSearch(options);
  const honest = VALIDATORS - byzantine;
  // Four digits and the room of a restarted one must fit into 53 bits.
  const base = honest >= 4 ? 2 ** 12 : 2 ** 16;
  const nodes = new NodeStates(variant, base);
  const scenes = new Scenes(
    options,
    ({ commitQcs, highestQc, ...shown }) => shown,
    (network) =>
      new NumberLists((id) =>
        nextStates(nodes.state(id), network, variant, views).map((state) => nodes.idOf(state)),
      ),
  );
  const quorum = honestQuorum(options);
  const seen = new NumberSet();
  const [strong, weak] = [new Tally(), new Tally()];
  const ids = new Int32Array(honest);
  const mirrors = new Int32Array(honest);

  ids.fill(nodes.idOf(INITIAL_NODE));
  seen.add(keyOf(ids, base));
  for (let at = 0; at < seen.size || at < seen.settle(); at++) {
    readKey(seen.at(at), base, ids);
    strong.clear();
    weak.clear();
    for (let place = 0; place < honest; place++) {
      const id = ids[place] ?? 0;
      strong.add(nodes.strong[id] ?? 0);
      weak.add(nodes.weak[id] ?? 0);
      insert(mirrors, place, nodes.mirrors[id] ?? 0);
    }
    const scene = scenes.of(strong.atLeast(quorum), weak.atLeast(1));
    if (scene.isViolated || scene.isStuck) {
      const counterexample = seen.pathTo(at).map((key) => {
        readKey(key, base, ids);
        return [...ids].map((id) => nodes.state(id));
      });
      const verdict = scene.isViolated ? "violated" : "stuck";
      return { verdict, states: seen.settle(), counterexample };
    }
    if (seen.sizeToCome > maxStates && seen.settle() > maxStates)
      return { verdict: "unfinished", states: seen.size, counterexample: [] };
    for (let place = 0; place < honest; place++) {
      const id = ids[place] ?? 0;
      // Equal neighbors do the same; one of them is enough.
      if (place > 0 && id === ids[place - 1]) continue;
      const mirror = nodes.mirrors[id] ?? 0;
      for (const next of scene.moves.of(id)) {
        const key = keyAfter(ids, base, id, next);
        const mirrored = keyAfter(mirrors, base, mirror, nodes.mirrors[next] ?? 0);
        seen.addLater(Math.min(key, mirrored), at);
      }
    }
  }
  return { verdict: "safe", states: seen.size, counterexample: [] };
}
