/**
 * Exhaustive exploration of four real cores.
 *
 * A state of the network is what each honest core is in. What may be shown to a core follows from
 * the votes that all of them really signed, as in the model: every proposal, certificate and timeout
 * that can exist, at any time, in any order, again and again or never. Breadth first, up to symmetry
 * of the two values and of validators with the same part.
 *
 * @see spec 90-bbft, section 14.4 "Model checking"
 */
import { effectiveHierViews, leaderOf } from "../leader.ts";
import { CoreKeys } from "./core-keys.ts";
import { CoreMoves, type Place, type Showing } from "./core-moves.ts";
import { CoreStates } from "./core-states.ts";
import { describeExhibit } from "./exhibits.ts";
import { Gallery } from "./gallery.ts";
import { VALIDATORS, type Variant } from "./model.ts";
import { honestQuorum, type Network } from "./network.ts";
import { NumberSet } from "./number-set.ts";
import { type Scene, Scenes } from "./scenes.ts";
import { checkSearch } from "./search-limits.ts";
import { createSmallWorld } from "./small-world.ts";
import { Tally } from "./tally.ts";

export interface CoreExplorationOptions {
  readonly variant: Variant;
  /** Views explored, 1 to 3. */
  readonly views: number;
  /** Byzantine validators among the four: the first ones, of which one leads view 0. */
  readonly byzantine: number;
  /** Top-level gateways; 1 when left out. */
  readonly gateways?: number | undefined;
  /** Do timeouts arrive one by one too, beside their certificates? */
  readonly hasTimeouts?: boolean | undefined;
  /** May one honest validator, at any time, restart from its log? */
  readonly hasRestart?: boolean | undefined;
  /** Gives up after so many states; 20 million when left out. */
  readonly maxStates?: number | undefined;
}

export interface CoreExploration {
  readonly verdict: "safe" | "violated" | "unfinished";
  /** States of the network found until the verdict. */
  readonly states: number;
  /** Different states of a single core. */
  readonly coreStates: number;
  /** Steps of single cores that were run. */
  readonly coreSteps: number;
  /** Steps that the model does not allow; of the protocol itself there are none. */
  readonly refused: number;
  /** A shortest way to the violation: what was shown to each honest validator, in its order. */
  readonly counterexample: readonly string[];
}

const DEFAULT_MAX_STATES = 20_000_000;

/** Explores everything that can be shown to four real cores, in any order. */
export function exploreCore(options: CoreExplorationOptions): CoreExploration {
  return new CoreExplorer(options).run();
}

class CoreExplorer {
  readonly #options: CoreExplorationOptions;
  readonly #gallery: Gallery;
  readonly #seen: NumberSet = new NumberSet();
  /** Honest validators; those of one class are beside each other and share a table. */
  readonly #places: readonly Place[];
  readonly #showing: Showing;
  /** By the timeouts of each place, where they are shown. */
  readonly #scenes: Map<number, Scenes<CoreMoves>> = new Map();
  readonly #strong: Tally = new Tally();
  readonly #weak: Tally = new Tally();
  readonly #keys: CoreKeys;

