import { idKey } from "@bystack/butxo";
import { ChainError } from "../error.ts";
import { type MempoolEntry, sizeOf } from "./entry.ts";
import type { MempoolLimits } from "./policy.ts";

interface Orphan {
  readonly entry: MempoolEntry;
  readonly missing: readonly Uint8Array[];
  readonly expiresAtMs: number;
}

/**
 * Valid transactions that spend outputs which nobody has seen yet. Each is registered under every
 * output that it misses.
 *
 * @see spec 10-ledger, section 11, steps 5 and 6
 */
export class OrphanTransactions {
  private readonly limits: MempoolLimits;
  /** In the order of arrival, which is the order of expiry. */
  private readonly byId = new Map<string, Orphan>();
  private readonly waiting = new Map<string, Set<Orphan>>();
  private bytes = 0;

  constructor(limits: MempoolLimits) {
    this.limits = limits;
  }

  get size(): number {
    return this.byId.size;
  }

  has(id: Uint8Array): boolean {
    return this.byId.has(idKey(id));
  }

  /** @throws {@link ChainError} `transaction-pool-reach-the-max-number` */
  add(entry: MempoolEntry, missing: readonly Uint8Array[], nowMs: number): void {
    this.expire(nowMs);
    this.delete(entry.mapped.id);
    const { orphans, orphanBytes, orphanLifetimeMs } = this.limits;
    if (this.byId.size >= orphans || this.bytes + sizeOf(entry) > orphanBytes)
      throw new ChainError("transaction-pool-reach-the-max-number", {
        transactionId: entry.mapped.id,
        detail: `${this.byId.size} orphans wait already`,
      });
    const orphan = { entry, missing, expiresAtMs: nowMs + orphanLifetimeMs };
    this.byId.set(idKey(entry.mapped.id), orphan);
    this.bytes += sizeOf(entry);
    for (const id of missing) {
      const key = idKey(id);
      const others = this.waiting.get(key);
      if (others === undefined) this.waiting.set(key, new Set([orphan]));
      else others.add(orphan);
    }
  }

  /** Those that wait for any of the outputs. */
  waitingFor(outputIds: readonly Uint8Array[]): MempoolEntry[] {
    const found = new Set<MempoolEntry>();
    for (const id of outputIds)
      for (const { entry } of this.waiting.get(idKey(id)) ?? []) found.add(entry);
    return [...found];
  }

  delete(id: Uint8Array): void {
    const orphan = this.byId.get(idKey(id));
    if (orphan === undefined) return;
    this.byId.delete(idKey(id));
    this.bytes -= sizeOf(orphan.entry);
    for (const missing of orphan.missing) {
      const key = idKey(missing);
      const others = this.waiting.get(key);
      others?.delete(orphan);
      if (others?.size === 0) this.waiting.delete(key);
    }
  }

  /** Forgets those whose time is over. */
  expire(nowMs: number): void {
    for (const { entry, expiresAtMs } of this.byId.values()) {
      if (expiresAtMs > nowMs) return;
      this.delete(entry.mapped.id);
    }
  }
}
