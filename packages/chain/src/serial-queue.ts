/** Runs tasks one at a time, in the order in which they were handed in. */
export class SerialQueue {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => {});
    return result;
  }

  /** Waits for all that was handed in so far. */
  async idle(): Promise<void> {
    await this.last;
  }
}
