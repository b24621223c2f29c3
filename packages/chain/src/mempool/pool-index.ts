import { idKey } from "@bystack/butxo";
import { createdOutputs, type MempoolEntry, sizeOf, spentOutputs } from "./entry.ts";

/** The transactions of the pool, found by id, by what they spend and by what they create. */
export class PoolIndex {
  /** By transaction id, in the order of arrival. */
  private readonly byId = new Map<string, MempoolEntry>();
  private readonly creators = new Map<string, MempoolEntry>();
  private readonly spenders = new Map<string, Set<MempoolEntry>>();
  private totalBytes = 0;

  get size(): number {
    return this.byId.size;
  }

  /** Sum of the serialized sizes. */
  get bytes(): number {
    return this.totalBytes;
  }

  get(id: Uint8Array): MempoolEntry | undefined {
    return this.byId.get(idKey(id));
  }

  has(id: Uint8Array): boolean {
    return this.byId.has(idKey(id));
  }

  entries(): MempoolEntry[] {
    return [...this.byId.values()];
  }

  /** The transaction of the pool that makes an output spendable. */
  creatorOf(outputId: Uint8Array): MempoolEntry | undefined {
    return this.creators.get(idKey(outputId));
  }

  /** The transactions of the pool that spend any of the outputs. */
  spendersOf(outputIds: readonly Uint8Array[]): Set<MempoolEntry> {
    const found = new Set<MempoolEntry>();
    for (const id of outputIds)
      for (const entry of this.spenders.get(idKey(id)) ?? []) found.add(entry);
    return found;
  }

  /** The transactions themselves and whatever in the pool builds on them. */
  withDescendants(roots: Iterable<MempoolEntry>): Set<MempoolEntry> {
    const found = new Set(roots);
    // A set goes on with what is added while it is walked.
    for (const entry of found)
      for (const child of this.spendersOf(createdOutputs(entry))) found.add(child);
    return found;
  }

  add(entry: MempoolEntry): void {
    this.byId.set(idKey(entry.mapped.id), entry);
    this.totalBytes += sizeOf(entry);
    for (const id of createdOutputs(entry)) this.creators.set(idKey(id), entry);
    for (const id of spentOutputs(entry)) {
      const key = idKey(id);
      const spenders = this.spenders.get(key);
      if (spenders === undefined) this.spenders.set(key, new Set([entry]));
      else spenders.add(entry);
    }
  }

  /** @returns was it there? */
  remove(entry: MempoolEntry): boolean {
    if (!this.byId.delete(idKey(entry.mapped.id))) return false;
    this.totalBytes -= sizeOf(entry);
    for (const id of createdOutputs(entry)) this.creators.delete(idKey(id));
    for (const id of spentOutputs(entry)) {
      const key = idKey(id);
      const spenders = this.spenders.get(key);
      spenders?.delete(entry);
      if (spenders?.size === 0) this.spenders.delete(key);
    }
    return true;
  }
}
