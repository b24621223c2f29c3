import { fromHex, mapTransaction, type Transaction, toHex, transactionId } from "@bystack/butxo";
import { describe, expect, it, vi } from "vitest";
import {
  type Chain,
  createBlockTemplate,
  createMempool,
  type Mempool,
  type MempoolChange,
  type MempoolOptions,
} from "../src/index.ts";
import {
  type Branch,
  btmOutput,
  type Coin,
  coinsOf,
  engine,
  extend,
  extendMany,
  FEE,
  feed,
  genesisBranch,
  last,
  lateClock,
  params,
  soloChain,
  spendable,
  spendOf,
  split,
  TRUE,
  transactionOf,
} from "./kit.ts";

const main = extendMany(genesisBranch(), 8);
const tip = last(main);
const coins = spendable(tip);

function coin(i: number): Coin {
  const found = coins[i];
  if (found === undefined) throw new Error("no such coin");
  return found;
}

interface Setup {
  readonly chain: Chain;
  readonly mempool: Mempool;
  readonly changes: MempoolChange[];
}

async function setup(options: Partial<MempoolOptions> = {}): Promise<Setup> {
  const chain = await soloChain();
  await feed(chain, main);
  const mempool = createMempool({ chain, clock: lateClock, ...options });
  const changes: MempoolChange[] = [];
  mempool.onChange((change) => changes.push(change));
  return { chain, mempool, changes };
}

const settled = (mempool: Mempool) => mempool.atTip(async () => {});
const idsOf = (mempool: Mempool) => mempool.entries().map(({ mapped }) => toHex(mapped.id));
const idOf = (transaction: Transaction) => toHex(transactionId(transaction));

