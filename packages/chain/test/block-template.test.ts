import { transactionId } from "@bystack/butxo";
import { describe, expect, it } from "vitest";
import {
  type Chain,
  createBlockTemplate,
  createMempool,
  type Mempool,
  medianTimeOf,
  type TemplateOptions,
} from "../src/index.ts";
import {
  engine,
  extendMany,
  feed,
  genesisBranch,
  last,
  lateClock,
  params,
  soloChain,
  spendable,
  split,
  TRUE,
} from "./kit.ts";

const main = extendMany(genesisBranch(), 8);
const payers = spendable(last(main))
  .slice(0, 3)
  .map((coin) => split([coin], 1));

async function setup(maxBlockGas = params.maxBlockGas): Promise<[Chain, Mempool]> {
  const chain = await soloChain({ params: { ...params, maxBlockGas } });
  await feed(chain, main);
  return [chain, createMempool({ chain, clock: lateClock })];
}

function templateOf(chain: Chain, mempool: Mempool, options: Partial<TemplateOptions> = {}) {
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

describe("a block template", () => {
  it.each([
    ["fills the block's gas to the last unit", 0n, 2],
    ["stops at the first transaction that does not fit", -1n, 1],
  ])("%s", async (_, spare, packed) => {
    const [probe, pool] = await setup();
    for (const payer of payers) await pool.submit(payer);
    const gas = pool.entries().slice(0, 2);
    await probe.close();
    const [chain, mempool] = await setup(gas.reduce((sum, { gasUsed }) => sum + gasUsed, spare));
    for (const payer of payers) await mempool.submit(payer);
    const { transactions } = await templateOf(chain, mempool);
    expect(transactions.slice(1).map(transactionId)).toEqual(
      payers.slice(0, packed).map(transactionId),
    );
  });

  it("is of now, or of the first second that a block may be of", async () => {
    const [chain, mempool] = await setup();
    const timestampAt = async (ms: bigint) =>
      (await templateOf(chain, mempool, { clock: { now: () => Number(ms) } })).header.timestamp;
    const first = medianTimeOf(chain.tip) + 1n;
    expect(await timestampAt(0n)).toBe(first);
    expect(await timestampAt((first + 100n) * 1000n + 999n)).toBe(first + 100n);
  });

  it("begins with the height and as many bytes as a coinbase takes", async () => {
    const [chain, mempool] = await setup();
    const { transactions } = await templateOf(chain, mempool, { extra: new Uint8Array(126) });
    expect(transactions[0]?.inputs[0]).toMatchObject({
      arbitrary: Uint8Array.of(0, 0x39, ...new Uint8Array(126)),
    });
    await expect(templateOf(chain, mempool, { extra: new Uint8Array(127) })).rejects.toThrow(
      RangeError,
    );
  });
});
