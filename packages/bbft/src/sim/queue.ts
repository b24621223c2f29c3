/** A binary heap of timed items; equal times leave in the order they came. */
export class TimedQueue<T> {
  readonly #times: number[] = [];
  readonly #orders: number[] = [];
  readonly #items: T[] = [];
  #count = 0;

  get size(): number {
    return this.#items.length;
  }

  push(time: number, item: T): void {
    let at = this.#items.length;
    this.#times.push(time);
    this.#orders.push(this.#count++);
    this.#items.push(item);
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#isBefore(at, above)) break;
      this.#swap(at, above);
      at = above;
    }
  }

  /** The earliest item with its time. */
  pop(): { readonly time: number; readonly item: T } | undefined {
    const [item] = this.#items;
    const [time] = this.#times;
    if (item === undefined || time === undefined) return undefined;
    const last = this.#items.length - 1;
    this.#swap(0, last);
    this.#items.pop();
    this.#times.pop();
    this.#orders.pop();
    let at = 0;
    while (true) {
      const left = 2 * at + 1;
      if (left >= last) break;
      const right = left + 1;
      const next = right < last && this.#isBefore(right, left) ? right : left;
      if (!this.#isBefore(next, at)) break;
      this.#swap(at, next);
      at = next;
    }
    return { time, item };
  }

  #isBefore(a: number, b: number): boolean {
    const [x = 0, y = 0] = [this.#times[a], this.#times[b]];
    return x < y || (x === y && (this.#orders[a] ?? 0) < (this.#orders[b] ?? 0));
  }

  #swap(a: number, b: number): void {
    exchange(this.#times, a, b);
    exchange(this.#orders, a, b);
    exchange(this.#items, a, b);
  }
}

function exchange<T>(list: T[], a: number, b: number): void {
  const [x, y] = [list[a], list[b]];
  if (x === undefined || y === undefined) return;
  list[a] = y;
  list[b] = x;
}
