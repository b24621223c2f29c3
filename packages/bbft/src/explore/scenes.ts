/**
 * Networks that were met, by what was voted in them. There are few of them among millions of states,
 * so what follows from one is worked out once: its verdict, and what each validator may do in it.
 */
import { nextStates } from "./model.ts";
import { isStuck, isViolated, type Network, networkOf, type Rules, type Shown } from "./network.ts";
import type { NodeStates } from "./node-states.ts";

/** Bits of the strong votes of three views. */
const STRONG_BITS = 20;

export interface Scene {
  readonly verdict: "violated" | "stuck" | undefined;
  readonly moves: Moves;
}

export class Scenes {
  readonly #nodes: NodeStates;
  readonly #rules: Rules;
  readonly #scenes: Map<number, Scene> = new Map();
  readonly #moves: Map<string, Moves> = new Map();

  constructor(nodes: NodeStates, rules: Rules) {
    this.#nodes = nodes;
    this.#rules = rules;
  }

  /** @see networkOf */
  of(strong: number, weak: number): Scene {
    const key = (strong & ((1 << STRONG_BITS) - 1)) | (weak << STRONG_BITS);
    let scene = this.#scenes.get(key);
    if (scene === undefined) {
      scene = this.#create(networkOf(strong, weak, this.#rules));
      this.#scenes.set(key, scene);
    }
    return scene;
  }

  #create(network: Network): Scene {
    const { variant } = this.#rules;
    const verdict = isViolated(network, variant)
      ? "violated"
      : isStuck(network, variant)
        ? "stuck"
        : undefined;
    const { prepareQcs, timeouts, lastGivenUp, hasRestarted } = network;
    const content = JSON.stringify([prepareQcs, timeouts, lastGivenUp, hasRestarted]);
    let moves = this.#moves.get(content);
    if (moves === undefined) {
      moves = new Moves(this.#nodes, network, this.#rules);
      this.#moves.set(content, moves);
    }
    return { verdict, moves };
  }
}

/** What each validator may do where so much can be shown. */
export class Moves {
  readonly #nodes: NodeStates;
  readonly #shown: Shown;
  readonly #rules: Rules;
  /** By number of the state; a table without holes is read fastest. */
  readonly #next: (readonly number[] | undefined)[] = [];

  constructor(nodes: NodeStates, shown: Shown, rules: Rules) {
    this.#nodes = nodes;
    this.#shown = shown;
    this.#rules = rules;
  }

  /** The numbers of the states that follow a state. */
  from(id: number): readonly number[] {
    return this.#next[id] ?? this.#find(id);
  }

  #find(id: number): readonly number[] {
    const { variant, views } = this.#rules;
    const states = nextStates(this.#nodes.state(id), this.#shown, variant, views);
    const found = states.map((state) => this.#nodes.idOf(state));
    while (this.#next.length <= id) this.#next.push(undefined);
    this.#next[id] = found;
    return found;
  }
}
