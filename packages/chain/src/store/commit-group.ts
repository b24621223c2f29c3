import { idKey } from "@bystack/butxo";
import { timestampMs } from "../engines/header-rules.ts";
import type { HitCounter } from "../metrics.ts";
import { prefetchList } from "../pswv/resolve-window.ts";
import { bytesOf } from "../raw-block.ts";
import type { OutputChanges } from "../state/output-changes.ts";
import type { UtxoEntry } from "../state/utxo-entry.ts";
import { isKept, type UtxoView } from "../state/utxo-view.ts";
import type { BlockNode } from "../tree/block-node.ts";
import type { ChainStore, StoredBlock } from "./chain-store.ts";
import { outputOperation } from "./records.ts";

/** Size above which a group is written: enough to make one write of many, little to hold. */
const FULL_BYTES = 8 * 2 ** 20;
/** Milliseconds after which a group is written: so much work a crash may undo. */
const FULL_MS = 50;
/** A block younger than that is of the tip, not of an initial sync: it is written by itself. */
const TIP_MS = 60 * 60 * 1000;
/** What an output costs in a batch, about: its key and its record. */
const ROW_BYTES = 80;

interface Row {
  readonly id: Uint8Array;
  /** Undefined: the output is no longer remembered. */
  readonly entry: UtxoEntry | undefined;
}

/**
 * Blocks on top of the best chain that are written together. To whoever reads outputs through it,
 * the blocks are there already, exactly as if each had been written by itself.
 *
 * @see spec 94-parallel-validation, section 2.1, stage S6
 */
export class CommitGroup {
  private readonly store: ChainStore;
  private readonly base: BlockNode;
  private readonly reads: HitCounter;
  private readonly blocks: StoredBlock[] = [];
  private readonly rows = new Map<string, Row>();
  /** What the store said when the group was empty. */
  private readonly fetched = new Map<string, Row>();
  private bytes = 0;
  private since: number | undefined;
  readonly nodes: BlockNode[] = [];

  /**
   * @param base the tip, from where the group goes on
   * @param reads counts the outputs that are asked for
   */
  constructor(store: ChainStore, base: BlockNode, reads: HitCounter) {
    this.store = store;
    this.base = base;
    this.reads = reads;
  }

  /** The last block of the group. */
  get tip(): BlockNode {
    return this.nodes.at(-1) ?? this.base;
  }

  /** Is it time to write it? @param nowMs the chain's clock */
  isDue(nowMs: number): boolean {
    const elapsed = nowMs - (this.since ?? nowMs);
    return (
      this.bytes >= FULL_BYTES ||
      // A clock that was set back says nothing: better too soon.
      elapsed < 0 ||
      elapsed >= FULL_MS ||
      nowMs - timestampMs(this.tip.header) < TIP_MS
    );
  }

  /**
   * Reads what transactions spend and do not make themselves, in one round trip: for a group that is
   * still empty, with the transactions that are to come, in order.
   */
  async prefetch(transactions: readonly OutputChanges[]): Promise<void> {
    const ids = new Map<string, Uint8Array>();
    const keyOf = (id: Uint8Array) => {
      const key = idKey(id);
      ids.set(key, id);
      return key;
    };
    const wanted = prefetchList(
      transactions.map(({ spends, results }) => ({
        spends: spends.map(({ id }) => keyOf(id)),
        creates: results.map(({ id }) => idKey(id)),
      })),
    );
    const missing = [...wanted].flatMap((key) => ids.get(key) ?? []);
    if (missing.length === 0) return;
    const entries = await this.store.outputs(missing);
    for (const [i, id] of missing.entries()) this.fetched.set(idKey(id), { id, entry: entries[i] });
  }

  /** The records of outputs as they will be, in the order asked. */
  async outputs(ids: readonly Uint8Array[]): Promise<(UtxoEntry | undefined)[]> {
    const own = ids.map((id) => this.rows.get(idKey(id)) ?? this.fetched.get(idKey(id)));
    const missing = ids.filter((_, i) => own[i] === undefined);
    this.reads.asked += ids.length;
    this.reads.hits += ids.length - missing.length;
    const stored = missing.length === 0 ? [] : await this.store.outputs(missing);
    let next = 0;
    return own.map((row) => (row === undefined ? stored[next++] : row.entry));
  }

  /**
   * Adds a block on top of {@link tip}, with what it does to the outputs.
   *
   * @param nowMs the chain's clock
   */
  add(node: BlockNode, block: StoredBlock, view: UtxoView, nowMs: number): void {
    this.since ??= nowMs;
    for (const { id, entry } of view.entries()) {
      this.rows.set(idKey(id), { id, entry: isKept(entry) ? entry : undefined });
      this.bytes += ROW_BYTES;
    }
    // Stored as hex.
    this.bytes += 2 * bytesOf(block.block);
    this.blocks.push(block);
    this.nodes.push(node);
  }

  /** The next group, on top of this one when it is written: what was read ahead is still known. */
  next(base: BlockNode): CommitGroup {
    const group = new CommitGroup(this.store, base, this.reads);
    for (const rows of [this.fetched, this.rows])
      for (const [key, row] of rows) group.fetched.set(key, row);
    return group;
  }

  /** One atomic batch; nothing when the group is empty. */
  async write(): Promise<void> {
    if (this.nodes.length === 0) return;
    const outputs = [...this.rows.values()].map(({ id, entry }) => outputOperation(id, entry));
    await this.store.commit({
      blocks: this.blocks,
      advance: { from: this.base, to: this.tip, outputs },
    });
  }
}
