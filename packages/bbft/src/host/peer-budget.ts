/**
 * What messages of each peer may wait. Everybody has a share of their own, so that nobody who sends
 * too much displaces the others.
 */

const MAX_MESSAGES = 1024;
/** One more may begin below this, so the longest message always finds room. */
const MAX_BYTES = 4 * 1024 * 1024;

interface Waiting {
  messages: number;
  bytes: number;
}

export class PeerBudget {
  readonly #waiting: Map<string, Waiting> = new Map();

  hasRoom(peer: string): boolean {
    const waiting = this.#waiting.get(peer);
    return waiting === undefined || (waiting.messages < MAX_MESSAGES && waiting.bytes < MAX_BYTES);
  }

  take(peer: string, bytes: number): void {
    const waiting = this.#waiting.get(peer) ?? { messages: 0, bytes: 0 };
    waiting.messages++;
    waiting.bytes += bytes;
    this.#waiting.set(peer, waiting);
  }

  giveBack(peer: string, bytes: number): void {
    const waiting = this.#waiting.get(peer);
    if (waiting === undefined) return;
    waiting.messages--;
    waiting.bytes -= bytes;
    if (waiting.messages === 0) this.#waiting.delete(peer);
  }
}
