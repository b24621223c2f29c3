import type { BlockHeader, Dialect } from "@bystack/butxo";
import type { BatchOperation, StorageEngine } from "@bystack/storage";
import type { Logger } from "../logger.ts";
import type { BlockTree } from "../tree/block-tree.ts";
import { encodeSegment, loadSegment, type SegmentPlace } from "../tree/tree-segment.ts";
import { allTreeSegments, treeSegmentKey, treeSegmentOf } from "./layout.ts";

/** Heights in one segment. */
const SEGMENT_BLOCKS = 1024;

/** What a {@link TreeIndex} works with. */
export interface TreeIndexParts {
  readonly storage: StorageEngine;
  readonly dialect: Dialect;
  /** Name of the engine whose weights are kept. */
  readonly engine: string;
  readonly logger: Logger;
  /** {@link SEGMENT_BLOCKS} when left out. */
  readonly segmentBlocks?: number | undefined;
}

/** What is read of the headers themselves. */
export interface HeaderRange {
  readonly from: bigint;
  readonly through: bigint;
}

/**
 * The tree of blocks as it lies in the store beside the headers: a row for each range of heights
 * that lies deep enough to change no more. It only saves time. A row that is missing or not in order
 * is made again from the headers, and a block that arrives late for its range takes the row away in
 * the same batch.
 */
export class TreeIndex {
  private readonly parts: TreeIndexParts;
  private readonly blocks: number;
  /** Segments that need no writing: their row is there, or cannot be. */
  private readonly sealed = new Set<number>();
  /** Above this number there is no row. */
  private end = 0;
  private checked = 0;

  constructor(parts: TreeIndexParts) {
    this.parts = parts;
    this.blocks = parts.segmentBlocks ?? SEGMENT_BLOCKS;
  }

  /**
   * Fills an empty tree with all blocks up to a height: the segments from their rows, what they
   * leave out by `scan`.
   */
  async load(
    tree: BlockTree,
    height: bigint,
    scan: (range: HeaderRange) => Promise<void>,
  ): Promise<void> {
    const { storage, dialect } = this.parts;
    let next = 0;
    const scanBefore = async (height: number) => {
      if (next < height) await scan({ from: BigInt(next), through: BigInt(height - 1) });
      next = height;
    };
    for await (const [key, bytes] of storage.iterate(allTreeSegments())) {
      const number = treeSegmentOf(key);
      this.end = number + 1;
      const place = this.placeOf(number);
      if (place.through > Number(height)) continue;
      await scanBefore(place.from);
      if (!loadSegment(tree, bytes, place, dialect)) continue;
      this.sealed.add(number);
      next = place.through + 1;
    }
    await scanBefore(Number(height) + 1);
  }

  /** What must be deleted together with the arrival of blocks. */
  staleRows(headers: readonly BlockHeader[]): BatchOperation[] {
    const stale = new Set<number>();
    for (const { height } of headers) {
      // The blocks above name their parents by rank.
      for (const at of [Number(height), Number(height) + 1]) {
        const number = Math.floor(at / this.blocks);
        if (number < this.end) stale.add(number);
      }
    }
    for (const number of stale) this.sealed.delete(number);
    return [...stale].map((number) => ({ type: "del", key: treeSegmentKey(number) }));
  }

  /**
   * Writes the segments that have become deep enough: a whole one lies between them and the tip. A
   * failure is logged and fails nothing else.
   */
  async seal(tree: BlockTree): Promise<void> {
    try {
      await this.writeDeep(tree);
    } catch (error) {
      this.parts.logger.warn({ error }, "the tree of blocks could not be put aside");
    }
  }

  private async writeDeep(tree: BlockTree): Promise<void> {
    const deep = Math.floor((Number(tree.tip.height) + 1) / this.blocks) - 1;
    if (deep <= this.checked) return;
    this.checked = deep;
    const sides = tree.sides();
    for (let number = 0; number < deep; number++) {
      if (this.sealed.has(number)) continue;
      this.sealed.add(number);
      const value = encodeSegment(tree, this.placeOf(number), sides);
      if (value === undefined) continue;
      this.end = Math.max(this.end, number + 1);
      await this.parts.storage.batch([{ type: "put", key: treeSegmentKey(number), value }], {
        sync: false,
      });
    }
  }

  private placeOf(number: number): SegmentPlace {
    const from = number * this.blocks;
    return { from, through: from + this.blocks - 1, engine: this.parts.engine };
  }
}
