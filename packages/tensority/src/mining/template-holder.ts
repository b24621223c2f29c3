/**
 * The one block template that external miners work on.
 *
 * @see spec 40-tensority, section 11 "HTTP calls for mining", part "Block template holder"
 */
import { TensorityError } from "../error.ts";

/** A block header as far as mining looks into it; the ledger's own headers fit. */
export interface WorkHeader {
  readonly version: bigint;
  readonly height: bigint;
  /** 32 bytes. */
  readonly previousBlockHash: Uint8Array;
  /** Seconds since 1970. */
  readonly timestamp: bigint;
  /** 32 bytes. */
  readonly transactionMerkleRoot: Uint8Array;
  /** 32 bytes. */
  readonly transactionStatusHash: Uint8Array;
  readonly seal: {
    readonly type: "proof-of-work";
    readonly nonce: bigint;
    /** Compact difficulty. */
    readonly bits: bigint;
  };
}

/** A block that lacks only its nonce. Callers add what else makes their block: transactions. */
export interface BlockTemplate {
  readonly header: WorkHeader;
  /** Tensority seed of the block, 32 bytes. */
  readonly seed: Uint8Array;
}

/** What a miner hands in; nothing else of its header counts. */
export interface Solution {
  /** Names the template that was worked on, 32 bytes. */
  readonly previousBlockHash: Uint8Array;
  /** The timestamp that was hashed, seconds since 1970. */
  readonly timestamp: bigint;
  readonly nonce: bigint;
}

/** What became of a block: part of the chain's tree, or waiting for its parent. */
export type BlockFate = "connected" | "orphan";

/** What {@link createTemplateHolder} works with. */
export interface TemplateHolderOptions<T extends BlockTemplate> {
  /** A template on the current tip. */
  createTemplate(): Promise<T>;
  /** Validates and stores a solved block; rejects when it is invalid. */
  processBlock(solved: T): Promise<BlockFate>;
  /** Tells the peers of a block that was accepted. */
  announceBlock(solved: T): void;
  /** Seconds since 1970. */
  nowSeconds(): bigint;
}

/** Holds one template and takes solutions for it. */
export interface TemplateHolder<T extends BlockTemplate> {
  /** Replaces the template by one on the current tip: at the start and whenever the tip changes. */
  refresh(): Promise<void>;
  /**
   * The held template, its timestamp set to now. Two calls in the same second give the same one.
   *
   * @throws TensorityError `no-template`
   */
  work(): T;
  /**
   * Processes the held template with a solution, after those handed in before, and goes on to a new
   * template. A refused solution stays in the held template: its nonce is seen by the next `work`.
   *
   * Rejects with TensorityError `queue-full`, `no-template`, `template-changed` or `orphan-block`,
   * or with what `processBlock` rejects with.
   */
  submit(solution: Solution): Promise<void>;
}

/** Solutions that may wait for the one being processed. */
const QUEUE_LIMIT = 50;

/** A holder with no template yet: call `refresh` first. */
export function createTemplateHolder<T extends BlockTemplate>(
  options: TemplateHolderOptions<T>,
): TemplateHolder<T> {
  let held: T | undefined;
  let refreshes = 0;
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  const current = (): T => {
    if (held === undefined) throw new TensorityError("no-template");
    return held;
  };
  const refresh = async () => {
    const ticket = ++refreshes;
    const template = await options.createTemplate();
    // A refresh that began later saw a later tip.
    if (ticket === refreshes) held = template;
  };
  const handle = async ({ previousBlockHash, timestamp, nonce }: Solution) => {
    const template = current();
    if (!sameBytes(template.header.previousBlockHash, previousBlockHash))
      throw new TensorityError("template-changed");
    const solved = withWork(template, timestamp, nonce);
    held = solved;
    if ((await options.processBlock(solved)) === "orphan") throw new TensorityError("orphan-block");
    options.announceBlock(solved);
    await refresh();
  };

  return {
    refresh,
    work() {
      const template = current();
      held = withWork(template, options.nowSeconds(), template.header.seal.nonce);
      return held;
    },
    submit(solution) {
      if (waiting >= QUEUE_LIMIT)
        return Promise.reject(new TensorityError("queue-full", { limit: QUEUE_LIMIT }));
      waiting++;
      const result = last.then(() => {
        waiting--;
        return handle(solution);
      });
      last = result.catch(() => undefined);
      return result;
    },
  };
}

/** The template with another timestamp and nonce. */
export function withWork<T extends BlockTemplate>(
  template: T,
  timestamp: bigint,
  nonce: bigint,
): T {
  const { header } = template;
  return { ...template, header: { ...header, timestamp, seal: { ...header.seal, nonce } } };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
