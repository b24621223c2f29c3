import { equalBytes, mapTransaction, type Transaction } from "@bystack/butxo";
import type { Chain, ChainState } from "../chain.ts";
import type { Clock } from "../clock.ts";
import { ChainError } from "../error.ts";
import { Listeners } from "../listeners.ts";
import { type Logger, silentLogger } from "../logger.ts";
import type { ProgramRunner } from "../validation/program.ts";
import { type AcceptanceParts, checkAcceptance } from "./acceptance.ts";
import type { MempoolChange, RemovalReason } from "./change.ts";
import { createdOutputs, type MempoolEntry, spentOutputs } from "./entry.ts";
import { OrphanTransactions } from "./orphan-transactions.ts";
import {
  type ConflictPolicy,
  checkPolicy,
  DEFAULT_LIMITS,
  type FullPolicy,
  type MempoolLimits,
} from "./policy.ts";
import { PoolIndex } from "./pool-index.ts";
import { Refusals } from "./refusals.ts";
import { findEvicted, findReplaced } from "./room.ts";
import { TipFollower } from "./tip-follower.ts";

/** What {@link createMempool} works with. */
export interface MempoolOptions {
  readonly chain: Chain;
  readonly clock: Clock;
  /** `first-seen` when left out. */
  readonly conflicts?: ConflictPolicy | undefined;
  /** `evict` when left out. */
  readonly whenFull?: FullPolicy | undefined;
  /** The original node's counts and bounds in bytes of our own when left out. */
  readonly limits?: Partial<MempoolLimits> | undefined;
  /** Runs programs; in this thread, remembering signatures for the chain, when left out. */
  readonly runProgram?: ProgramRunner | undefined;
  readonly logger?: Logger | undefined;
}

/** What became of a transaction. */
export interface SubmitResult {
  /** It waits for outputs that it spends. */
  readonly isOrphan: boolean;
}

/**
 * Transactions on their way into a block: valid by themselves on top of the tip, and spending what
 * the chain or another transaction of the pool has. Bounded in count and bytes.
 *
 * @see spec 10-ledger, section 11 "Transaction pool"
 */
export class Mempool {
  private readonly chain: Chain;
  private readonly options: MempoolOptions;
  private readonly limits: MempoolLimits;
  private readonly acceptance: AcceptanceParts;
  private readonly index = new PoolIndex();
  private readonly orphans: OrphanTransactions;
  private readonly refusals: Refusals;
  private readonly listeners: Listeners<MempoolChange>;
  private readonly follower: TipFollower;

  /** @internal use `createMempool` */
  constructor(options: MempoolOptions) {
    const { chain, clock, logger = silentLogger } = options;
    this.options = options;
    this.chain = chain;
    this.limits = { ...DEFAULT_LIMITS, ...options.limits };
    const runProgram = options.runProgram ?? chain.signatures.fillingRunner();
    this.acceptance = { params: chain.params, runProgram, clock };
    this.orphans = new OrphanTransactions(this.limits);
    this.refusals = new Refusals(this.limits.refusals);
    this.listeners = new Listeners((error) =>
      logger.error({ error }, "a listener of the mempool failed"),
    );
    this.follower = new TipFollower({
      chain,
      logger,
      maxReturning: this.limits.transactions,
      pool: {
        tipMoved: () => this.refusals.clear(),
        hasContent: () => this.index.size + this.orphans.size > 0,
        confirm: (transaction, state) => this.confirm(transaction, state),
        expire: ({ height }) => this.expire(height),
        resubmit: (transaction, state) => this.take(transaction, state),
      },
    });
  }

  /** Transactions in the pool, orphans left out. */
  get size(): number {
    return this.index.size;
  }

  /** Sum of their serialized sizes. */
  get bytes(): number {
    return this.index.bytes;
  }

  /** Transactions that wait for outputs. */
  get orphanCount(): number {
    this.sweep();
    return this.orphans.size;
  }

  get(id: Uint8Array): MempoolEntry | undefined {
    return this.index.get(id);
  }

  /** All transactions of the pool in the order of arrival. */
  entries(): readonly MempoolEntry[] {
    return this.index.entries();
  }

  /** The transaction of the pool that makes an output spendable. */
  creatorOf(outputId: Uint8Array): MempoolEntry | undefined {
    return this.index.creatorOf(outputId);
  }

  /** Calls `listener` after each change; the result ends it. What it throws is logged. */
  onChange(listener: (change: MempoolChange) => void): () => void {
    return this.listeners.add(listener);
  }

  /**
   * Takes a transaction from anywhere. One that is in the pool already does nothing.
   *
   * @throws {@link ChainError} why it is refused: a code of `validateTransaction`, or
   *   `input-script-have-been-banned` | `transaction-is-dust-tx` | `conflicts-with-the-pool` |
   *   `insufficient-replacement-fee` | `transaction-pool-reach-the-max-number`
   */
  submit(transaction: Transaction): Promise<SubmitResult> {
    return this.chain.atTip(async (state) => {
      await this.follower.catchUp(state);
      return this.take(transaction, state);
    });
  }

  /** Waits until the pool agrees with the tip, and runs `task` while neither changes. */
  atTip<T>(task: (state: ChainState) => Promise<T>): Promise<T> {
    return this.chain.atTip(async (state) => {
      await this.follower.catchUp(state);
      return task(state);
    });
  }