describe("submit", () => {
  it("takes what spends the chain or the pool, once", async () => {
    const { mempool, changes } = await setup();
    const parent = split([coin(0)], 2);
    const child = split(coinsOf(parent), 1);
    expect(await mempool.submit(parent)).toEqual({ isOrphan: false });
    expect(await mempool.submit(child)).toEqual({ isOrphan: false });
    expect(await mempool.submit(parent)).toEqual({ isOrphan: false });
    expect(idsOf(mempool)).toEqual([idOf(parent), idOf(child)]);
    expect(changes.map(({ type }) => type)).toEqual(["added", "added"]);
    expect(mempool.get(transactionId(parent))).toMatchObject({ fee: FEE, statusFailed: false });
    expect(mempool.bytes).toBe(parent.serializedSize + child.serializedSize);
  });

  it("lets an orphan in when the last of several missing parents is there", async () => {
    const { mempool } = await setup();
    const parents = [split([coin(0)], 1), split([coin(1)], 1), split([coin(2)], 1)];
    const child = split(
      parents.flatMap((parent) => coinsOf(parent)),
      1,
    );
    const grandchild = split(coinsOf(child), 1);
    expect(await mempool.submit(grandchild)).toEqual({ isOrphan: true });
    expect(await mempool.submit(child)).toEqual({ isOrphan: true });
    expect(await mempool.submit(child)).toEqual({ isOrphan: true });
    for (const parent of parents) {
      expect(mempool.orphanCount).toBe(2);
      await mempool.submit(parent);
    }
    expect(mempool.orphanCount).toBe(0);
    expect(idsOf(mempool)).toEqual([...parents, child, grandchild].map(idOf));
  });

  it("lets an orphan in when its parent comes in a block", async () => {
    const { chain, mempool } = await setup();
    const parent = split([coin(0)], 1);
    const child = split(coinsOf(parent), 1);
    await mempool.submit(child);
    await feed(chain, [extend(tip, [parent])]);
    await settled(mempool);
    expect(idsOf(mempool)).toEqual([idOf(child)]);
  });

  it("forgets orphans after ten minutes and bounds them", async () => {
    let now = lateClock.now();
    const { mempool } = await setup({ clock: { now: () => now }, limits: { orphans: 2 } });
    const orphans = [0, 1, 2].map((i) => split(coinsOf(split([coin(i)], 1)), 1));
    const [first, second, third] = orphans;
    if (first === undefined || second === undefined || third === undefined) throw new Error();
    await mempool.submit(first);
    await mempool.submit(second);
    await expect(mempool.submit(third)).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
    now += 10 * 60 * 1000;
    // Another fee makes it another transaction: the refusal of the first is remembered.
    const other = split(coinsOf(split([coin(3)], 1)), 1);
    expect(await mempool.submit(other)).toEqual({ isOrphan: true });
    expect(mempool.orphanCount).toBe(1);
  });

  it("needs no traffic to forget orphans, and lets none in whose time is over", async () => {
    let now = lateClock.now();
    const { mempool } = await setup({ clock: { now: () => now } });
    const parent = split([coin(0)], 1);
    const child = split(coinsOf(parent), 1);
    expect(await mempool.submit(child)).toEqual({ isOrphan: true });
    now += 10 * 60 * 1000 - 1;
    expect(mempool.orphanCount).toBe(1);
    now += 1;
    expect(mempool.orphanCount).toBe(0);
    await mempool.submit(parent);
    expect(idsOf(mempool)).toEqual([idOf(parent)]);
  });

  it("does not give an orphan more time for one of several parents", async () => {
    let now = lateClock.now();
    const { mempool } = await setup({ clock: { now: () => now } });
    const parents = [0, 1].map((i) => split([coin(i)], 1));
    const child = split(
      parents.flatMap((parent) => coinsOf(parent)),
      1,
    );
    await mempool.submit(child);
    now += 9 * 60 * 1000;
    for (const parent of parents.slice(0, 1)) await mempool.submit(parent);
    expect(mempool.orphanCount).toBe(1);
    now += 60 * 1000;
    expect(mempool.orphanCount).toBe(0);
  });

  it("lets an orphan of several parents in once, also where conflicts are accepted", async () => {
    for (const conflicts of ["accept", "first-seen"] as const) {
      const { mempool, changes } = await setup({ conflicts });
      const parent = split([coin(0)], 2);
      const [left, right] = coinsOf(parent);
      if (left === undefined || right === undefined) throw new Error("not split");
      const middle = split([left], 1);
      const child = split([right, ...coinsOf(middle)], 1);
      await mempool.submit(middle);
      await mempool.submit(child);
      await mempool.submit(parent);
      const all = [parent, middle, child];
      expect(idsOf(mempool)).toEqual(all.map(idOf));
      expect(changes.map(({ type }) => type)).toEqual(["added", "added", "added"]);
      const bytes = all.reduce((sum, { serializedSize }) => sum + serializedSize, 0);
      expect(mempool.bytes).toBe(bytes);
    }
  });

  it("remembers a refusal by all bytes and until the tip moves", async () => {
    const runProgram = vi.fn(() => 1n);
    const { chain, mempool } = await setup({ runProgram });
    const late = transactionOf([spendOf(coin(0))], [btmOutput(coin(0).amount - FEE)]);
    await expect(mempool.submit(late)).rejects.toMatchObject({ code: "over-gas-credit" });
    await expect(mempool.submit(late)).rejects.toMatchObject({ code: "over-gas-credit" });
    expect(runProgram).toHaveBeenCalledTimes(1);
    const { id } = mapTransaction(late);
    const other = transactionOf(
      [spendOf(coin(0), [Uint8Array.of(1)])],
      [btmOutput(coin(0).amount - FEE)],
    );
    expect(mapTransaction(other).id).toEqual(id);
    await expect(mempool.submit(other)).rejects.toMatchObject({ code: "over-gas-credit" });
    expect(runProgram).toHaveBeenCalledTimes(2);
    await feed(chain, [extend(tip)]);
    await expect(mempool.submit(late)).rejects.toMatchObject({ code: "over-gas-credit" });
    expect(runProgram).toHaveBeenCalledTimes(3);
  });

  it("takes what there was no room for when there is", async () => {
    const { mempool } = await setup({ whenFull: "refuse", limits: { transactions: 1 } });
    const [first, second] = [split([coin(0)], 1), split([coin(1)], 1)];
    await mempool.submit(first);
    await expect(mempool.submit(second)).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
    mempool.remove(transactionId(first));
    expect(await mempool.submit(second)).toEqual({ isOrphan: false });
  });

  it("refuses dust and banned programs", async () => {
    const { mempool } = await setup();
    const empty = transactionOf(
      [spendOf(coin(0))],
      [btmOutput(coin(0).amount - FEE), btmOutput(0n)],
    );
    await expect(mempool.submit(empty)).rejects.toMatchObject({ code: "transaction-is-dust-tx" });
    const notUnderstood = transactionOf(
      [spendOf(coin(0))],
      [
        btmOutput(coin(0).amount - FEE),
        {
          type: "unknown",
          assetVersion: 2n,
          commitmentSuffix: new Uint8Array(0),
          outputSuffix: new Uint8Array(0),
        },
      ],
    );
    await expect(mempool.submit(notUnderstood)).rejects.toMatchObject({
      code: "transaction-is-dust-tx",
    });
    const program = fromHex("0014e0035362db772a9410dc4918652b050ed6f99f7b");
    const banned = split([{ ...coin(0), program }], 1);
    await expect(mempool.submit(banned)).rejects.toMatchObject({
      code: "input-script-have-been-banned",
      facts: { inputIndex: 0 },
    });
  });
});

