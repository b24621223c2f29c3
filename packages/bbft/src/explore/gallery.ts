/** All exhibits up to a number of views, numbered, each with its message. */
import type { Message } from "../core/message.ts";
import type { World } from "../sim/world.ts";
import { ExhibitMessages } from "./exhibit-messages.ts";
import { codeOf, describeExhibit, type Exhibit, exhibitsUpTo, mirrorExhibit } from "./exhibits.ts";

export class Gallery {
  readonly world: World;
  readonly exhibits: readonly Exhibit[];
  readonly #numbers: Map<number, number> = new Map();
  readonly #maker: ExhibitMessages;
  readonly #messages: Map<number, Message> = new Map();

  constructor(world: World, views: number) {
    this.world = world;
    this.#maker = new ExhibitMessages(world);
    this.exhibits = exhibitsUpTo(views);
    for (const [number, exhibit] of this.exhibits.entries())
      this.#numbers.set(codeOf(exhibit), number);
  }

  /** Its number; the exhibit must be one of this gallery. */
  numberOf(exhibit: Exhibit): number {
    const number = this.#numbers.get(codeOf(exhibit));
    if (number === undefined) throw new RangeError(`no exhibit: ${describeExhibit(exhibit)}`);
    return number;
  }

  /** The same with the two values exchanged. */
  mirror(number: number): number {
    const exhibit = this.exhibits[number];
    return exhibit === undefined ? number : this.numberOf(mirrorExhibit(exhibit));
  }

  /** The id of value 0 or 1. */
  valueId(value: number): Uint8Array {
    return this.#maker.valueId(value);
  }

  /** Which value an id stands for. */
  valueOf(valueId: Uint8Array): number {
    return this.#maker.valueOf(valueId);
  }

  message(number: number): Message | undefined {
    const known = this.#messages.get(number);
    if (known !== undefined) return known;
    const exhibit = this.exhibits[number];
    const made = exhibit === undefined ? undefined : this.#maker.make(exhibit);
    if (made !== undefined) this.#messages.set(number, made);
    return made;
  }
}