  /** Takes a transaction out, as when it turns out to be of no use. What builds on it stays. */
  remove(id: Uint8Array, reason: RemovalReason = "unusable"): void {
    const entry = this.index.get(id);
    if (entry !== undefined) this.drop(entry, reason);
  }

  /**
   * Forgets the orphans whose time is over. To whoever looks they are gone anyway; this frees their
   * memory in a node that hears of no transactions and blocks.
   */
  sweep(): void {
    this.orphans.expire(this.options.clock.now());
  }

  /** Stops listening to the chain. The content stays readable. */
  close(): void {
    this.follower.close();
    this.listeners.clear();
  }

  private async take(transaction: Transaction, state: ChainState): Promise<SubmitResult> {
    // No transaction that policy refuses is in the pool or among the orphans already.
    checkPolicy(transaction);
    const mapped = mapTransaction(transaction);
    this.sweep();
    if (this.index.has(mapped.id)) return { isOrphan: false };
    if (this.orphans.has(mapped.id)) return { isOrphan: true };
    const entry = this.refusals.judge(transaction, () =>
      checkAcceptance(mapped, state.tip, this.acceptance),
    );
    // A refusal for want of room, or for a conflict, is not remembered: the pool may change any time.
    return { isOrphan: await this.place(entry, state) };
  }

  /** Puts a valid transaction among the orphans or into the pool, then what waited for it. */
  private async place(first: MempoolEntry, state: ChainState): Promise<boolean> {
    const missing = await this.missingOutputs(first, state);
    if (missing.length > 0) {
      this.orphans.add(first, missing, this.options.clock.now());
      return true;
    }
    this.admit(first);
    await this.release(createdOutputs(first), state);
    return false;
  }

  /** Orphans that waited for the outputs enter, and those that waited for them. */
  private async release(outputIds: readonly Uint8Array[], state: ChainState): Promise<void> {
    this.sweep();
    const candidates = this.orphans.waitingFor(outputIds);
    for (const orphan of candidates) {
      // One that waits for several outputs comes up several times; its time goes on running.
      if (!this.orphans.has(orphan.mapped.id)) continue;
      const missing = await this.missingOutputs(orphan, state);
      if (missing.length > 0) continue;
      this.orphans.delete(orphan.mapped.id);
      try {
        const entry = { ...orphan, arrivedAtMs: this.options.clock.now() };
        this.admit(entry);
        candidates.push(...this.orphans.waitingFor(createdOutputs(entry)));
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
      }
    }
  }

  private async missingOutputs(entry: MempoolEntry, state: ChainState): Promise<Uint8Array[]> {
    const wanted = entry.mapped.spentOutputIds.filter((id) => !this.index.creatorOf(id));
    if (wanted.length === 0) return [];
    const found = await state.outputs(wanted);
    return wanted.filter((_, i) => found[i]?.isSpent !== false);
  }

  private admit(entry: MempoolEntry): void {
    const { conflicts = "first-seen", whenFull = "evict" } = this.options;
    const replaced = findReplaced(this.index, entry, conflicts);
    const evicted = findEvicted(this.index, entry, replaced, { ...this.limits, whenFull });
    for (const old of replaced) this.drop(old, "replaced");
    for (const old of evicted) this.drop(old, "evicted");
    this.index.add(entry);
    this.listeners.tell({ type: "added", entry });
  }

  /** A transaction is in a block now. */
  private async confirm(transaction: Transaction, state: ChainState): Promise<void> {
    const mapped = mapTransaction(transaction);
    this.remove(mapped.id, "confirmed");
    this.orphans.delete(mapped.id);
    if (this.options.conflicts !== "accept") {
      // What spends an output that is gone from the chain can be in no block any more.
      const spenders = this.index.spendersOf(mapped.spentOutputIds);
      for (const entry of spenders)
        if (await this.isConflict(entry, mapped.spentOutputIds, state))
          for (const doomed of this.index.withDescendants([entry])) this.drop(doomed, "conflict");
    }
    await this.release(mapped.resultIds, state);
  }

  /**
   * Gives up what the pool would not take any more because its time is over: it pays nobody, so it
   * must not keep others out.
   */
  private expire(height: bigint): void {
    if (this.options.conflicts === "accept") return;
    const expired = this.index.entries().filter(({ mapped: { header } }) => {
      return header.timeRange !== 0n && header.timeRange < height;
    });
    for (const entry of this.index.withDescendants(expired)) this.drop(entry, "unusable");
  }

  private async isConflict(
    entry: MempoolEntry,
    spentIds: readonly Uint8Array[],
    state: ChainState,
  ): Promise<boolean> {
    const shared = spentOutputs(entry).filter((id) =>
      spentIds.some((other) => equalBytes(id, other)),
    );
    const found = await state.outputs(shared);
    return shared.some((_, i) => found[i]?.isSpent !== false);
  }

  private drop(entry: MempoolEntry, reason: RemovalReason): void {
    if (this.index.remove(entry)) this.listeners.tell({ type: "removed", entry, reason });
  }
}

/**
 * An empty mempool on top of a chain. It follows the chain's tip until it is closed.
 *
 * @example
 * const mempool = createMempool({ chain, clock: Date });
 * const { isOrphan } = await mempool.submit(transaction);
 */
export function createMempool(options: MempoolOptions): Mempool {
  return new Mempool(options);
}
