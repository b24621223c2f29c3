/**
 * Keeps the write-ahead log short.
 *
 * @see spec 90-bbft, section 15 "Durability: never sign twice", item 3
 */
import type { Wal, WalEntry } from "./interfaces.ts";
import { endedHeight, epochOfEntry, isCompleteMark, signStateOf } from "./wal-codec.ts";

/** Heights between two truncations. */
const TRUNCATE_EVERY = 16n;

export class LogTruncation {
  readonly #wal: Wal;
  #truncatedAt = 0n;

  constructor(wal: Wal) {
    this.#wal = wal;
  }

  /** Now and then drops what a restart does not need any more. */
  async onEndHeight(height: bigint): Promise<void> {
    if (height < this.#truncatedAt + TRUNCATE_EVERY) return;
    this.#truncatedAt = height;
    const entries: WalEntry[] = [];
    for await (const entry of this.#wal.replay()) entries.push(entry);
    await this.#wal.truncate(stillNeeded(entries));
  }
}

/**
 * The last height that ended with all behind it, the last signature and the last two epochs; and
 * that the log is complete, where it is.
 */
function stillNeeded(entries: readonly WalEntry[]): WalEntry[] {
  const ended = entries.findLastIndex((entry) => endedHeight(entry) !== undefined);
  const before = entries.slice(0, ended);
  const lastSigned = before.findLast((entry) => signStateOf(entry) !== undefined);
  const epochs = before.filter((entry) => epochOfEntry(entry) !== undefined);
  const mark = before.find(isCompleteMark);
  const head = [mark, lastSigned, ...epochs.slice(-2)].filter((entry) => entry !== undefined);
  return [...head, ...entries.slice(ended)];
}
