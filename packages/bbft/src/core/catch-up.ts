/**
 * Others are ahead: keeps their messages for later and asks them for proofs.
 *
 * @see spec 90-bbft, section 13.4 "Catch-up"
 */
import type { CoreHost } from "./core-host.ts";
import type { Message } from "./message.ts";
import { messageSize } from "./message-size.ts";

/** Heights above the own one whose messages are kept. */
const HEIGHT_WINDOW = 2n;
/** Of those messages, bytes and number for each peer. */
const BUFFER_BYTES = 4 * 1024 * 1024;
const BUFFER_MESSAGES = 256;
/** Peers asked at a time. */
const ASKED_AT_ONCE = 4;

interface Buffered {
  readonly from: number;
  readonly message: Message;
}

export class CatchUp {
  readonly #host: CoreHost;
  readonly #buffers: Map<number, Buffered[]> = new Map();
  /** Peers known to be ahead, those to ask next first. */
  readonly #ahead: Set<number> = new Set();
  #seenHeight = 0n;
  /** Highest claim of each peer that the host was told of: who lies spoils its own word only. */
  readonly #reported: Map<number, bigint> = new Map();

  constructor(host: CoreHost) {
    this.#host = host;
  }

  /** A message about a height that is not reached yet. */
  onFuture(from: number, height: bigint, message: Message): void {
    const { current, context, isCommitting } = this.#host;
    if (height > this.#seenHeight) this.#seenHeight = height;
    if (this.#ahead.size === 0 && !isCommitting)
      this.#setTimer(context.parameters.viewTimeoutMs / 8);
    this.#ahead.add(from);
    if (height > current.height + HEIGHT_WINDOW) {
      if (height <= (this.#reported.get(from) ?? 0n)) return;
      this.#reported.set(from, height);
      this.#host.emit({ type: "behind", height: current.height, seen: height });
      return;
    }
    const buffer = this.#buffers.get(from) ?? [];
    const size = buffer.reduce((sum, entry) => sum + messageSize(entry.message), 0);
    if (buffer.length >= BUFFER_MESSAGES || size + messageSize(message) > BUFFER_BYTES) return;
    buffer.push({ from, message });
    this.#buffers.set(from, buffer);
  }

  askForProof(): void {
    const { current, context, isCommitting } = this.#host;
    if (this.#ahead.size === 0 || isCommitting) return;
    const { height } = current;
    if (current.decided === undefined) {
      const peers = [...this.#ahead].slice(0, ASKED_AT_ONCE);
      for (const peer of peers) this.#ahead.delete(peer);
      this.#host.send(peers, { type: "proof-request", height }, "recovery", height);
      for (const peer of peers) this.#ahead.add(peer);
    }
    this.#setTimer(context.parameters.viewTimeoutMs / 4);
  }

  #setTimer(ms: number): void {
    this.#host.emit({ type: "set-timer", key: "catch-up", ms: Math.ceil(ms) });
  }

  /** A new height: takes in what was kept, and asks on where others are still ahead. */
  startHeight(takeIn: (from: number, message: Message) => void): void {
    const buffered = [...this.#buffers.values()].flat();
    this.#buffers.clear();
    const ahead = [...this.#ahead];
    this.#ahead.clear();
    for (const { from, message } of buffered) takeIn(from, message);
    // Still behind somebody: ask at once instead of waiting again.
    const { current } = this.#host;
    if (current.decided === undefined && this.#seenHeight > current.height) {
      for (const peer of ahead) this.#ahead.add(peer);
      this.askForProof();
    }
  }
}
