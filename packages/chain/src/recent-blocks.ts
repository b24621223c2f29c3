import { idKey } from "@bystack/butxo";
import type { StoredBlock } from "./store/chain-store.ts";

/** Blocks that are kept: whoever hears of a new tip asks for its block. */
const LIMIT = 8;

/** The latest blocks in full, so that they need not be read from the store. */
export class RecentBlocks {
  /** In the order of arrival: the oldest goes first. */
  private readonly blocks = new Map<string, StoredBlock>();

  get(hash: Uint8Array): StoredBlock | undefined {
    return this.blocks.get(idKey(hash));
  }

  add(block: StoredBlock): void {
    this.blocks.set(idKey(block.hash), block);
    if (this.blocks.size <= LIMIT) return;
    const [oldest] = this.blocks.keys();
    if (oldest !== undefined) this.blocks.delete(oldest);
  }
}
