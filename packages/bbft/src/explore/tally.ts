/** Counts many votes at once: each bit of a ballot is a vote on a matter of its own. */
export class Tally {
  #one = 0;
  #two = 0;
  #three = 0;

  clear(): void {
    this.#one = 0;
    this.#two = 0;
    this.#three = 0;
  }

  add(ballot: number): void {
    this.#three |= this.#two & ballot;
    this.#two |= this.#one & ballot;
    this.#one |= ballot;
  }

  /** The matters with so many votes, 3 at most; 0 or less are there always. */
  atLeast(votes: number): number {
    if (votes <= 0) return -1;
    return votes === 1 ? this.#one : votes === 2 ? this.#two : this.#three;
  }
}
