/** Lists of numbers by a small number, each made when it is first asked for. */
export class NumberLists {
  /** Without holes: those are slow to read. */
  readonly #lists: (readonly number[] | undefined)[] = [];
  readonly #make: (at: number) => readonly number[];

  constructor(make: (at: number) => readonly number[]) {
    this.#make = make;
  }

  of(at: number): readonly number[] {
    return this.#lists[at] ?? this.#add(at);
  }

  #add(at: number): readonly number[] {
    const list = this.#make(at);
    while (this.#lists.length <= at) this.#lists.push(undefined);
    this.#lists[at] = list;
    return list;
  }
}