describe("conflicts", () => {
  const first = split([coin(0)], 2);
  const child = split(coinsOf(first), 1);
  const rival = split([coin(0)], 1, 2n * FEE);
  const richer = split([coin(0)], 1, 3n * FEE);

  it("keeps the first seen", async () => {
    const { mempool } = await setup();
    await mempool.submit(first);
    await expect(mempool.submit(richer)).rejects.toMatchObject({ code: "conflicts-with-the-pool" });
    expect(idsOf(mempool)).toEqual([idOf(first)]);
  });

  it("replaces by a higher fee, what built on it included", async () => {
    const { mempool, changes } = await setup({ conflicts: "replace-by-fee" });
    await mempool.submit(first);
    await mempool.submit(child);
    await expect(mempool.submit(rival)).rejects.toMatchObject({
      code: "insufficient-replacement-fee",
    });
    await mempool.submit(richer);
    expect(idsOf(mempool)).toEqual([idOf(richer)]);
    expect(changes.slice(2).map((c) => (c.type === "removed" ? c.reason : c.type))).toEqual([
      "replaced",
      "replaced",
      "added",
    ]);
    const ofOwnParent = split([coin(1), ...coinsOf(richer)], 1, 9n * FEE);
    const conflicting = split([coin(0), ...coinsOf(richer)], 1, 9n * FEE);
    await expect(mempool.submit(conflicting)).rejects.toMatchObject({
      code: "conflicts-with-the-pool",
    });
    await mempool.submit(ofOwnParent);
  });

  it("accepts both as the original node, and a template packs the first", async () => {
    const { chain, mempool } = await setup({ conflicts: "accept" });
    await mempool.submit(first);
    await mempool.submit(richer);
    const template = await templateOf(chain, mempool);
    expect(template.transactions.slice(1).map(idOf)).toEqual([idOf(first)]);
    expect(idsOf(mempool)).toEqual([idOf(first)]);
  });

  it("drops what a block has made impossible", async () => {
    const { chain, mempool, changes } = await setup();
    await mempool.submit(first);
    await mempool.submit(child);
    await mempool.submit(split([coin(1)], 1));
    await feed(chain, [extend(tip, [rival])]);
    await settled(mempool);
    expect(mempool.size).toBe(1);
    expect(changes.slice(3)).toMatchObject([{ reason: "conflict" }, { reason: "conflict" }]);
  });
});

describe("bounds", () => {
  const poor = split([coin(0)], 1, FEE);
  const poorer = split([coin(1)], 1, FEE - 100_000n);
  const rich = split([coin(2)], 1, 2n * FEE);

  it("evicts what pays least for a byte, if the newcomer pays more", async () => {
    const { mempool } = await setup({ limits: { transactions: 2 } });
    await mempool.submit(poor);
    await mempool.submit(poorer);
    await mempool.submit(rich);
    expect(idsOf(mempool)).toEqual([idOf(poor), idOf(rich)]);
    await expect(mempool.submit(poorer)).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
  });

  it("never evicts what the newcomer builds on", async () => {
    const { mempool } = await setup({ limits: { transactions: 1 } });
    await mempool.submit(poor);
    await expect(mempool.submit(split(coinsOf(poor), 1, 5n * FEE))).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
    expect(idsOf(mempool)).toEqual([idOf(poor)]);
  });

  it("refuses as the original node when told to, and counts bytes", async () => {
    const { mempool } = await setup({
      whenFull: "refuse",
      limits: { bytes: 2 * poor.serializedSize },
    });
    await mempool.submit(poor);
    await mempool.submit(poorer);
    await expect(mempool.submit(rich)).rejects.toMatchObject({
      code: "transaction-pool-reach-the-max-number",
    });
  });
});

