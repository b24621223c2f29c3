import { fromHex, isBtm, toHex } from "@bystack/butxo";
import { openMemory, type StorageEngine } from "@bystack/storage";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { Chain } from "../src/index.ts";
import {
  type Branch,
  blocksOf,
  coinsOf,
  extend,
  feed,
  genesisBranch,
  last,
  soloChain,
} from "./kit.ts";
import { randomTransactions } from "./random-transactions.ts";

const RUNS = Number(process.env["CHAIN_RUNS"] ?? 25);

/** How a tree of blocks grows: on which of the latest blocks, and how busy the block is. */
const growth = fc.array(fc.record({ back: fc.nat(3), busy: fc.nat(3), pick: fc.nat(1_000) }), {
  minLength: 4,
  maxLength: 22,
});

/** A tree with one longest branch, its blocks in an order that has parents first. */
function treeOf(steps: readonly { back: number; busy: number; pick: number }[]): Branch[] {
  const tree = [genesisBranch()];
  for (const [i, { back, busy, pick }] of steps.entries()) {
    const parent = tree.at(-1 - (back % tree.length)) ?? last(tree);
    tree.push(extend(parent, randomTransactions(parent, busy, pick), `${i}`));
  }
  const { height } = highest(tree).node;
  let top = last(tree);
  while (top.node.height <= height) {
    top = extend(top, [], "top");
    tree.push(top);
  }
  return tree.slice(1);
}

async function stateOf(chain: Chain): Promise<unknown> {
  const { digest, count } = await chain.utxoDigest();
  return { tip: toHex(chain.tip.hash), digest: toHex(digest), count };
}

async function stateAfter(branches: readonly Branch[]): Promise<unknown> {
  const chain = await soloChain();
  await feed(chain, branches);
  return stateOf(chain);
}

function highest(tree: readonly Branch[]): Branch {
  return tree.reduce((a, b) => (b.node.height > a.node.height ? b : a));
}

/** The branch from genesis to the highest block, alone. */
function bestBranch(tree: readonly Branch[]): Branch[] {
  const byHash = new Map(tree.map((branch) => [toHex(branch.node.hash), branch]));
  const best: Branch[] = [];
  let at: Branch | undefined = highest(tree);
  while (at !== undefined) {
    best.unshift(at);
    at = byHash.get(toHex(at.node.parent?.hash ?? new Uint8Array()));
  }
  return best;
}

it("ends in the same state whatever the order in which blocks come", async () => {
  await fc.assert(
    fc.asyncProperty(growth, fc.infiniteStream(fc.nat(1_000_000)), async (steps, random) => {
      const tree = treeOf(steps);
      const expected = await stateAfter(bestBranch(tree));
      expect(await stateAfter(tree)).toEqual(expected);
      const keyed = tree.map((branch) => ({ branch, key: random.next().value ?? 0 }));
      const shuffled = keyed.sort((a, b) => a.key - b.key).map(({ branch }) => branch);
      expect(await stateAfter(shuffled)).toEqual(expected);
      const grouped = await soloChain();
      await grouped.processBlocks(blocksOf(shuffled), { commitGroup: 4, lookAhead: 6 });
      expect(await stateOf(grouped)).toEqual(expected);
    }),
    { numRuns: RUNS },
  );
});

it("goes on after a restart between any two steps as if nothing had been", async () => {
  await fc.assert(
    fc.asyncProperty(growth, fc.nat(), async (steps, cut) => {
      const tree = treeOf(steps);
      const storage = await openMemory();
      const first = await soloChain({ storage });
      const at = cut % (tree.length + 1);
      await feed(first, tree.slice(0, at));
      const before = await stateOf(first);
      await first.close();
      const second = await reopen(storage);
      expect(await stateOf(second)).toEqual(before);
      // Side branches above the tip are forgotten, as by the original node: they come again.
      await feed(second, tree);
      expect(await stateOf(second)).toEqual(await stateAfter(bestBranch(tree)));
    }),
    { numRuns: RUNS },
  );
});

it("conserves value: what is unspent is what was ever rewarded", async () => {
  await fc.assert(
    fc.asyncProperty(growth, async (steps) => {
      const tree = treeOf(steps);
      const chain = await soloChain();
      await feed(chain, tree);
      const best = bestBranch(tree);
      let unspent = 0n;
      for (const { block } of best)
        for (const coin of coinsOfBlock(block))
          if ((await chain.output(coin.id))?.isSpent === false) unspent += coin.amount;
      const rewards = BigInt(best.length) * 41_250_000_000n;
      expect(unspent).toBe(rewards);
    }),
    { numRuns: RUNS },
  );
});

async function reopen(storage: StorageEngine): Promise<Chain> {
  await storage.open();
  return soloChain({ storage });
}

function coinsOfBlock(block: Branch["block"]): { id: Uint8Array; amount: bigint }[] {
  return block.transactions.flatMap((transaction) =>
    coinsOf(transaction)
      .filter(({ assetId }) => isBtm(assetId))
      .map(({ id, amount }) => ({ id: fromHex(id), amount })),
  );
}