  constructor(options: CoreExplorationOptions) {
    const { variant, views, byzantine, gateways = 1 } = options;
    const { hasTimeouts = false, hasRestart = false } = options;
    checkSearch(options);
    if (!Number.isInteger(gateways) || gateways < 1 || gateways > VALIDATORS)
      throw new RangeError(`not 1 to ${VALIDATORS} gateways: ${gateways}`);
    this.#options = options;
    this.#gallery = new Gallery(
      createSmallWorld(gateways, variant === "quorum-2" ? 2 : undefined),
      views,
    );
    const { topology, parameters } = this.#gallery.world.context;
    const rule = {
      n: VALIDATORS,
      gateways: topology.gateways,
      leaderTerm: parameters.leaderTerm,
      hierViews: effectiveHierViews(topology, parameters.hierViews),
    };
    const leaders = Array.from({ length: views }, (_, view) => leaderOf(rule, 1n, view).leader);
    // Validators of one class have the same part in every view.
    const classOf = (index: number): string =>
      `${leaders.map((leader) => Number(leader === index))}/${topology.parent[index] === -1}`;
    const validators = Array.from({ length: VALIDATORS - byzantine }, (_, i) => i + byzantine).sort(
      (a, b) => classOf(a).localeCompare(classOf(b)) || a - b,
    );
    const tables = new Map<string, CoreStates>();
    this.#places = validators.map((validator) => {
      const known = tables.get(classOf(validator));
      if (known !== undefined) return { validator, table: known };
      const place = { index: validator, isLeader: leaders.includes(validator) };
      const table = new CoreStates(this.#gallery, { ...place, variant, views, hasRestart });
      tables.set(classOf(validator), table);
      return { validator, table };
    });
    this.#showing = { variant, views, byzantine, hasTimeouts, hasRestart };
    this.#keys = new CoreKeys(this.#places.map(({ table }) => table));
  }

  run(): CoreExploration {
    const { maxStates = DEFAULT_MAX_STATES } = this.#options;
    const seen = this.#seen;
    const keys = this.#keys;
    const tables = this.#places.map(({ table }) => table);
    // Everybody begins in state 0.
    const ids = new Int32Array(tables.length);
    const mirrors = Int32Array.from(tables, (table) => table.mirror(0));
    seen.add(Math.min(keys.of(ids), keys.of(mirrors)));
    for (let at = 0; at < seen.size || at < seen.settle(); at++) {
      keys.read(seen.at(at), ids);
      let decided = 0;
      for (const [place, table] of tables.entries()) {
        const id = ids[place] ?? 0;
        decided |= table.decided[id] ?? 0;
        mirrors[place] = table.mirror(id);
      }
      const { isViolated, moves } = this.#sceneOf(ids);
      if (decided === 3 || isViolated) return this.#result("violated", ids);
      if (seen.sizeToCome > maxStates && seen.settle() > maxStates)
        return this.#result("unfinished");
      for (const [place, table] of tables.entries()) {
        const id = ids[place] ?? 0;
        // Equal neighbors do the same; one of them is enough.
        if (place > 0 && table === tables[place - 1] && id === ids[place - 1]) continue;
        for (const next of moves.from(place, id)) {
          const key = keys.after(ids, place, next);
          const mirrored = keys.after(mirrors, place, table.mirror(next));
          seen.addLater(Math.min(key, mirrored), at);
        }
      }
    }
    return this.#result("safe");
  }

  /** What is voted where the places are in these states. */
  #sceneOf(ids: Int32Array): Scene<CoreMoves> {
    this.#strong.clear();
    this.#weak.clear();
    let given = 0;
    for (const [place, { table }] of this.#places.entries()) {
      const id = ids[place] ?? 0;
      this.#strong.add(table.strong[id] ?? 0);
      this.#weak.add(table.weak[id] ?? 0);
      if (this.#showing.hasTimeouts) given = (given << 8) | (table.given[id] ?? 0);
    }
    let scenes = this.#scenes.get(given);
    if (scenes === undefined) {
      scenes = this.#createScenes(given);
      this.#scenes.set(given, scenes);
    }
    return scenes.of(this.#strong.atLeast(honestQuorum(this.#showing)), this.#weak.atLeast(1));
  }

  #createScenes(given: number): Scenes<CoreMoves> {
    const essence = ({ prepareQcs, commitQcs, timeouts, hasRestarted }: Network): unknown => [
      prepareQcs,
      commitQcs,
      timeouts,
      hasRestarted,
    ];
    const createMoves = (network: Network): CoreMoves =>
      new CoreMoves(this.#gallery, this.#showing, this.#places, network, given);
    return new Scenes(this.#showing, essence, createMoves);
  }

  #result(verdict: CoreExploration["verdict"], violating?: Int32Array): CoreExploration {
    const tables = [...new Set(this.#places.map(({ table }) => table))];
    const sum = (field: (table: CoreStates) => number): number =>
      tables.reduce((total, table) => total + field(table), 0);
    return {
      verdict,
      states: this.#seen.settle(),
      coreStates: sum(({ size }) => size),
      coreSteps: sum(({ steps }) => steps),
      refused: sum(({ refused }) => refused),
      counterexample: violating === undefined ? [] : this.#describe(violating),
    };
  }

  #describe(ids: Int32Array): string[] {
    return this.#places.map(({ validator, table }, place) => {
      const { history } = table.at(ids[place] ?? 0);
      const shown = history.map((one) => describeExhibit(this.#gallery.exhibits[one]));
      return `validator ${validator}: ${shown.join(", ") || "nothing yet"}`;
    });
  }
}
