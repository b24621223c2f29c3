/**
 * The states of the core at one place of the network, and what leads from one to another.
 *
 * A core is deterministic, so a state is known by a history that leads to it; histories whose cores
 * have the same key are one state. Each step is run once and remembered.
 */
import { mayCommit, VOTING_RULES, type VotingRules } from "../core/voting-rules.ts";
import type { Gallery } from "./gallery.ts";
import type { NodeState, Variant } from "./model.ts";
import { ballotOf } from "./network.ts";
import { isAllowed } from "./refinement.ts";
import { ShownCore } from "./shown-core.ts";

export interface CoreState {
  /** Numbers of the exhibits that lead here. */
  readonly history: readonly number[];
  /** As the model sees it. */
  readonly projection: NodeState;
  readonly decided: number | undefined;
}

export interface CorePlace {
  /** Validator whose core this is; all with the same part share one table. */
  readonly index: number;
  /** Does it lead a view? */
  readonly isLeader: boolean;
  readonly variant: Variant;
  readonly views: number;
  readonly hasRestart: boolean;
}

/** What a variant breaks in the core itself; the other variants break what it is shown. */
function rulesOf(variant: Variant): VotingRules {
  switch (variant) {
    case "single-phase":
      return { ...VOTING_RULES, isDecisive: () => true, timeoutClaim: () => 0 };
    case "single-phase-carry-qc":
      return { ...VOTING_RULES, isDecisive: () => true };
    case "commit-after-timeout":
      return {
        ...VOTING_RULES,
        mayCommit: (state, view) => mayCommit({ ...state, timedOut: -1 }, view),
        // The guard of the signing keys would stop such a core.
        isLaterStep: () => true,
      };
    default:
      return VOTING_RULES;
  }
}

/** More than there are exhibits. */
const EXHIBITS = 1024;

export class CoreStates {
  readonly #gallery: Gallery;
  readonly #place: CorePlace;
  readonly #states: CoreState[] = [];
  readonly #ids: Map<string, number> = new Map();
  readonly #next: Map<number, number> = new Map();
  readonly #mirrors: number[] = [];
  /** By number: what the validator adds to the network, as of `ballotOf`. */
  readonly strong: number[] = [];
  readonly weak: number[] = [];
  /** By number: the timeouts of the first two views, bit `4 * view + claim`. */
  readonly given: number[] = [];
  /** By number: bit 0 or 1 for the value decided. */
  readonly decided: number[] = [];
  /** Steps run. */
  steps = 0;
  /** Steps among them that the model does not allow. */
  refused = 0;

  constructor(gallery: Gallery, place: CorePlace) {
    this.#gallery = gallery;
    this.#place = place;
    this.#add([]);
  }

  get size(): number {
    return this.#states.length;
  }

  at(id: number): CoreState {
    const state = this.#states[id];
    if (state === undefined) throw new RangeError(`no core state ${id}`);
    return state;
  }

  #add(history: readonly number[]): number {
    const { index, views, variant, isLeader, hasRestart } = this.#place;
    const core = new ShownCore(this.#gallery, index, views, rulesOf(variant));
    for (const exhibit of history) core.show(exhibit);
    const projection = core.project();
    const key = core.key(isLeader, hasRestart && !projection.hasRestarted);
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#states.length;
    const { decided } = core;
    this.#ids.set(key, id);
    this.#states.push({ history, projection, decided });
    const { strong, weak } = ballotOf(projection, variant);
    this.strong.push(strong);
    this.weak.push(weak);
    this.given.push(projection.timeouts & 0xff);
    this.decided.push(decided === undefined ? 0 : 1 << decided);
    this.#mirrors.push(-1);
    return id;
  }

  /** The state after an exhibit. */
  next(id: number, exhibit: number): number {
    const key = id * EXHIBITS + exhibit;
    const known = this.#next.get(key);
    if (known !== undefined) return known;
    const before = this.at(id);
    const history = [...before.history, exhibit];
    const after = this.#add(history);
    this.#next.set(key, after);
    this.steps++;
    // Of the last view the model has no timeouts, so it is given one view more.
    const views = this.#place.views + 1;
    if (!isAllowed(this.#gallery, history, before, this.at(after), views)) this.refused++;
    return after;
  }

  /** The same state with the two values exchanged. */
  mirror(id: number): number {
    const known = this.#mirrors[id] ?? -1;
    if (known >= 0) return known;
    const mirrored = this.#add(this.at(id).history.map((one) => this.#gallery.mirror(one)));
    this.#mirrors[id] = mirrored;
    this.#mirrors[mirrored] = id;
    return mirrored;
  }
}
