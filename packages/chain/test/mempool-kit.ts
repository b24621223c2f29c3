import { type Transaction, toHex, transactionId } from "@bystack/butxo";
import {
  type BlockTemplate,
  type Chain,
  createBlockTemplate,
  createMempool,
  type Mempool,
  type MempoolChange,
  type MempoolOptions,
  type TemplateOptions,
} from "../src/index.ts";
import {
  type Coin,
  engine,
  extendMany,
  feed,
  genesisBranch,
  last,
  lateClock,
  soloChain,
  spendable,
  TRUE,
} from "./kit.ts";

/** Blocks that every test begins with. */
export const main = extendMany(genesisBranch(), 8);
export const tip = last(main);
export const coins = spendable(tip);

export function coin(i: number): Coin {
  const found = coins[i];
  if (found === undefined) throw new Error("no such coin");
  return found;
}

interface Setup {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly changes: MempoolChange[];
}

/** A pool on top of {@link main}, and all that changes in it. */
export async function setup(options: Partial<MempoolOptions> = {}): Promise<Setup> {
  const chain = await soloChain();
  await feed(chain, main);
  const mempool = createMempool({ chain, clock: lateClock, ...options });
  const changes: MempoolChange[] = [];
  mempool.onChange((change) => changes.push(change));
  return { chain, mempool, changes };
}

/** Waits until the pool has followed the tip. */
export const settled = (mempool: Mempool) => mempool.atTip(async () => {});
export const idsOf = (mempool: Mempool) => mempool.entries().map(({ mapped }) => toHex(mapped.id));
export const idOf = (transaction: Transaction) => toHex(transactionId(transaction));

export function templateOf(
  chain: Chain,
  mempool: Mempool,
  options: Partial<TemplateOptions> = {},
): Promise<BlockTemplate> {
  return createBlockTemplate({
    params: chain.params,
    engine,
    mempool,
    clock: lateClock,
    runProgram: chain.signatures.readingRunner(),
    program: TRUE,
    ...options,
  });
}
