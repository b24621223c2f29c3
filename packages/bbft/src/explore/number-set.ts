/**
 * A set of numbers that remembers their order and where each came from: the states of a
 * breadth-first search in a few bytes each.
 */
export class NumberSet {
  #keys: Float64Array = new Float64Array(1 << 12);
  #parents: Int32Array = new Int32Array(1 << 12);
  /** Open addressing: index into keys plus 1, 0 for free. */
  #slots: Int32Array = new Int32Array(1 << 13);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  at(index: number): number {
    return this.#keys[index] ?? 0;
  }

  /** Adds a number unless it is there. */
  add(key: number, parent = -1): void {
    let slot = slotOf(key, this.#slots.length);
    while (true) {
      const index = this.#slots[slot] ?? 0;
      if (index === 0) break;
      if (this.#keys[index - 1] === key) return;
      slot = (slot + 1) & (this.#slots.length - 1);
    }
    if (this.#size === this.#keys.length) {
      this.#grow();
      this.add(key, parent);
      return;
    }
    this.#keys[this.#size] = key;
    this.#parents[this.#size] = parent;
    this.#slots[slot] = ++this.#size;
  }

  /** The numbers from the first one to that at an index. */
  pathTo(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at >= 0; at = this.#parents[at] ?? -1) path.push(this.at(at));
    return path.reverse();
  }

  #grow(): void {
    const capacity = this.#keys.length * 2;
    const keys = new Float64Array(capacity);
    const parents = new Int32Array(capacity);
    keys.set(this.#keys);
    parents.set(this.#parents);
    this.#keys = keys;
    this.#parents = parents;
    this.#slots = new Int32Array(capacity * 2);
    for (let index = 0; index < this.#size; index++) {
      let slot = slotOf(this.at(index), this.#slots.length);
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = index + 1;
    }
  }
}

function slotOf(key: number, slots: number): number {
  const low = key % 4294967296;
  const high = Math.floor(key / 4294967296);
  let mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) & (slots - 1);
}
