/**
 * Networks that were met, by what was voted in them. There are few of them among millions of states,
 * so what follows from one is worked out once: is it bad, and what may be done in it?
 */
import { isStuck, isViolated, type Network, networkOf, type Rules, votesKey } from "./network.ts";

export interface Scene<Moves> {
  readonly isViolated: boolean;
  readonly isStuck: boolean;
  readonly moves: Moves;
}

export class Scenes<Moves> {
  readonly #rules: Rules;
  readonly #essence: (network: Network) => unknown;
  readonly #createMoves: (network: Network) => Moves;
  readonly #scenes: Map<number, Scene<Moves>> = new Map();
  readonly #moves: Map<string, Moves> = new Map();

  /**
   * @param essence what of a network makes a difference to what may be done in it
   * @param createMoves what may be done in it
   */
  constructor(
    rules: Rules,
    essence: (network: Network) => unknown,
    createMoves: (network: Network) => Moves,
  ) {
    this.#rules = rules;
    this.#essence = essence;
    this.#createMoves = createMoves;
  }

  /** @see networkOf */
  of(strong: number, weak: number): Scene<Moves> {
    const key = votesKey(strong, weak);
    let scene = this.#scenes.get(key);
    if (scene === undefined) {
      scene = this.#create(networkOf(strong, weak, this.#rules));
      this.#scenes.set(key, scene);
    }
    return scene;
  }

  #create(network: Network): Scene<Moves> {
    const { variant } = this.#rules;
    const essence = JSON.stringify(this.#essence(network));
    let moves = this.#moves.get(essence);
    if (moves === undefined) {
      moves = this.#createMoves(network);
      this.#moves.set(essence, moves);
    }
    return { isViolated: isViolated(network, variant), isStuck: isStuck(network, variant), moves };
  }
}
