import { type Transaction, transactionId } from "@bystack/butxo";
import { describe, expect, it } from "vitest";
import { type Chain, createMempool, type Mempool, medianTimeOf } from "../src/index.ts";
import {
  btmOutput,
  coinsOf,
  FEE,
  feed,
  lateClock,
  params,
  soloChain,
  spendOf,
  split,
  transactionOf,
} from "./kit.ts";
import { coin, coins, idOf, main, settled, setup, templateOf, tip } from "./mempool-kit.ts";

const payers = coins.slice(0, 3).map((payer) => split([payer], 1));

async function withBlockGas(maxBlockGas = params.maxBlockGas): Promise<[Chain, Mempool]> {
  const chain = await soloChain({ params: { ...params, maxBlockGas } });
  await feed(chain, main);
  return [chain, createMempool({ chain, clock: lateClock })];
}

describe("a block template", () => {
  it.each([
    ["fills the block's gas to the last unit", 0n, 2],
    ["stops at the first transaction that does not fit", -1n, 1],
  ])("%s", async (_, spare, packed) => {
    const [probe, pool] = await withBlockGas();
    for (const payer of payers) await pool.submit(payer);
    const gas = pool.entries().slice(0, 2);
    await probe.close();
    const [chain, mempool] = await withBlockGas(
      gas.reduce((sum, { gasUsed }) => sum + gasUsed, spare),
    );
    for (const payer of payers) await mempool.submit(payer);
    const { transactions } = await templateOf(chain, mempool);
    expect(transactions.slice(1).map(transactionId)).toEqual(
      payers.slice(0, packed).map(transactionId),
    );
  });

  it("is of now, or of the first second that a block may be of", async () => {
    const [chain, mempool] = await withBlockGas();
    const timestampAt = async (ms: bigint) =>
      (await templateOf(chain, mempool, { clock: { now: () => Number(ms) } })).header.timestamp;
    const first = medianTimeOf(chain.tip) + 1n;
    expect(await timestampAt(0n)).toBe(first);
    expect(await timestampAt((first + 100n) * 1000n + 999n)).toBe(first + 100n);
  });

  it("begins with the height and as many bytes as a coinbase takes", async () => {
    const [chain, mempool] = await withBlockGas();
    const { transactions } = await templateOf(chain, mempool, { extra: new Uint8Array(126) });
    expect(transactions[0]?.inputs[0]).toMatchObject({
      arbitrary: Uint8Array.of(0, 0x39, ...new Uint8Array(126)),
    });
    await expect(templateOf(chain, mempool, { extra: new Uint8Array(127) })).rejects.toThrow(
      RangeError,
    );
  });

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
    expect(ids(await templateOf(chain, mempool, { order: "fee-rate" }))).toEqual(
      [cheap, dearChild, middle].map(idOf),
    );
  });

  it("stops before the block's gas limit", async () => {
    const [chain, mempool] = await withBlockGas(500n);
    for (let i = 0; i < 4; i++) await mempool.submit(split([coin(i)], 1));
    const template = await templateOf(chain, mempool);
    expect(template.transactions.length).toBeGreaterThan(1);
    expect(template.transactions.length).toBeLessThan(5);
    expect(mempool.size).toBe(4);
    await chain.processBlock(template);
    expect(chain.tip.height).toBe(9n);
  });
});
