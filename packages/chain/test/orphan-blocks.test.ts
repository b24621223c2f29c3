import { encodeBlock } from "@bystack/butxo";
import { expect, it } from "vitest";
import {
  extend,
  extendMany,
  feed,
  firstCoin,
  genesisBranch,
  last,
  soloChain,
  split,
} from "./kit.ts";

const main = extendMany(genesisBranch(), 6);
const parent = extend(last(main), [], "parent");

it("an orphan that turns out to be invalid stays one, and is not judged again", async () => {
  const chain = await soloChain();
  await feed(chain, main);
  const { block } = extend(parent, [], "takes too much", 1n);
  expect(await chain.processBlock(block)).toEqual({ isOrphan: true });
  expect(await chain.processBlock(parent.block)).toEqual({ isOrphan: false });
  expect(chain.tip.hash).toEqual(parent.node.hash);
  expect(await chain.processBlock(block)).toEqual({ isOrphan: true });
  await chain.close();
});

it("of the orphans of one parent the first of the highest wins", async () => {
  const chain = await soloChain();
  await feed(chain, main);
  const first = extend(parent, [], "first");
  const second = extend(parent, [], "second");
  const invalid = extend(parent, [], "invalid", 1n);
  const third = extend(parent, [], "third");
  await feed(chain, [invalid, first, second, third]);
  await feed(chain, [parent]);
  expect(chain.tip.hash).toEqual(first.node.hash);
  for (const { node } of [second, third]) expect(chain.nodeByHash(node.hash)).toBeDefined();
  expect(chain.nodeByHash(invalid.node.hash)).toBeUndefined();
  await chain.close();
});

it("a tree of orphans leads to its highest block", async () => {
  const chain = await soloChain();
  await feed(chain, main);
  const [short, long] = [extend(parent, [], "short"), extend(parent, [], "long")];
  const higher = extendMany(long, 3, "higher");
  const middle = extendMany(short, 1, "middle");
  await feed(chain, [...higher.toReversed(), ...middle, long, short]);
  await feed(chain, [parent]);
  expect(chain.tip.hash).toEqual(last(higher).node.hash);
  await chain.close();
});

it("a parent is kept though the orphan on top of it spends what is not there", async () => {
  const chain = await soloChain();
  await feed(chain, main);
  const coin = { ...firstCoin(parent), position: 9n };
  const broken = extend(parent, [split([coin], 1)], "broken");
  await chain.processBlock(broken.block);
  await expect(chain.processBlock(parent.block)).rejects.toMatchObject({
    code: "fail-to-find-utxo-entry",
  });
  // Both are in the tree; the tip stays, as in the original node.
  expect(chain.tip.hash).toEqual(last(main).node.hash);
  for (const { node } of [parent, broken]) expect(chain.nodeByHash(node.hash)).toBeDefined();
  await chain.close();
});

it("the oldest orphans go when all together take too much memory", async () => {
  const chain = await soloChain();
  const orphans = Array.from({ length: 4 }, (_, i) => extend(parent, [], `${i}`));
  for (const { block } of orphans) {
    // A coinbase does not pay for its bytes.
    const [coinbase, ...others] = block.transactions;
    if (coinbase === undefined) throw new Error("no coinbase");
    const padded = { ...coinbase, serializedSize: 11 * 2 ** 20 };
    await chain.processBlock({ ...block, transactions: [padded, ...others] });
  }
  await feed(chain, [...main, parent]);
  expect(orphans.map(({ node }) => chain.nodeByHash(node.hash) !== undefined)).toEqual([
    false,
    false,
    true,
    true,
  ]);
  await chain.close();
});

it("another body under the same header does not keep the real block out", async () => {
  const chain = await soloChain();
  await feed(chain, main);
  const child = extend(parent, [], "child");
  const { block } = child;
  // The hash is that of the header; whose transactions these are shows only when the parent is there.
  const forged = { ...block, transactions: parent.block.transactions };
  expect(await chain.processBlock(forged)).toEqual({ isOrphan: true });
  await feed(chain, [parent]);
  expect(chain.tip.hash).toEqual(parent.node.hash);
  expect(await chain.processBlock(forged)).toEqual({ isOrphan: true });
  expect(await chain.processBlock(block)).toEqual({ isOrphan: false });
  expect(chain.tip.hash).toEqual(child.node.hash);
  expect(await chain.processBlock(forged)).toEqual({ isOrphan: false });
  await chain.close();
});

it("nor in an import, nor when it came as bytes", async () => {
  const chain = await soloChain();
  await feed(chain, main);
  const child = extend(parent, [], "child");
  const forged = { ...child.block, transactions: [] };
  await chain.processBlock(forged);
  async function* bytes() {
    for (const block of [parent.block, forged, child.block]) yield encodeBlock(block);
  }
  expect(await chain.processBlocks(bytes())).toBe(3);
  expect(chain.tip.hash).toEqual(child.node.hash);
  await chain.close();
});
