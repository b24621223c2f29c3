import { idKey, type Transaction, transactionId } from "@bystack/butxo";
import type { Chain, ChainState } from "../chain.ts";
import { ChainError } from "../error.ts";
import type { Logger } from "../logger.ts";
import type { BlockNode } from "../tree/block-node.ts";
import { routeBetween } from "../tree/route.ts";

/** What happens to a pool when the tip moves. */
interface TipPool {
  /** The tip is another one; what depended on the old one is void. */
  tipMoved(): void;
  /** Does it wait for anything that a block could bring? */
  hasContent(): boolean;
  /** A transaction is in a block now. */
  confirm(transaction: Transaction, state: ChainState): Promise<void>;
  /** All that the new blocks have is confirmed. */
  expire(tip: BlockNode): void;
  /** @throws {@link ChainError} why a transaction that was in a block is refused */
  resubmit(transaction: Transaction, state: ChainState): Promise<unknown>;
}

/** What a {@link TipFollower} works with. */
export interface TipFollowerParts {
  readonly chain: Chain;
  readonly pool: TipPool;
  readonly logger: Logger;
  /** Transactions of blocks that left the best chain that are given back, at most. */
  readonly maxReturning: number;
}

/**
 * Takes a pool along when the chain's tip moves: what the new blocks have is confirmed, what only
 * the blocks left behind had is given back.
 *
 * @see spec 10-ledger, section 10.2, "connect" and "reorganize"
 */
export class TipFollower {
  private readonly parts: TipFollowerParts;
  private readonly stopListening: () => void;
  /** The tip that the pool's content stands on. */
  private tip: BlockNode;
  private isCatchingUp = false;

  constructor(parts: TipFollowerParts) {
    this.parts = parts;
    this.tip = parts.chain.tip;
    this.stopListening = parts.chain.onTip(() => this.catchUpSoon());
  }

  /** Follows the chain to where it stands now. */
  async catchUp(state: ChainState): Promise<void> {
    if (state.tip === this.tip) return;
    const { pool, maxReturning } = this.parts;
    const { detach, attach } = routeBetween(this.tip, state.tip);
    pool.tipMoved();
    const returning = new Map<string, Transaction>();
    for (const node of detach.toReversed())
      for (const transaction of await this.transactionsOf(node))
        if (returning.size < maxReturning) returning.set(keyOf(transaction), transaction);
    for (const node of attach) {
      if (returning.size === 0 && !pool.hasContent()) break;
      for (const transaction of await this.transactionsOf(node)) {
        returning.delete(keyOf(transaction));
        await pool.confirm(transaction, state);
      }
    }
    pool.expire(state.tip);
    this.tip = state.tip;
    for (const transaction of returning.values()) {
      try {
        await pool.resubmit(transaction, state);
      } catch (error) {
        if (!(error instanceof ChainError)) throw error;
      }
    }
  }

  /** Stops listening to the chain. */
  close(): void {
    this.stopListening();
  }

  private catchUpSoon(): void {
    if (this.isCatchingUp) return;
    this.isCatchingUp = true;
    const { chain, logger } = this.parts;
    chain
      .atTip((state) => this.catchUp(state))
      .catch((error: unknown) => {
        logger.error({ error }, "the mempool could not follow the tip");
      })
      .finally(() => {
        this.isCatchingUp = false;
      });
  }

  private async transactionsOf({ hash }: BlockNode): Promise<readonly Transaction[]> {
    const found = await this.parts.chain.block(hash);
    return found?.block.transactions ?? [];
  }
}

function keyOf(transaction: Transaction): string {
  return idKey(transactionId(transaction));
}
