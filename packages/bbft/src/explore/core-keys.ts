/**
 * States of a network of real cores as numbers: a digit for each place. Within a class, whose
 * validators all have the same part, it does not matter which of them is in which state.
 */
export class CoreKeys {
  readonly #base: number;
  /** Is a place of the same class as the one before? */
  readonly #isAlike: readonly boolean[];
  readonly #digits: Int32Array;

  /** @param classes of the places, those of one class beside each other */
  constructor(classes: readonly unknown[]) {
    this.#base = Math.floor(2 ** (52 / classes.length));
    this.#isAlike = classes.map((one, place) => place > 0 && one === classes[place - 1]);
    this.#digits = new Int32Array(classes.length);
  }

  /** The key of the states of all places. */
  of(ids: Int32Array): number {
    return this.after(ids, -1, 0);
  }

  /** The same when one place has come to another state. */
  after(ids: Int32Array, changed: number, id: number): number {
    const digits = this.#digits;
    for (let place = 0; place < digits.length; place++) {
      const digit = place === changed ? id : (ids[place] ?? 0);
      let at = place;
      for (; this.#isAlike[at] === true && (digits[at - 1] ?? 0) > digit; at--)
        digits[at] = digits[at - 1] ?? 0;
      digits[at] = digit;
    }
    let key = 0;
    for (let place = 0; place < digits.length; place++) {
      const digit = digits[place] ?? 0;
      if (digit >= this.#base) throw new RangeError("more core states than a key can hold");
      key = key * this.#base + digit;
    }
    return key;
  }

  /** The inverse of `of`. */
  read(key: number, ids: Int32Array): void {
    let rest = key;
    for (let place = ids.length - 1; place >= 0; place--) {
      const above = Math.floor(rest / this.#base);
      ids[place] = rest - above * this.#base;
      rest = above;
    }
  }
}
