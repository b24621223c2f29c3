import type { NodeRecords } from "./node-records.ts";

const SMALLEST = 1024;

/**
 * Finds a record by its hash: a table of record numbers with open addressing. Block hashes are
 * spread evenly as they are.
 */
export class HashIndex {
  private readonly records: NodeRecords;
  /** A record number plus one; 0 where there is none. Its length is a power of two. */
  private slots = new Uint32Array(SMALLEST);
  private size = 0;

  constructor(records: NodeRecords) {
    this.records = records;
  }

  /** The number of the record with that hash. */
  find(hash: Uint8Array): number | undefined {
    const mask = this.slots.length - 1;
    for (let slot = prefixOf(hash) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot] ?? 0;
      if (entry === 0) return undefined;
      if (this.records.hasHash(entry - 1, hash)) return entry - 1;
    }
  }

  /** Adds a record whose hash is not there yet. */
  add(index: number): void {
    if (4 * (this.size + 1) > 3 * this.slots.length) this.grow();
    this.insert(index + 1);
    this.size++;
  }

  private insert(entry: number): void {
    const mask = this.slots.length - 1;
    let slot = this.records.hashPrefix(entry - 1) & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = entry;
  }

  private grow(): void {
    const old = this.slots;
    this.slots = new Uint32Array(old.length * 2);
    for (const entry of old) if (entry !== 0) this.insert(entry);
  }
}

/** As `NodeRecords.hashPrefix`. */
function prefixOf(hash: Uint8Array): number {
  return (
    (((hash[0] ?? 0) << 24) | ((hash[1] ?? 0) << 16) | ((hash[2] ?? 0) << 8) | (hash[3] ?? 0)) >>> 0
  );
}
