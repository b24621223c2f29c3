import type { Block } from "@bystack/butxo";
import { idKey } from "@bystack/butxo";
import { bytesOf } from "../raw-block.ts";

const MAX_ORPHANS = 256;
/** Nobody has worked for an orphan, and a coinbase does not pay for its bytes: blocks may be of any size. */
const MAX_BYTES = 32 * 2 ** 20;
const LIFETIME_MS = 60 * 60 * 1000;

/** A block whose parent is not known yet. */
export interface OrphanBlock {
  readonly hash: Uint8Array;
  readonly block: Block;
  readonly expiresAt: number;
  readonly bytes: number;
}

/**
 * Blocks that wait for their parent: at most 256 for at most an hour, the oldest goes first. Also at
 * most 32 MiB of them, but one may be larger.
 *
 * @see spec 10-ledger, section 10.4 "Orphan blocks"
 */
export class OrphanBlocks {
  /** In the order of arrival, which is the order of expiry. */
  private readonly orphans = new Map<string, OrphanBlock>();
  private readonly children = new Map<string, OrphanBlock[]>();
  private bytes = 0;

  get size(): number {
    return this.orphans.size;
  }

  get(hash: Uint8Array): Block | undefined {
    return this.orphans.get(idKey(hash))?.block;
  }

  has(hash: Uint8Array): boolean {
    return this.orphans.has(idKey(hash));
  }

  /** @param now milliseconds, of the same clock at every call */
  add(hash: Uint8Array, block: Block, now: number): void {
    if (this.has(hash)) return;
    const bytes = bytesOf(block);
    for (const { hash: oldest } of this.orphans.values()) {
      if (this.orphans.size < MAX_ORPHANS && this.bytes + bytes <= MAX_BYTES) break;
      this.delete(oldest);
    }
    const orphan = { hash, block, expiresAt: now + LIFETIME_MS, bytes };
    this.orphans.set(idKey(hash), orphan);
    this.bytes += bytes;
    const parent = idKey(block.header.previousBlockHash);
    this.children.set(parent, [...(this.children.get(parent) ?? []), orphan]);
  }

  /** The orphans directly on top of a block, in order of arrival. */
  childrenOf(hash: Uint8Array): readonly OrphanBlock[] {
    return this.children.get(idKey(hash)) ?? [];
  }

  delete(hash: Uint8Array): void {
    const key = idKey(hash);
    const orphan = this.orphans.get(key);
    if (orphan === undefined) return;
    this.orphans.delete(key);
    this.bytes -= orphan.bytes;
    const parent = idKey(orphan.block.header.previousBlockHash);
    const rest = this.childrenOf(orphan.block.header.previousBlockHash).filter((o) => o !== orphan);
    if (rest.length === 0) this.children.delete(parent);
    else this.children.set(parent, rest);
  }

  /** Forgets those whose time is over. */
  expire(now: number): void {
    for (const orphan of this.orphans.values()) {
      if (orphan.expiresAt > now) return;
      this.delete(orphan.hash);
    }
  }
}
