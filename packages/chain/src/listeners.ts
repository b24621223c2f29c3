/** Whoever wants to hear of something. What a listener throws is its own matter: it is reported. */
export class Listeners<T> {
  private readonly report: (error: unknown, event: T) => void;
  private readonly listeners = new Set<(event: T) => void>();

  /** @param report takes what a listener threw */
  constructor(report: (error: unknown, event: T) => void) {
    this.report = report;
  }

  /** Calls `listener` with each event from now on; the result ends it. */
  add(listener: (event: T) => void): () => void {
    // A fresh function each time: one listener may be registered twice, and ends twice.
    const own = (event: T) => listener(event);
    this.listeners.add(own);
    return () => this.listeners.delete(own);
  }

  tell(event: T): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.report(error, event);
      }
    }
  }

  /** Ends all listening. */
  clear(): void {
    this.listeners.clear();
  }
}
