/** What can be shown to real cores in a network, and where it leads them. */
import { mayPrepare } from "../core/voting-rules.ts";
import type { CoreStates } from "./core-states.ts";
import type { Binding, Exhibit } from "./exhibits.ts";
import type { Gallery } from "./gallery.ts";
import { VALIDATORS } from "./model.ts";
import { hasCertificate, type Network, type Rules } from "./network.ts";
import { NumberLists } from "./number-lists.ts";

const VALUES = [0, 1] as const;

/** What there is to be shown. */
export interface Showing extends Rules {
  /** Single timeouts too. */
  readonly hasTimeouts: boolean;
  readonly hasRestart: boolean;
}

/** An honest validator and the table of its core's states. */
export interface Place {
  readonly validator: number;
  readonly table: CoreStates;
}

/** What can be shown to each validator in one network, and where it leads. */
export class CoreMoves {
  readonly #gallery: Gallery;
  readonly #showing: Showing;
  readonly #places: readonly Place[];
  readonly #network: Network;
  /** Eight bits a place, the last one lowest. */
  readonly #given: number;
  readonly #next: readonly NumberLists[];

  constructor(
    gallery: Gallery,
    showing: Showing,
    places: readonly Place[],
    network: Network,
    given: number,
  ) {
    this.#gallery = gallery;
    this.#showing = showing;
    this.#places = places;
    this.#network = network;
    this.#given = given;
    this.#next = places.map((place) => new NumberLists((id) => this.#follow(place, id)));
  }

  /** The numbers of other states that may follow a state of a place. */
  from(place: number, id: number): readonly number[] {
    return this.#next[place]?.of(id) ?? [];
  }

  #follow({ validator, table }: Place, id: number): number[] {
    if (table.at(id).decided !== undefined) return [];
    this.#showDecisions(table, id);
    const found: number[] = [];
    for (const exhibit of this.#available(validator, table, id)) {
      const next = table.next(id, exhibit);
      if (next === id) continue;
      table.mirror(next);
      found.push(next);
    }
    return found;
  }

  /** What a commit certificate does is checked with the step; after it there is nothing to show. */
  #showDecisions(table: CoreStates, id: number): void {
    if (this.#showing.variant.startsWith("single-phase")) return;
    for (let view = 0; view < this.#showing.views; view++)
      for (const value of VALUES) {
        if (!hasCertificate(this.#network.commitQcs, view, value)) continue;
        table.next(id, this.#gallery.numberOf({ type: "commit-qc", view, value }));
      }
  }

  /** What can be shown to one validator now. */
  #available(validator: number, table: CoreStates, id: number): number[] {
    const { variant, views, hasTimeouts, hasRestart } = this.#showing;
    const network = this.#network;
    const own = table.at(id).projection;
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
        if (hasCertificate(network.prepareQcs, view, value))
          add({ type: "prepare-qc", view, value });
    if (own.view < views - 1) add({ type: "timer" });
    for (let view = own.view; view < views - 1; view++) {
      for (const by of network.timeouts[view] ?? []) add({ type: "tc", view, by });
      if (!hasTimeouts) continue;
      for (let signer = 0; signer < VALIDATORS; signer++)
        for (const by of this.#claims(signer, view))
          if (signer !== validator) add({ type: "timeout", signer, view, by });
    }
    if (!network.hasRestarted && variant === "amnesia-one-node") add({ type: "amnesia" });
    if (!network.hasRestarted && hasRestart) add({ type: "restart" });
    return found;
  }

  /** The timeouts of a view that a validator gave; any that can be proven of a Byzantine one. */
  #claims(signer: number, view: number): Binding[] {
    const at = this.#places.findIndex(({ validator }) => validator === signer);
    const shift = 8 * (this.#places.length - 1 - at);
    const given = at < 0 ? -1 : ((this.#given >> shift) & 0xff) >> (4 * view);
    const claims: Binding[] = [];
    for (let claim = 0; claim <= view + 1; claim++) {
      if (((given >> claim) & 1) === 0) continue;
      for (const value of VALUES) {
        const isProven = claim > 0 && hasCertificate(this.#network.prepareQcs, claim - 1, value);
        if (isProven || (claim === 0 && value === 0)) claims.push({ claim, value });
      }
    }
    return claims;
  }
}
