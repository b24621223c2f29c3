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
import { mayPrepare } from "../core/voting-rules.ts";
import { effectiveHierViews, leaderOf } from "../leader.ts";
import { type CoreState, CoreStates } from "./core-states.ts";
import { type Binding, describeExhibit, type Exhibit } from "./exhibits.ts";
import { Gallery } from "./gallery.ts";
import { type NodeState, VALIDATORS, type Variant } from "./model.ts";
import { createNetwork, isViolated, type Network } from "./network.ts";
import { NumberSet } from "./number-set.ts";
import { createSmallWorld } from "./small-world.ts";

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
const VALUES = [0, 1] as const;

/** Explores everything that can be shown to four real cores, in any order. */
export function exploreCore(options: CoreExplorationOptions): CoreExploration {
  return new CoreExplorer(options).run();
}

class CoreExplorer {
  readonly #options: CoreExplorationOptions;
  readonly #gallery: Gallery;
  readonly #seen: NumberSet = new NumberSet();
  /** Honest validators; those of one class are beside each other. */
  readonly #validators: readonly number[];
  /** The table of each of them; those of one class share it. */
  readonly #places: readonly CoreStates[];
  /** Digits of a key: one core state each. */
  readonly #base: number;

  constructor(options: CoreExplorationOptions) {
    const { variant, views, byzantine, gateways = 1, hasRestart = false } = options;
    if (views < 1 || views > 3) throw new RangeError(`not 1 to 3 views: ${views}`);
    if (byzantine < 0 || byzantine >= VALIDATORS)
      throw new RangeError(`not 0 to 3 Byzantine validators: ${byzantine}`);
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
    this.#validators = Array.from({ length: VALIDATORS - byzantine }, (_, i) => i + byzantine).sort(
      (a, b) => classOf(a).localeCompare(classOf(b)) || a - b,
    );
    const tables = new Map<string, CoreStates>();
    this.#places = this.#validators.map((index) => {
      const known = tables.get(classOf(index));
      if (known !== undefined) return known;
      const isLeader = leaders.includes(index);
      const made = new CoreStates(this.#gallery, { index, isLeader, variant, views, hasRestart });
      tables.set(classOf(index), made);
      return made;
    });
    this.#base = Math.floor(2 ** (52 / this.#validators.length));
  }

  run(): CoreExploration {
    const { variant, views, byzantine, maxStates = DEFAULT_MAX_STATES } = this.#options;
    const seen = this.#seen;
    seen.add(this.#canonical(this.#places.map(() => 0)));
    for (let at = 0; at < seen.size; at++) {
      const ids = this.#idsOf(seen.at(at));
      const states = this.#statesOf(ids);
      const projections = states.map(({ projection }) => projection);
      const network = createNetwork(projections, variant, views, byzantine);
      const decided = new Set(states.flatMap((one) => one.decided ?? []));
      if (decided.size > 1 || isViolated(network, variant)) return this.#result("violated", at);
      if (seen.size > maxStates) return this.#result("unfinished");
      for (const [place, table] of this.#places.entries()) {
        // Equal neighbors do the same; one of them is enough.
        if (place > 0 && table === this.#places[place - 1] && ids[place] === ids[place - 1])
          continue;
        const id = ids[place] ?? 0;
        if (table.at(id).decided !== undefined) continue;
        this.#showDecisions(network, table, id);
        for (const exhibit of this.#available(network, projections, place)) {
          const next = table.next(id, exhibit);
          if (next !== id) seen.add(this.#canonical(ids.with(place, next)), at);
        }
      }
    }
    return this.#result("safe");
  }

  /** What a commit certificate does is checked with the step; after it there is nothing to show. */
  #showDecisions({ commitQcs }: Network, table: CoreStates, id: number): void {
    if (this.#options.variant.startsWith("single-phase")) return;
    for (let view = 0; view < this.#options.views; view++)
      for (const value of VALUES) {
        if (((commitQcs >> (2 * view + value)) & 1) === 0) continue;
        table.next(id, this.#gallery.numberOf({ type: "commit-qc", view, value }));
      }
  }

  /** What can be shown to one validator now. */
  #available(network: Network, projections: readonly NodeState[], place: number): number[] {
    const { variant, views, hasTimeouts = false, hasRestart = false } = this.#options;
    const own = projections[place];
    if (own === undefined) return [];
    const found: number[] = [];
    const add = (exhibit: Exhibit): void => {
      found.push(this.#gallery.numberOf(exhibit));
    };
    for (let view = own.view; view < views; view++) {
      // After its vote, another proposal could only make it give up the last view.
      if (view === views - 1 && view === own.view && !mayPrepare(own, view)) continue;
      for (const value of VALUES)
        if (view === 0) add({ type: "proposal", view, value });
        else
          for (const by of network.timeouts[view - 1] ?? [])
            add({ type: "proposal", view, value, by });
    }
    for (let view = 0; view < views; view++)
      for (const value of VALUES)
        if ((network.prepareQcs >> (2 * view + value)) & 1)
          add({ type: "prepare-qc", view, value });
    if (own.view < views - 1) add({ type: "timer" });
    for (let view = own.view; view < views - 1; view++) {
      for (const by of network.timeouts[view] ?? []) add({ type: "tc", view, by });
      if (!hasTimeouts) continue;
      for (let signer = 0; signer < VALIDATORS; signer++)
        for (const by of this.#claims(network, projections, signer, view))
          if (signer !== this.#validators[place]) add({ type: "timeout", signer, view, by });
    }
    const isFirst = projections.every(({ hasRestarted }) => !hasRestarted);
    if (isFirst && variant === "amnesia-one-node") add({ type: "amnesia" });
    if (isFirst && hasRestart) add({ type: "restart" });
    return found;
  }

  /** The timeouts of a view that a validator gave; any that can be proven of a Byzantine one. */
  #claims(
    { prepareQcs }: Network,
    projections: readonly NodeState[],
    signer: number,
    view: number,
  ): Binding[] {
    const at = this.#validators.indexOf(signer);
    const given = at < 0 ? -1 : (projections[at]?.timeouts ?? 0) >> (4 * view);
    const claims: Binding[] = [];
    for (let claim = 0; claim <= view + 1; claim++) {
      if (((given >> claim) & 1) === 0) continue;
      for (const value of VALUES) {
        const isProven = claim > 0 && ((prepareQcs >> (2 * (claim - 1) + value)) & 1) === 1;
        if (isProven || (claim === 0 && value === 0)) claims.push({ claim, value });
      }
    }
    return claims;
  }

  // States of the network as numbers: a digit for each place

  #statesOf(ids: readonly number[]): CoreState[] {
    return this.#places.map((table, place) => table.at(ids[place] ?? 0));
  }

  #canonical(ids: readonly number[]): number {
    const mirrored = this.#places.map((table, place) => table.mirror(ids[place] ?? 0));
    return Math.min(this.#keyOf(ids), this.#keyOf(mirrored));
  }

  /** The key of states in any order within a class. */
  #keyOf(ids: readonly number[]): number {
    const digits = [...ids];
    for (let end = 1; end < digits.length; end++)
      for (let at = end; at > 0 && this.#places[at] === this.#places[at - 1]; at--) {
        const [a = 0, b = 0] = [digits[at - 1], digits[at]];
        if (a <= b) break;
        digits[at - 1] = b;
        digits[at] = a;
      }
    let key = 0;
    for (const digit of digits) {
      if (digit >= this.#base) throw new RangeError("more core states than a key can hold");
      key = key * this.#base + digit;
    }
    return key;
  }

  #idsOf(key: number): number[] {
    const ids = this.#places.map(() => 0);
    let rest = key;
    for (let place = ids.length - 1; place >= 0; place--) {
      ids[place] = rest % this.#base;
      rest = Math.floor(rest / this.#base);
    }
    return ids;
  }

  #result(verdict: CoreExploration["verdict"], at?: number): CoreExploration {
    const tables = [...new Set(this.#places)];
    const sum = (field: (table: CoreStates) => number): number =>
      tables.reduce((total, table) => total + field(table), 0);
    return {
      verdict,
      states: this.#seen.size,
      coreStates: sum(({ size }) => size),
      coreSteps: sum(({ steps }) => steps),
      refused: sum(({ refused }) => refused),
      counterexample: at === undefined ? [] : this.#describe(this.#idsOf(this.#seen.at(at))),
    };
  }

  #describe(ids: readonly number[]): string[] {
    return this.#statesOf(ids).map(({ history }, place) => {
      const shown = history.map((one) => describeExhibit(this.#gallery.exhibits[one]));
      return `validator ${this.#validators[place]}: ${shown.join(", ") || "nothing yet"}`;
    });
  }
}
