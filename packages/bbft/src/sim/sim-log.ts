/** The write-ahead log of a simulated validator: a crash takes what was not flushed. */
import type { WalRecord } from "../core/events.ts";

interface LogEntry {
  readonly record: WalRecord;
  readonly isDurable: boolean;
}

export class SimLog {
  #entries: LogEntry[] = [];

  /** @param isSynced must this record, and all before it, be durable at once? */
  append(record: WalRecord, isSynced: boolean): void {
    this.#entries.push({ record, isDurable: false });
    if (isSynced) this.#flush();
  }

  /** Makes everything durable and drops what is before the last height that ended. */
  #flush(): void {
    const end = this.#entries.findLastIndex(({ record }) => record.type === "end-height");
    this.#entries = this.#entries
      .slice(Math.max(0, end))
      .map(({ record }) => ({ record, isDurable: true }));
  }

  loseUnflushed(): void {
    this.#entries = this.#entries.filter(({ isDurable }) => isDurable);
  }

  get records(): WalRecord[] {
    return this.#entries.map(({ record }) => record);
  }

  /** The last height that ended; 0 before the first. */
  get lastEnded(): bigint {
    return this.#entries.reduce(
      (last, { record }) =>
        record.type === "end-height" && record.height > last ? record.height : last,
      0n,
    );
  }
}
