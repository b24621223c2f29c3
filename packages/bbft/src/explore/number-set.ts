/** Numbers that wait to be added together. */
const BATCH = 64;

/**
 * A set of numbers that remembers their order and where each came from: the states of a
 * breadth-first search in a few bytes each.
 */
export class NumberSet {
  /** In the order they came. */
  #keys: Float64Array = new Float64Array(1 << 10);
  #parents: Int32Array = new Int32Array(1 << 10);
  /** Open addressing: the numbers themselves, plus 1; 0 for free. */
  #table: Float64Array = new Float64Array(1 << 11);
  /** Of a hash of 32 bits, to a slot of the table. */
  #shift = 32 - 11;
  #size = 0;
  readonly #batch: Float64Array = new Float64Array(BATCH);
  readonly #batchParents: Int32Array = new Int32Array(BATCH);
  readonly #held: Float64Array = new Float64Array(BATCH);
  #waiting = 0;

  get size(): number {
    return this.#size;
  }

  /** How many there can be at most when what waits is added. */
  get sizeToCome(): number {
    return this.#size + this.#waiting;
  }

  at(index: number): number {
    return this.#keys[index] ?? 0;
  }

  /** Adds a number, 0 to 2^53 - 2, unless it is there. */
  add(key: number, parent = -1): void {
    const table = this.#table;
    const mask = table.length - 1;
    let slot = hashOf(key) >>> this.#shift;
    for (let held = table[slot]; held !== 0; held = table[slot]) {
      if (held === key + 1) return;
      slot = (slot + 1) & mask;
    }
    table[slot] = key + 1;
    if (this.#size === this.#keys.length) this.#growList();
    this.#keys[this.#size] = key;
    this.#parents[this.#size] = parent;
    this.#size++;
    if (4 * this.#size > 3 * table.length) this.#growTable();
  }

  /**
   * Adds a number with the next ones, `settle` at the latest. Nearly all of the time goes into
   * waiting for memory, so it is asked for many slots before the first answer is looked at.
   */
  addLater(key: number, parent: number): void {
    if (this.#waiting === BATCH) this.settle();
    this.#batch[this.#waiting] = key;
    this.#batchParents[this.#waiting] = parent;
    this.#waiting++;
  }

  /** Adds what waits, in the order it came; the size then. */
  settle(): number {
    const count = this.#waiting;
    const batch = this.#batch;
    const held = this.#held;
    const table = this.#table;
    for (let i = 0; i < count; i++) held[i] = table[hashOf(batch[i] ?? 0) >>> this.#shift] ?? 0;
    for (let i = 0; i < count; i++) {
      const key = batch[i] ?? 0;
      if (held[i] !== key + 1) this.add(key, this.#batchParents[i]);
    }
    this.#waiting = 0;
    return this.#size;
  }

  /** The numbers from the first one to that at an index. */
  pathTo(index: number): number[] {
    const path: number[] = [];
    for (let at = index; at >= 0; at = this.#parents[at] ?? -1) path.push(this.at(at));
    return path.reverse();
  }

  #growList(): void {
    const keys = new Float64Array(this.#keys.length * 2);
    const parents = new Int32Array(this.#keys.length * 2);
    keys.set(this.#keys);
    parents.set(this.#parents);
    this.#keys = keys;
    this.#parents = parents;
  }

  #growTable(): void {
    const old = this.#table;
    const table = new Float64Array(old.length * 2);
    const mask = table.length - 1;
    this.#table = table;
    this.#shift--;
    // The slot is the head of the hash, so the order stays, and both tables are gone through once.
    for (const held of old) {
      if (held === 0) continue;
      let slot = hashOf(held - 1) >>> this.#shift;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = held;
    }
  }
}

function hashOf(key: number): number {
  // `|` takes the low 32 bits, also of a number that has more.
  const low = key | 0;
  const high = (key / 4294967296) | 0;
  let mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