describe("with the chain", () => {
  it("gives up what is confirmed and takes it back after a reorganization", async () => {
    const { chain, mempool, changes } = await setup();
    const parent = split([coin(0)], 2);
    const child = split(coinsOf(parent), 1);
    await mempool.submit(parent);
    await mempool.submit(child);
    await feed(chain, [extend(tip, [parent])]);
    await settled(mempool);
    expect(idsOf(mempool)).toEqual([idOf(child)]);
    await feed(chain, extendMany(tip, 2, "side"));
    await settled(mempool);
    expect(idsOf(mempool).sort()).toEqual([idOf(parent), idOf(child)].sort());
    expect(changes.map((c) => (c.type === "removed" ? c.reason : c.type))).toEqual([
      "added",
      "added",
      "confirmed",
      "added",
    ]);
  });

  it("goes on when a listener throws, and stops listening when closed", async () => {
    const error = vi.fn();
    const quiet = () => {};
    const { chain, mempool } = await setup({
      logger: { debug: quiet, info: quiet, warn: quiet, error },
    });
    mempool.onChange(() => {
      throw new Error("mine");
    });
    const transaction = split([coin(0)], 1);
    await mempool.submit(transaction);
    expect(error).toHaveBeenCalledTimes(1);
    mempool.close();
    await feed(chain, [extend(tip, [transaction])]);
    await chain.atTip(async () => {});
    expect(mempool.size).toBe(1);
  });
});

async function templateOf(chain: Chain, mempool: Mempool, order?: "arrival" | "fee-rate") {
  return createBlockTemplate({
    params,
    engine,
    mempool,
    clock: lateClock,
    runProgram: chain.signatures.readingRunner(),
    program: TRUE,
    order,
  });
}

describe("createBlockTemplate", () => {
  it("makes a block that the chain takes, with all fees", async () => {
    const { chain, mempool } = await setup();
    const parent = split([coin(0)], 2);
    await mempool.submit(parent);
    await mempool.submit(split(coinsOf(parent), 1, 3n * FEE));
    const template = await templateOf(chain, mempool);
    expect(template).toMatchObject({ fees: 4n * FEE, statusFailed: [false, false, false] });
    await chain.processBlock(template);
    expect(chain.tip.height).toBe(9n);
    await settled(mempool);
    expect(mempool.size).toBe(0);
  });

  it("drops what cannot be in the next block", async () => {
    const { chain, mempool } = await setup();
    const young = [...tip.coins.values()].find(({ matureAt }) => matureAt > tip.node.height + 1n);
    if (young === undefined) throw new Error("no young coin");
    const immature = split([young], 1);
    const atTipOnly = transactionOf([spendOf(coin(0))], [btmOutput(coin(0).amount - FEE)], 8n);
    await mempool.submit(immature);
    await mempool.submit(atTipOnly);
    expect(mempool.size).toBe(2);
    const template = await templateOf(chain, mempool);
    expect(template.transactions).toHaveLength(1);
    expect(mempool.size).toBe(0);
  });

  it("orders by arrival or by fee rate, parents first", async () => {
    const { chain, mempool } = await setup();
    const cheap = split([coin(0)], 1, FEE - 100_000n);
    const dearChild = split(coinsOf(cheap), 1, 9n * FEE);
    const middle = split([coin(1)], 1, 2n * FEE);
    const submitted: readonly Transaction[] = [middle, cheap, dearChild];
    for (const transaction of submitted) await mempool.submit(transaction);
    const ids = ({ transactions }: { transactions: readonly Transaction[] }) =>
      transactions.slice(1).map(idOf);
    expect(ids(await templateOf(chain, mempool))).toEqual([middle, cheap, dearChild].map(idOf));
    expect(ids(await templateOf(chain, mempool, "fee-rate"))).toEqual(
      [cheap, dearChild, middle].map(idOf),
    );
  });

  it("stops before the block's gas limit", async () => {
    const branches: Branch[] = main.slice();
    const chain = await soloChain({ params: { ...params, maxBlockGas: 500n } });
    await feed(chain, branches);
    const mempool = createMempool({ chain, clock: lateClock });
    for (let i = 0; i < 4; i++) await mempool.submit(split([coin(i)], 1));
    const template = await createBlockTemplate({
      params: chain.params,
      engine,
      mempool,
      clock: lateClock,
      runProgram: chain.signatures.readingRunner(),
      program: TRUE,
    });
    expect(template.transactions.length).toBeGreaterThan(1);
    expect(template.transactions.length).toBeLessThan(5);
    expect(mempool.size).toBe(4);
    await chain.processBlock(template);
    expect(chain.tip.height).toBe(9n);
  });

  it("refuses bytes that do not fit into the coinbase", async () => {
    const { mempool, chain } = await setup();
    await expect(
      createBlockTemplate({
        params,
        engine,
        mempool,
        clock: lateClock,
        runProgram: chain.signatures.readingRunner(),
        program: TRUE,
        extra: new Uint8Array(127),
      }),
    ).rejects.toThrow(RangeError);
  });
});
