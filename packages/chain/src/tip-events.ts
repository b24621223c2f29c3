import { Listeners } from "./listeners.ts";
import type { Logger } from "./logger.ts";
import type { BlockNode } from "./tree/block-node.ts";
import { routeBetween } from "./tree/route.ts";

/** The tip moved. */
export interface TipChange {
  readonly tip: BlockNode;
  /** Blocks that left the best chain, tip first. */
  readonly detached: readonly BlockNode[];
  /** Blocks that joined it, lowest first. */
  readonly attached: readonly BlockNode[];
}

/** The part of the platform's `AbortSignal` that is used. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** Tells whoever asked, and the log, that the tip moved. */
export class TipEvents {
  private readonly logger: Logger;
  private readonly listeners: Listeners<TipChange>;
  private readonly waiting = new Set<() => void>();
  private isClosed = false;

  constructor(logger: Logger) {
    this.logger = logger;
    this.listeners = new Listeners((error, { tip: { height } }) =>
      logger.error({ error, height }, "a listener of the tip failed"),
    );
  }

  listen(listener: (change: TipChange) => void): () => void {
    return this.listeners.add(listener);
  }

  announce(change: TipChange): void {
    const { tip, detached, attached } = change;
    const facts = { height: tip.height, attached: attached.length };
    if (detached.length === 0) this.logger.debug(facts, "the tip moved");
    else this.logger.info({ ...facts, detached: detached.length }, "the chain reorganized");
    this.listeners.tell(change);
    this.wake();
  }

  /**
   * The way from where the reader stands to where the tip is, each time that it has moved. A slow
   * reader gets several moves as one, and never misses a block; nothing is kept for it.
   */
  async *follow(tip: () => BlockNode, signal: Signal | undefined): AsyncGenerator<TipChange> {
    let at = tip();
    while (!this.isClosed && !signal?.aborted) {
      const next = tip();
      if (next === at) {
        await this.nextMove(signal);
        continue;
      }
      const { detach, attach } = routeBetween(at, next);
      at = next;
      yield { tip: next, detached: detach, attached: attach };
    }
  }

  /** Ends all listening. */
  close(): void {
    this.isClosed = true;
    this.listeners.clear();
    this.wake();
  }

  private nextMove(signal: Signal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.waiting.delete(done);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      this.waiting.add(done);
      signal?.addEventListener("abort", done);
    });
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }
}
